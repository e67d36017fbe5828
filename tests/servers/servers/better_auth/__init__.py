"""Better Auth, in an application with login pages of its own."""

import json
from pathlib import Path

from harness import npm
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE
from harness.key_file import KeyFile
from harness.network import SERVICE_NAME, accepts_connections
from harness.process import Process
from servers.base import BRIEF, BRIEF_SECONDS, OTHER, PASSWORD, REDIRECT_URI, USER, Client, Server

_SOURCE = Path(__file__).parent
_EMAIL = f"{USER}@example.com"


class BetterAuth(Server):
    name = "better-auth"
    version = "1.7.5"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH, DEVICE)

    def __init__(self):
        super().__init__()
        self._algorithm = "EdDSA"
        self._keys: KeyFile | None = None
        self._credentials = self.scratch / "credentials.json"

    def install(self):
        npm.install(_SOURCE, self.folder, ("server.mjs", "pages.mjs"), "--legacy-peer-deps")

    def launch(self, place):
        if place.host == SERVICE_NAME:
            # The package writes `https` into its issuer for each host that is not loopback.
            raise NotImplementedError
        self.place = place
        self._keys = self._keys or KeyFile(
            self.scratch / "keys.json", [self._algorithm], names_each_algorithm=True
        )
        self._credentials.unlink(missing_ok=True)
        settings = self.scratch / "settings.json"
        settings.write_text(json.dumps({
            "origin": place.origin, "path": _path(place), "port": place.port, "keys": str(self._keys.file),
            "algorithm": self._algorithm, "credentials": str(self._credentials), "redirect": REDIRECT_URI,
            "audiences": [AUDIENCE, OTHER_AUDIENCE], "briefSeconds": BRIEF_SECONDS,
            "user": _EMAIL, "password": PASSWORD,
        }))
        self.process = Process("node", "server.mjs", str(settings), folder=self.folder, log=self.log)
        self.process.wait_until(
            lambda: accepts_connections(place.port) and self._credentials.exists(), self.start_seconds
        )

    def issuer(self, place):
        return place.origin + _path(place)

    def client(self, flow, purpose):
        # Without `resource` (RFC 8707) the access token is opaque. The scope `brief` has a short lifetime.
        identifier, secret = json.loads(self._credentials.read_text())
        resource = {"resource": OTHER_AUDIENCE if purpose == OTHER else AUDIENCE}
        brief = "brief" if purpose == BRIEF else ""
        return Client(
            identifier, secret, authorization=resource, token=resource, machine_scopes=brief,
            user_scopes=f"openid offline_access {brief}".strip(),
        )

    def algorithms(self):
        # The type `JWSAlgorithms` of the package.
        return ["EdDSA", "ES256", "ES512", "PS256", "RS256"]

    def sign_with(self, algorithm):
        """Restarts the program, because the algorithm is one of its settings."""
        self._algorithm = algorithm
        self._keys.add(algorithm)
        self.stop()
        self.launch(self.place)

    def add_key(self):
        self._keys.add(self._algorithm)

    def withdraw_keys(self):
        self._keys.withdraw()

    def login_values(self):
        return {"username": _EMAIL, "password": PASSWORD}


def _path(place) -> str:
    return place.path or "/api/auth"
