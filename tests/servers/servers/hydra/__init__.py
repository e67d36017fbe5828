"""Ory Hydra. It leaves login and consent to an application, which is in `login.py`."""

import json
import shutil
from pathlib import Path

from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE, READ, WRITE
from harness.network import accepts_connections, free_port
from harness.process import Failure, Process, execute, require
from harness.web import Agent, Response
from servers.base import BRIEF, BRIEF_SECONDS, OTHER, REDIRECT_URI, Client, Server
from servers.hydra.login import LoginApplication

_SOURCE = Path(__file__).parent
_SECRET = "secret-of-a-client"
_KEY_SET = "hydra.jwt.access-token"


class Hydra(Server):
    name = "hydra"
    version = "2.3.0"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH)

    def __init__(self):
        super().__init__()
        self._program = self.folder / "hydra"
        self._login: LoginApplication | None = None
        self._admin_port = free_port()
        self._clients: set[str] = set()

    def install(self):
        require("go", "gcc")
        sums = self.folder / "go.sum"
        is_current = sums.exists() and sums.read_bytes() == (_SOURCE / "go.sum").read_bytes()
        if is_current and self._program.exists():
            return
        for name in ("go.mod", "go.sum", "tools.go"):
            shutil.copy(_SOURCE / name, self.folder / name)
        execute(
            "go", "build", "-mod=readonly", "-tags", "sqlite,json1", "-o", "hydra", "github.com/ory/hydra/v2",
            folder=self.folder, log=self.folder / "install.log", GOTOOLCHAIN="local",
        )

    def launch(self, place):
        if place.path:
            raise NotImplementedError
        is_first = self.place is None
        self.place = place
        self._login = LoginApplication(self._admin_port)
        settings = self.scratch / "hydra.json"
        settings.write_text(json.dumps(self._settings(place)))
        if is_first:
            (self.scratch / "hydra.sqlite").unlink(missing_ok=True)
            execute(
                str(self._program), "migrate", "sql", "up", "--yes", "--read-from-env", "--config", str(settings),
                folder=self.scratch, log=self.log, DSN=self._database(),
            )
        self.process = Process(
            str(self._program), "serve", "all", "--dev", "--sqa-opt-out", "--config", str(settings),
            folder=self.scratch, log=self.log,
        )
        self.process.wait_until(
            lambda: accepts_connections(place.port) and accepts_connections(self._admin_port), self.start_seconds
        )

    def stop(self):
        super().stop()
        if self._login:
            self._login.stop()

    def _database(self) -> str:
        return f"sqlite://{self.scratch / 'hydra.sqlite'}?_fk=true"

    def _settings(self, place) -> dict:
        return {
            "dsn": self._database(),
            "serve": {
                "public": {"host": "127.0.0.1", "port": place.port},
                "admin": {"host": "127.0.0.1", "port": self._admin_port},
            },
            "urls": {
                "self": {"issuer": place.base, "public": place.base},
                "login": self._login.address("login"), "consent": self._login.address("consent"),
            },
            "secrets": {"system": ["a-secret-of-the-tests"]},
            "strategies": {"access_token": "jwt"},
            "webfinger": {"jwks": {"broadcast_keys": ["hydra.openid.id-token", _KEY_SET]}},
        }

    def client(self, flow, purpose):
        # The newest key determines the algorithm.
        known = "api" if purpose.startswith("alg:") else purpose
        if known not in self._clients:
            self._admin("POST", "/clients", _client(known))
            self._clients.add(known)
        # Without `audience` the token has an empty list of audiences.
        audience = {"audience": OTHER_AUDIENCE if purpose == OTHER else AUDIENCE}
        return Client(
            f"client-{known}", _SECRET, authorization=audience,
            token=audience if flow == CLIENT_CREDENTIALS else {}, user_scopes="openid offline_access",
        )

    def algorithms(self):
        return ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

    def sign_with(self, algorithm):
        self._admin("POST", f"/keys/{_KEY_SET}", {"alg": algorithm, "use": "sig", "kid": ""})

    def add_key(self):
        self.sign_with("RS256")

    def withdraw_keys(self):
        for key in self._admin("GET", f"/keys/{_KEY_SET}").json()["keys"][1:]:
            self._admin("DELETE", f"/keys/{_KEY_SET}/{key['kid']}")

    def _admin(self, method, path, document=None) -> Response:
        url = f"http://127.0.0.1:{self._admin_port}/admin{path}"
        response = Agent().send_json(method, url, document)
        if response.status >= 300:
            raise Failure(f"the admin API answered {response.status} to {method} {path}: {response.text[:300]}")
        return response


def _client(purpose: str) -> dict:
    grants = ("authorization_code_grant", "client_credentials_grant", "refresh_token_grant")
    lifetimes = {f"{grant}_access_token_lifespan": f"{BRIEF_SECONDS}s" for grant in grants}
    return {
        "client_id": f"client-{purpose}", "client_secret": _SECRET, "redirect_uris": [REDIRECT_URI],
        "grant_types": ["client_credentials", "authorization_code", "refresh_token"],
        "response_types": ["code"], "scope": f"openid offline_access {READ} {WRITE}",
        "audience": [AUDIENCE, OTHER_AUDIENCE], **(lifetimes if purpose == BRIEF else {}),
    }
