"""The example server of zitadel/oidc."""

import json
import shutil
from pathlib import Path
from urllib.parse import urljoin

from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE
from harness.key_file import KeyFile
from harness.network import accepts_connections
from harness.process import Process, execute, require
from servers.base import API, BRIEF, BRIEF_SECONDS, OTHER, PASSWORD, REDIRECT_URI, USER, Client, Server

_SOURCE = Path(__file__).parent
_SECRET = "secret-of-a-client"
# The algorithms of go-jose, which signs.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class Zitadel(Server):
    name = "zitadel"
    version = "oidc 3.52.0"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH, DEVICE)

    def __init__(self):
        super().__init__()
        self._keys: KeyFile | None = None

    def install(self):
        require("go")
        for file in (*_SOURCE.glob("*.go"), *_SOURCE.glob("go.*")):
            shutil.copy(file, self.folder / file.name)
        execute(
            "go", "build", "-mod=readonly", "-o", "server", ".", folder=self.folder,
            log=self.folder / "install.log", GOTOOLCHAIN="local",
        )

    def launch(self, place):
        self.place = place
        self._keys = self._keys or KeyFile(self.scratch / "keys.json", ["RS256"], names_each_algorithm=True)
        settings = self.scratch / "settings.json"
        settings.write_text(json.dumps({
            "issuer": self.issuer(place), "path": place.path, "address": f"127.0.0.1:{place.port}",
            "keys": str(self._keys.file), "user": USER, "password": PASSWORD,
            "clients": {_identifier(purpose): _client(purpose) for purpose in (API, BRIEF, OTHER)},
        }))
        self.process = Process(str(self.folder / "server"), str(settings), folder=self.scratch, log=self.log)
        self.process.wait_until(lambda: accepts_connections(place.port), self.start_seconds)

    def issuer(self, place):
        # The example has an issuer with a slash at its end.
        return f"{place.base}/"

    def client(self, flow, purpose):
        # The algorithm does not depend on the client: the newest key determines it.
        known = API if purpose.startswith("alg:") else purpose
        return Client(_identifier(known), _SECRET, user_scopes="openid offline_access")

    def algorithms(self):
        return _ALGORITHMS

    def sign_with(self, algorithm):
        self._keys.add(algorithm)

    def add_key(self):
        self._keys.add()

    def withdraw_keys(self):
        self._keys.withdraw()

    def next_page(self, agent, page):
        # The page that asks for the consent to a device has a button with a script.
        target = "./confirm?action=allowed"
        return agent.get(urljoin(page.url, target)) if target in page.text else None


def _identifier(purpose: str) -> str:
    return f"client-{purpose}"


def _client(purpose: str) -> dict:
    return {
        "secret": _SECRET, "redirect": REDIRECT_URI,
        "audience": OTHER_AUDIENCE if purpose == OTHER else AUDIENCE,
        "seconds": BRIEF_SECONDS if purpose == BRIEF else 300,
    }
