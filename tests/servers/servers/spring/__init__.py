"""Spring Authorization Server, in an application as its documentation builds one."""

import json
import shutil
from pathlib import Path

from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE
from harness.key_file import KeyFile
from harness.network import accepts_connections
from harness.process import Process, execute, require
from servers import token_kinds
from servers.base import (
    API, BRIEF, BRIEF_SECONDS, OTHER, PASSWORD, REDIRECT_URI, RESOURCE_SERVER, USER, Client, Server,
)
from servers.token_kinds import CERTIFICATE

_SOURCE = Path(__file__).parent
# The algorithms that Spring Security's `SignatureAlgorithm` has.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


class Spring(Server):
    name = "spring"
    version = "7.0.6"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH, DEVICE)
    issues_token_kinds = True

    def __init__(self):
        super().__init__()
        self._archive = self.folder / "target" / "server.jar"
        self._keys: KeyFile | None = None

    def install(self):
        require("java", "mvn")
        sources = ["pom.xml", *(str(file.relative_to(_SOURCE)) for file in _SOURCE.glob("src/**/*.*"))]
        if not self._is_current(sources):
            shutil.rmtree(self.folder / "src", ignore_errors=True)
            for name in sources:
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(_SOURCE / name, self.folder / name)
            execute(
                "mvn", "--batch-mode", "--quiet", f"-Dmaven.repo.local={self.folder / 'repository'}",
                "clean", "package", folder=self.folder, log=self.folder / "install.log",
            )

    def _is_current(self, sources):
        return self._archive.exists() and all(
            (self.folder / name).exists() and (self.folder / name).read_bytes() == (_SOURCE / name).read_bytes()
            for name in sources
        )

    def launch(self, place):
        self.place = place
        self._keys = self._keys or KeyFile(self.scratch / "keys.json", ["RS256", "ES256", "ES384", "ES512"])
        settings = self.scratch / "settings.yml"
        settings.write_text(json.dumps({
            "server": {
                "port": place.port, "servlet": {"context-path": place.path or "/"},
                **({"ssl": self._tls_settings()} if place.has_tls else {}),
            },
            "issuer": self.issuer(place), "keys": str(self._keys.file), "user": USER, "password": PASSWORD,
            "registered": {"clients": [_client(purpose) for purpose in _purposes()]},
        }))
        self.process = Process(
            "java", "-Xmx256m", "-XX:TieredStopAtLevel=1", "-jar", str(self._archive),
            f"--spring.config.additional-location={settings}", folder=self.scratch, log=self.log,
        )
        self.process.wait_until(lambda: accepts_connections(place.port), self.start_seconds)

    def _tls_settings(self):
        return {
            "certificate": str(self.authority.leaf), "certificate-private-key": str(self.authority.leaf),
            "trust-certificate": str(self.authority.file), "client-auth": "want",
        }

    def client(self, flow, purpose):
        kind = token_kinds.of_purpose(purpose)
        if kind.is_without_audience:
            raise NotImplementedError
        # The device endpoint refuses `openid`.
        user_scopes = "" if flow == DEVICE else "openid"
        has_secret = kind.binding != CERTIFICATE
        return Client(_identifier(purpose), _secret(purpose) if has_secret else None, user_scopes=user_scopes)

    def introspection_settings(self):
        return {"mode": "only"}

    def algorithms(self):
        return _ALGORITHMS

    def add_key(self):
        self._keys.add()

    def withdraw_keys(self):
        self._keys.withdraw()


def _purposes() -> list[str]:
    algorithms = [f"alg:{algorithm}" for algorithm in _ALGORITHMS]
    return [API, BRIEF, OTHER, RESOURCE_SERVER, *algorithms, *token_kinds.PURPOSES]


def _identifier(purpose: str) -> str:
    return f"client-{purpose.replace(':', '-')}"


def _secret(purpose: str) -> str:
    # The registry of clients refuses two clients with the same secret.
    return f"secret-of-{_identifier(purpose)}"


def _client(purpose: str) -> dict:
    kind = token_kinds.of_purpose(purpose)
    return {
        "id": _identifier(purpose), "secret": _secret(purpose), "redirect": REDIRECT_URI,
        "audience": OTHER_AUDIENCE if purpose.startswith(OTHER) else AUDIENCE,
        # A proof in the request for a token is all that a token bound to a key needs.
        "opaque": kind.is_introspected, **({"subject": "CN=client"} if kind.binding == CERTIFICATE else {}),
        "algorithm": purpose.removeprefix("alg:") if purpose.startswith("alg:") else "RS256",
        "seconds": BRIEF_SECONDS if purpose == BRIEF else 300,
    }
