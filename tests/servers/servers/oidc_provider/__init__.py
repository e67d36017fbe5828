"""oidc-provider, with the login pages that come with it."""

import json
from pathlib import Path

from harness import npm
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE
from harness.key_file import KeyFile
from harness.network import accepts_connections
from harness.process import Process
from servers import token_kinds
from servers.base import (
    API, BRIEF, BRIEF_SECONDS, OTHER, PASSWORD, REDIRECT_URI, RESOURCE_SERVER, USER, Client, Server,
)
from servers.token_kinds import CERTIFICATE, DPOP

_SOURCE = Path(__file__).parent
_SECRET = "secret-of-a-client"
# The client authenticates with a certificate, and its tokens are bound to it.
_CERTIFICATE = {
    "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=client",
    "tls_client_certificate_bound_access_tokens": True,
}
_ALGORITHMS = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
]


class OidcProvider(Server):
    name = "oidc-provider"
    version = "9.13.3"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH, DEVICE)
    issues_token_kinds = True

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
            **({"tls": self._tls_files()} if place.has_tls else {}),
        }))
        self.process = Process("node", "server.mjs", str(settings), folder=self.folder, log=self.log)
        self.process.wait_until(lambda: accepts_connections(place.port), self.start_seconds)

    def _tls_files(self):
        return {"certificate": str(self.authority.leaf), "clients": str(self.authority.file)}

    def client(self, flow, purpose):
        kind = token_kinds.of_purpose(purpose)
        # Without `resource` (RFC 8707) the access token is opaque, and no audience is known of it.
        resource = {} if kind.is_without_audience else {"resource": _audience(purpose)}
        secret = None if kind.binding == CERTIFICATE else _SECRET
        token = resource if flow == CLIENT_CREDENTIALS else {}
        return Client(_identifier(purpose), secret, authorization=resource, token=token)

    def introspection_settings(self):
        # The server answers no questions about JWTs.
        return {"mode": "opaque"}

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
    algorithms = [f"alg:{algorithm}" for algorithm in _ALGORITHMS]
    return [API, BRIEF, OTHER, RESOURCE_SERVER, *algorithms, *token_kinds.PURPOSES]


def _audience(purpose: str) -> str:
    return OTHER_AUDIENCE if purpose.startswith(OTHER) else AUDIENCE


def _identifier(purpose: str) -> str:
    return f"client-{purpose.replace(':', '-')}"


def _client(purpose: str) -> dict:
    kind = token_kinds.of_purpose(purpose)
    return {
        "registration": {
            "client_id": _identifier(purpose), "redirect_uris": [REDIRECT_URI],
            # The request for an answer decides if the answer is signed.
            **({"introspection_signed_response_alg": "RS256"} if purpose == RESOURCE_SERVER else {}),
            **({"dpop_bound_access_tokens": True} if kind.binding == DPOP else {}),
            **(_CERTIFICATE if kind.binding == CERTIFICATE else {"client_secret": _SECRET}),
        },
        "algorithm": purpose.removeprefix("alg:") if purpose.startswith("alg:") else "RS256",
        "seconds": BRIEF_SECONDS if purpose == BRIEF else 300,
        "format": "opaque" if kind.is_introspected else "jwt",
    }
