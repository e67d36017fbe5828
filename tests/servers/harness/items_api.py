"""The API under test."""

import http.client
import json
import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from harness.dpop import Key
from harness.network import free_port
from harness.place import Place
from harness.process import Failure, Process
from harness.tls import CertificateAuthority, TlsProxy

AUDIENCE = "https://api.example.com"
OTHER_AUDIENCE = "https://other.example.com"
READ, WRITE = "items:read", "items:write"

_ITEMS = "/api/items"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Answer:
    """The status of a response and the code of its problem document."""

    status: int
    code: str

    def __str__(self) -> str:
        return f"{self.status} {self.code}".strip()


@dataclass(frozen=True)
class Presentation:
    """The way in which a request presents its token: scheme, proof of a key, certificate of the client."""

    scheme: str = "Bearer"
    # Makes a proof for the request. `proof` is a finished one.
    key: Key | None = None
    proof: str | None = None
    certificate: Path | None = None

    def headers(self, method: str, url: str, token: str) -> dict[str, str]:
        proof = self.proof or (self.key.proof(method, url, token) if self.key else None)
        return {"authorization": f"{self.scheme} {token}"} | ({"DPoP": proof} if proof else {})


BEARER = Presentation()


class ItemsApi:
    """A running `items-api` with a configuration file of its own, at a plain address on loopback."""

    def __init__(self, program: Path, folder: Path, name: str, settings: dict):
        self.port = free_port()
        configuration = folder / f"{name}.json"
        configuration.write_text(json.dumps(settings, indent=2))
        self.log = folder / f"{name}.log"
        self.log.unlink(missing_ok=True)
        self._process = Process(
            str(program), folder=folder, log=self.log, ITEMS_API_CONFIG=str(configuration),
            ITEMS_API_ADDR=f"127.0.0.1:{self.port}", RUST_LOG="axum_protected=debug,info", NO_COLOR="1",
        )

    def start(self) -> "ItemsApi":
        # The program listens before it reads its configuration, so that a connection shows nothing.
        self._process.wait_until(self._is_healthy, 20)
        return self

    def _is_healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def starts(self) -> bool:
        """Tells if the program accepts its configuration."""
        try:
            self.start()
        except Failure:
            return False
        return True

    @property
    def items_url(self) -> str:
        """The address of the items."""
        return f"http://127.0.0.1:{self.port}{_ITEMS}"

    def read(self, token: str, presentation: Presentation = BEARER) -> Answer:
        """Lists the items, which needs the scope `items:read`."""
        return self._send("GET", token, presentation)

    def write(self, token: str, presentation: Presentation = BEARER) -> Answer:
        """Creates an item, which needs the scope `items:write`."""
        return self._send("POST", token, presentation, b'{"name":"widget"}')

    def last_line(self) -> str:
        """Returns the newest line of the log that is about a token or keys, without any token."""
        lines = self.log.read_text(errors="replace").splitlines()
        relevant = [line for line in lines if "axum_protected" in line] or lines
        return _TOKEN.sub("[token]", relevant[-1].strip()) if relevant else ""

    def stop(self) -> None:
        self._process.stop(5)

    def connect(self, certificate: Path | None) -> http.client.HTTPConnection:
        """Opens a connection. There is no TLS, and so nobody asks for the certificate of the client."""
        del certificate
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def _send(self, method: str, token: str, presentation: Presentation, body: bytes | None = None) -> Answer:
        headers = presentation.headers(method, self.items_url, token) | {"content-type": "application/json"}
        connection = self.connect(presentation.certificate)
        try:
            connection.request(method, _ITEMS, body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, type(error).__name__)
        finally:
            connection.close()
        return Answer(response.status, _code(content))


class ItemsApiBehindProxy(ItemsApi):
    """An `items-api` behind a proxy, which terminates TLS and passes the certificates of clients on."""

    def __init__(self, program: Path, folder: Path, name: str, settings: dict, authority: CertificateAuthority):
        self._authority = authority
        self._public_port = free_port()
        super().__init__(program, folder, name, settings | {
            "public_url": f"https://localhost:{self._public_port}", "trusted_proxies": ["127.0.0.1"],
            "client_certificate_header": {"format": "rfc9440"},
        })
        self._proxy = TlsProxy(Place("https", "localhost", self._public_port, self.port), authority)

    @property
    def items_url(self) -> str:
        return f"https://localhost:{self._public_port}{_ITEMS}"

    def connect(self, certificate: Path | None) -> http.client.HTTPConnection:
        context = ssl.create_default_context(cafile=self._authority.file)
        if certificate:
            context.load_cert_chain(certificate)
        return http.client.HTTPSConnection("localhost", self._public_port, timeout=20, context=context)

    def stop(self) -> None:
        super().stop()
        self._proxy.stop()


def _code(content: bytes) -> str:
    try:
        document = json.loads(content)
    except ValueError:
        return ""
    return document.get("code", "") if isinstance(document, dict) else ""
