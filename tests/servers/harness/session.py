"""A running server: its address, its metadata, and the tokens that it issued."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flows import FLOWS
from flows.grant import Grant
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS
from harness.bound_tokens import BoundTokens
from harness.dpop import Key
from harness.items_api import AUDIENCE, READ, WRITE, ItemsApi, ItemsApiBehindProxy
from harness.place import Place
from harness.process import Failure
from harness.tls import TlsProxy
from harness.web import Agent
from servers.base import API, Client, Server

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


@dataclass(frozen=True)
class Request:
    """The input of a flow: the server, its endpoints, a client, and the scopes of the API."""

    server: Server
    endpoints: dict[str, str]
    client: Client
    scope: str
    agent: Callable[[], Agent]
    # Makes the proof of the token request, for a token that is bound to this key.
    key: Key | None = None


class Session:
    """Drives one server at one place after the other."""

    def __init__(self, server: Server, program):
        self.server = server
        self.authority = server.authority
        self.metadata: dict = {}
        self.api: ItemsApi | None = None
        self._program = program
        self._place: Place | None = None
        self._proxy: TlsProxy | None = None
        self._grants: dict = {}
        self._is_up = False
        self._apis: list[ItemsApi] = []
        self._bound_tokens: BoundTokens | None = None

    @property
    def main_flow(self) -> str:
        """The flow for checks that are about the server and not about a flow."""
        return CLIENT_CREDENTIALS if CLIENT_CREDENTIALS in self.server.flows else AUTHORIZATION_CODE

    @property
    def place(self) -> Place:
        if self._place is None:
            raise Failure("the server has not been started")
        return self._place

    def agent(self, certificate: Path | None = None) -> Agent:
        return Agent(self.authority.file, certificate)

    def bound_tokens(self) -> BoundTokens:
        """Returns the holder of bound tokens. The first call starts the server with TLS."""
        self._bound_tokens = self._bound_tokens or BoundTokens(self)
        return self._bound_tokens

    def start_server(self, place: Place) -> None:
        """Starts the server at a place, unless it serves that place already."""
        if self._place != place or not self._is_up:
            self._forget(place)
        if not (self._is_up and self.server.serves_any_host):
            self.stop_server()
            self._is_up = True
            self.server.launch(place)
        self._place = place
        self.metadata = self._read_metadata()

    def _forget(self, place: Place) -> None:
        self._grants.clear()
        if self._proxy:
            self._proxy.stop()
            self._proxy = None
        if place.is_behind_proxy:
            self._proxy = TlsProxy(place, self.authority)

    def _read_metadata(self) -> dict:
        response = self.agent().get(self.server.metadata_url(self.place))
        if response.status != 200:
            raise Failure(f"the metadata answered {response.status}")
        metadata = response.json()
        if metadata["issuer"] != self.server.issuer(self.place):
            raise Failure(f"the metadata are of `{metadata['issuer']}`")
        return metadata

    def stop_server(self) -> None:
        if self._is_up:
            self.server.stop()
            self._is_up = False

    def start_api(self, name: str, place: Place, **issuer_settings) -> ItemsApi:
        """Starts an API that trusts the server. `issuer_settings` are added to its issuer."""
        return self.new_api(name, place, **issuer_settings).start()

    def new_api(self, name: str, place: Place, **issuer_settings) -> ItemsApi:
        """Creates the process of an API, which may refuse its configuration."""
        api = ItemsApi(self._program, self.server.scratch, name, self._settings(place, issuer_settings))
        self._apis.append(api)
        return api

    def start_api_behind_proxy(self, name: str, settings: dict, issuer_settings: dict) -> ItemsApi:
        """Starts an API behind a proxy with TLS. It reaches the server at its present place."""
        trusted = {"ca_file": str(self.authority.file), **issuer_settings}
        api = ItemsApiBehindProxy(
            self._program, self.server.scratch, name, self._settings(self.place, trusted) | settings, self.authority,
        )
        self._apis.append(api)
        return api.start()

    def _settings(self, place: Place, issuer_settings: dict) -> dict:
        issuer = {"issuer": self.server.issuer(place), **self.server.issuer_settings(), **issuer_settings}
        return {"issuers": [issuer], "audiences": [AUDIENCE], "algorithms": ALGORITHMS, "leeway_seconds": 0}

    def last_line(self) -> str:
        """Returns the newest line of the log of the API that wrote last."""
        return max(self._apis, key=lambda api: api.log.stat().st_mtime).last_line() if self._apis else ""

    def grant(self, flow: str, purpose: str = API, scope: str = f"{READ} {WRITE}") -> Grant:
        """Returns the tokens of a flow, from an earlier request if there was one."""
        key = (flow, purpose, scope)
        if key not in self._grants:
            self._grants[key] = self.new_grant(*key)
        return self._grants[key]

    def new_grant(
        self, flow: str, purpose: str = API, scope: str = f"{READ} {WRITE}", key: Key | None = None,
        certificate: Path | None = None,
    ) -> Grant:
        """Runs a flow. The client authenticates with a certificate, if one is given."""
        endpoints = {
            name: self.server.endpoint(purpose, value)
            for name, value in self.metadata.items() if name.endswith("_endpoint")
        }
        return FLOWS[flow](Request(
            self.server, endpoints, self.server.client(flow, purpose), scope, lambda: self.agent(certificate), key,
        ))

    def new_token(self, purpose: str = API) -> str:
        """Returns a new access token of the main flow."""
        return self.new_grant(self.main_flow, purpose).access

    def close(self) -> None:
        if self._bound_tokens:
            self._bound_tokens.close()
        if self.api:
            self.api.stop()
        self.stop_server()
        if self._proxy:
            self._proxy.stop()
