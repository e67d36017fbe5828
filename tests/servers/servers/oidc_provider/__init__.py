"""oidc-provider, with the login pages that come with it."""

import json
from pathlib import Path

from harness import npm
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE
from harness.key_file import KeyFile
from harness.network import accepts_connections
from harness.process import Process
from servers.base import API, BRIEF, BRIEF_SECONDS, OTHER, PASSWORD, REDIRECT_URI, USER, Client, Server

_SOURCE = Path(__file__).parent
_SECRET = "secret-of-a-client"
_ALGORITHMS = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
]


class OidcProvider(Server):
    name = "oidc-provider"
    version = "9.13.3"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH, DEVICE)

    def __init__(self):
        super().__init__()
        self._keys: KeyFile | None = None

    def install(self):
        npm.install(_SOURCE, self.folder, ("server.mjs",))

    def launch(self, place):
        self.place = place
        self._keys = self._keys or KeyFile(
            self.scratch / "keys.json", ["RS256", "ES256", "ES384", "ES512", "EdDSA"]
        )
        settings = self.scratch / "settings.json"
        settings.write_text(json.dumps({
            "issuer": self.issuer(place), "path": place.path, "port": place.port,
            "keys": str(self._keys.file), "clients": [_client(purpose) for purpose in _purposes()],
        }))
        self.process = Process("node", "server.mjs", str(settings), folder=self.folder, log=self.log)
        self.process.wait_until(lambda: accepts_connections(place.port), self.start_seconds)

    def client(self, flow, purpose):
        # Without `resource` (RFC 8707) the access token is opaque.
        resource = {"resource": OTHER_AUDIENCE if purpose == OTHER else AUDIENCE}
        token = resource if flow == CLIENT_CREDENTIALS else {}
        return Client(_identifier(purpose), _SECRET, authorization=resource, token=token)

    def algorithms(self):
        return _ALGORITHMS

    def add_key(self):
        self._keys.add()
        self._restart()

    def withdraw_keys(self):
        self._keys.withdraw()
        self._restart()

    def _restart(self):
        """Lets the program read its keys anew. It reads them when it starts."""
        self.stop()
        self.launch(self.place)

    def login_values(self):
        return {"login": USER, "password": PASSWORD}


def _purposes() -> list[str]:
    return [API, BRIEF, OTHER, *(f"alg:{algorithm}" for algorithm in _ALGORITHMS)]


def _identifier(purpose: str) -> str:
    return f"client-{purpose.replace(':', '-')}"


def _client(purpose: str) -> dict:
    return {
        "client_id": _identifier(purpose), "client_secret": _SECRET, "redirect_uris": [REDIRECT_URI],
        "algorithm": purpose.removeprefix("alg:") if purpose.startswith("alg:") else "RS256",
        "seconds": BRIEF_SECONDS if purpose == BRIEF else 300,
    }
