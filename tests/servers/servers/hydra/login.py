"""The application for login and consent that Hydra requires."""

import html
import http.server
import threading
from urllib.parse import parse_qs, urlsplit

from harness.network import free_port
from harness.web import Agent
from servers.base import PASSWORD, USER

_FORM = """<!DOCTYPE html><title>{title}</title><form method="post">
<input type="hidden" name="challenge" value="{challenge}">{fields}<button>Continue</button></form>"""
_FIELDS = {
    "login": '<input name="username"><input name="password" type="password">',
    "consent": "",
}


class LoginApplication:
    """Serves a form for the login and one for the consent, and tells Hydra the result."""

    def __init__(self, admin_port: int):
        handler = type("Handler", (_Handler,), {"admin": f"http://127.0.0.1:{admin_port}/admin/oauth2/auth/requests"})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def address(self, page: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{page}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    admin: str

    def do_GET(self):
        page = self._page()
        challenge = parse_qs(urlsplit(self.path).query)[f"{page}_challenge"][0]
        body = _FORM.format(title=page, challenge=html.escape(challenge), fields=_FIELDS[page]).encode()
        self._answer(200, body, {"content-type": "text/html"})

    def do_POST(self):
        content = self.rfile.read(int(self.headers["content-length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(content).items()}
        page, challenge = self._page(), fields["challenge"]
        if page == "login" and (fields.get("username"), fields.get("password")) != (USER, PASSWORD):
            self._answer(403, b"wrong user or password", {})
            return
        accepted = Agent().send_json("PUT", f"{self.admin}/{page}/accept?{page}_challenge={challenge}", (
            {"subject": USER} if page == "login" else self._consent(challenge)
        ))
        self._answer(302, b"", {"location": accepted.json()["redirect_to"]})

    def _consent(self, challenge: str) -> dict:
        request = Agent().get(f"{self.admin}/consent?consent_challenge={challenge}").json()
        return {
            "grant_scope": request["requested_scope"],
            "grant_access_token_audience": request["requested_access_token_audience"],
        }

    def _page(self) -> str:
        return urlsplit(self.path).path.strip("/")

    def _answer(self, status: int, body: bytes, headers: dict) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
