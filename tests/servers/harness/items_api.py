"""The API under test."""

import http.client
import json
import re
from dataclasses import dataclass
from pathlib import Path

from harness.network import free_port
from harness.process import Failure, Process

AUDIENCE = "https://api.example.com"
OTHER_AUDIENCE = "https://other.example.com"
READ, WRITE = "items:read", "items:write"

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Answer:
    """The status of a response and the code of its problem document."""

    status: int
    code: str

    def __str__(self) -> str:
        return f"{self.status} {self.code}".strip()


class ItemsApi:
    """A running `items-api` with a configuration file of its own."""

    def __init__(self, program: Path, folder: Path, name: str, settings: dict):
        self._port = free_port()
        configuration = folder / f"{name}.json"
        configuration.write_text(json.dumps(settings, indent=2))
        self.log = folder / f"{name}.log"
        self.log.unlink(missing_ok=True)
        self._process = Process(
            str(program), folder=folder, log=self.log, ITEMS_API_CONFIG=str(configuration),
            ITEMS_API_ADDR=f"127.0.0.1:{self._port}", RUST_LOG="axum_protected=debug,info", NO_COLOR="1",
        )

    def start(self) -> "ItemsApi":
        # The program listens before it reads its configuration, so that a connection shows nothing.
        self._process.wait_until(self._is_healthy, 20)
        return self

    def _is_healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
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

    def read(self, token: str) -> Answer:
        """Lists the items, which needs the scope `items:read`."""
        return self._send("GET", token)

    def write(self, token: str) -> Answer:
        """Creates an item, which needs the scope `items:write`."""
        return self._send("POST", token, b'{"name":"widget"}')

    def last_line(self) -> str:
        """Returns the newest line of the log that is about a token or keys, without any token."""
        lines = self.log.read_text(errors="replace").splitlines()
        relevant = [line for line in lines if "axum_protected" in line] or lines
        return _TOKEN.sub("[token]", relevant[-1].strip()) if relevant else ""

    def stop(self) -> None:
        self._process.stop(5)

    def _send(self, method: str, token: str, body: bytes | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request(method, "/api/items", body, {
                "authorization": f"Bearer {token}", "content-type": "application/json",
            })
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, type(error).__name__)
        finally:
            connection.close()
        return Answer(response.status, _code(content))


def _code(content: bytes) -> str:
    try:
        document = json.loads(content)
    except ValueError:
        return ""
    return document.get("code", "") if isinstance(document, dict) else ""
