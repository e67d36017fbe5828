"""Obtains the tokens of each kind from a server with TLS, and presents them to an API behind a proxy with TLS."""

from dataclasses import replace

from flows import grant
from flows.grant import Grant
from harness import place
from harness.dpop import Key
from harness.items_api import BEARER, READ, WRITE, Answer, ItemsApi, Presentation
from servers.base import RESOURCE_SERVER
from servers.token_kinds import CERTIFICATE, DPOP, TokenKind

# An answer may be remembered for this long.
CACHE_SECONDS = 1


class BoundTokens:
    """The holder of tokens: its key, its certificate, and the APIs to which it talks."""

    def __init__(self, session):
        self._session = session
        self.key = Key()
        self.other_key = Key()
        self.certificate = session.authority.client("client")
        self.other_certificate = session.authority.client("other")
        self._apis: dict[str, ItemsApi] = {}
        self._grants: dict[tuple[str, str], Grant] = {}
        session.start_server(place.mutual_tls(session.server.tls_port))

    def right(self, kind: TokenKind) -> Presentation:
        """Returns the presentation that proves what a token of this kind demands."""
        if kind.binding == DPOP:
            return Presentation(DPOP, key=self.key)
        return replace(BEARER, certificate=self.certificate if kind.binding == CERTIFICATE else None)

    def grant(self, purpose: str, kind: TokenKind, scope: str = f"{READ} {WRITE}") -> Grant:
        """Returns a token of the client of a purpose, from an earlier request if there was one."""
        key = (purpose, scope)
        if key not in self._grants:
            self._grants[key] = self.new_grant(purpose, kind, scope)
        return self._grants[key]

    def new_grant(self, purpose: str, kind: TokenKind, scope: str = f"{READ} {WRITE}") -> Grant:
        """Asks for a token."""
        right = self.right(kind)
        return self._session.new_grant(
            self._session.main_flow, purpose, scope, key=right.key, certificate=right.certificate
        )

    def read(self, kind: TokenKind, presentation: Presentation) -> Answer:
        """Presents a token of this kind to the API for its kind."""
        return self.api(kind).read(self.grant(kind.purpose, kind).access, presentation)

    def api(self, kind: TokenKind, **introspection) -> ItemsApi:
        """Returns the API for tokens of this kind. `introspection` adds settings of the introspection."""
        words = [f"{name}-{value}" for name, value in introspection.items()]
        name = "-".join(["introspecting" if kind.is_introspected else "bound", *words]).lower()
        if name not in self._apis:
            settings = self._introspection(introspection) if kind.is_introspected else {}
            self._apis[name] = self._session.start_api_behind_proxy(name, {"dpop": {}}, settings)
        return self._apis[name]

    def _introspection(self, settings: dict) -> dict:
        client = self._session.server.client(self._session.main_flow, RESOURCE_SERVER)
        return {"introspection": {
            "client_id": client.identifier, "client_secret": client.secret, "cache_seconds": CACHE_SECONDS,
            **self._session.server.introspection_settings(), **settings,
        }}

    def introspect(self, token: str, media_type: str):
        """Asks the server about a token, as the API does."""
        session = self._session
        client = session.server.client(session.main_flow, RESOURCE_SERVER)
        return grant.send(
            session.agent(), session.metadata["introspection_endpoint"], client, {"token": token}, accept=media_type,
        )

    def revoke(self, kind: TokenKind, token: str) -> int:
        """Revokes a token (RFC 7009) and returns the status."""
        session = self._session
        client = session.server.client(session.main_flow, kind.purpose)
        agent = session.agent(self.right(kind).certificate)
        return grant.send(agent, session.metadata["revocation_endpoint"], client, {"token": token}).status

    def close(self) -> None:
        for api in self._apis.values():
            api.stop()
