"""An HTTP client with cookies. It does not follow redirects."""

import http.cookiejar
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from pathlib import Path

_TIMEOUT = 30


class Response:
    """Status, headers and body of an answer."""

    def __init__(self, url: str, answer):
        self.url = url
        self.status: int = answer.status
        self.headers = answer.headers
        self.body: bytes = answer.read()

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def location(self) -> str | None:
        """The absolute address of a redirect."""
        target = self.headers.get("location")
        return urllib.parse.urljoin(self.url, target) if target and 300 <= self.status < 400 else None

    def json(self):
        return json.loads(self.body)


class Agent:
    """Sends requests. Cookies stay until the agent is dropped."""

    def __init__(self, certificate_authority: Path | None = None, certificate: Path | None = None):
        # Browsers treat loopback as secure and send `Secure` cookies there over plain http.
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(policy))
        context = ssl.create_default_context(cafile=certificate_authority)
        if certificate:
            context.load_cert_chain(certificate)
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context),
            _HostOnly, cookies, _NoRedirect,
        )

    def get(self, url: str, **headers: str) -> Response:
        return self.send("GET", url, headers=headers)

    def post_form(self, url: str, fields: dict, basic: tuple[str, str] | None = None, **headers: str) -> Response:
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        authorization = {"authorization": basic_credentials(*basic)} if basic else {}
        return self.send(
            "POST", url, body,
            {"content-type": "application/x-www-form-urlencoded"} | authorization | headers,
        )

    def send_json(self, method: str, url: str, document, **headers: str) -> Response:
        body = json.dumps(document).encode()
        return self.send(method, url, body, {"content-type": "application/json"} | headers)

    def send(self, method: str, url: str, body: bytes | None = None, headers: dict | None = None) -> Response:
        request = urllib.request.Request(url, body, headers or {}, method=method)
        try:
            return Response(url, self._opener.open(request, timeout=_TIMEOUT))
        except urllib.error.HTTPError as error:
            return Response(url, error)


def basic_credentials(identifier: str, secret: str) -> str:
    """Returns the credentials of a client (RFC 6749 section 2.3.1)."""
    pair = ":".join(urllib.parse.quote_plus(part) for part in (identifier, secret))
    return f"Basic {b64encode(pair.encode()).decode()}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class _HostOnly(urllib.request.BaseHandler):
    """Ignores the attribute `Domain` of cookies. The cookie jar refuses it for addresses and if it is
    empty, unlike a browser (RFC 6265 sections 5.2.3 and 5.3), and here each server has one host.
    """

    # Before the handler of cookies.
    handler_order = 400

    def https_response(self, _, response):
        cookies = response.headers.get_all("set-cookie", [])
        del response.headers["set-cookie"]
        for cookie in cookies:
            parts = [part for part in cookie.split(";") if not part.strip().lower().startswith("domain=")]
            response.headers["set-cookie"] = ";".join(parts)
        return response

    http_response = https_response
