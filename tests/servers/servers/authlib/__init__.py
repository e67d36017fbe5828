"""Authlib, in an application with Flask as its documentation builds one."""

import json
from pathlib import Path

from harness import pip
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE
from harness.key_file import KeyFile
from harness.network import accepts_connections
from harness.process import Process
from servers.base import API, BRIEF, BRIEF_SECONDS, OTHER, PASSWORD, REDIRECT_URI, USER, Client, Server

_SOURCE = Path(__file__).parent
_SECRET = "secret-of-a-client"
# The algorithms that joserfc recommends. The package passes no list of others to it.
_ALGORITHMS = ["RS256", "ES256"]


class Authlib(Server):
    name = "authlib"
    version = "1.9.10"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH, DEVICE)

    def __init__(self):
        super().__init__()
        self._interpreter: Path | None = None
        self._keys: KeyFile | None = None

    def install(self):
        self._interpreter = pip.install(_SOURCE, self.folder)

    def launch(self, place):
        self.place = place
        self._keys = self._keys or KeyFile(self.scratch / "keys.json", _ALGORITHMS)
        settings = self.scratch / "settings.json"
        settings.write_text(json.dumps({
            "issuer": self.issuer(place), "path": place.path, "port": place.port,
            "keys": str(self._keys.file), "user": USER, "password": PASSWORD,
            "clients": [_client(purpose) for purpose in _purposes()],
        }))
        self.process = Process(
            str(self._interpreter), str(_SOURCE / "application.py"), str(settings), folder=self.scratch,
            log=self.log, PYTHONPATH="", AUTHLIB_INSECURE_TRANSPORT="1",
        )
        self.process.wait_until(lambda: accepts_connections(place.port), self.start_seconds)

    def client(self, flow, purpose):
        # The application adds ID tokens to the authorization code grant only.
        return Client(_identifier(purpose), _SECRET, user_scopes="" if flow == DEVICE else "openid")

    def algorithms(self):
        return _ALGORITHMS

    def add_key(self):
        self._keys.add()

    def withdraw_keys(self):
        self._keys.withdraw()


def _purposes() -> list[str]:
    return [API, BRIEF, OTHER, *(f"alg:{algorithm}" for algorithm in _ALGORITHMS)]


def _identifier(purpose: str) -> str:
    return f"client-{purpose.replace(':', '-')}"


def _client(purpose: str) -> dict:
    return {
        "identifier": _identifier(purpose), "secret": _SECRET, "redirect": REDIRECT_URI,
        "audience": OTHER_AUDIENCE if purpose == OTHER else AUDIENCE,
        "algorithm": purpose.removeprefix("alg:") if purpose.startswith("alg:") else "RS256",
        "seconds": BRIEF_SECONDS if purpose == BRIEF else 300,
    }
