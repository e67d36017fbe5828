"""Keycloak behind a relay, which counts the token requests and knows every token."""

import itertools

from harness.network import free_port
from harness.place import plain
from harness.process import Failure
from harness.web import Agent
from providers.base import LIFETIME, Provider
from relay.exchange import Exchange
from relay.relay import Relay
from servers.base import PASSWORD, USER
from servers.keycloak import Keycloak as Server

_SECRET, _AUDIENCE = "secret-of-notes-app", "https://notes.example.com"
_SCOPES = ("notes:read", "notes:write")
_TOKENS = ("access_token", "refresh_token", "id_token")


class Keycloak(Provider):
    """One realm. Each deployment is a client of its own."""

    name = "keycloak"

    def __init__(self, server: Server):
        self.server = server
        self.relay = Relay()
        self._numbers = itertools.count(1)
        self._client = ""

    def start(self) -> None:
        """Starts Keycloak. Its issuer identifier is the address of the relay."""
        place = plain(free_port())
        self.server.launch(place)
        self.relay.upstream = place.port
        self.server.admin("PUT", "", {
            "accessTokenLifespan": LIFETIME, "revokeRefreshToken": True, "refreshTokenMaxReuse": 0,
        })
        for scope in _SCOPES:
            self.server.admin("POST", "/client-scopes", {
                "name": scope, "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"},
            })

    def stop(self) -> None:
        self.relay.close()
        self.server.stop()

    @property
    def issuer(self) -> str:
        return self.server.issuer(plain(self.relay.port))

    def environment(self, public_url, backchannel_url):
        self._client = identifier = f"notes-app-{next(self._numbers)}"
        self.server.admin("POST", "/clients", _client(identifier, public_url, backchannel_url))
        return {
            "OAUTH_ISSUER": self.issuer, "OAUTH_AUDIENCE": _AUDIENCE, "OAUTH_CLIENT_ID": identifier,
            "OAUTH_CLIENT_SECRET": _SECRET,
        }

    def log_in(self, browser):
        browser.wait(lambda: browser.by_id("kc-login") is not None, "login form of Keycloak")
        for identifier, text in (("username", USER), ("password", PASSWORD)):
            browser.session.post(f"element/{browser.by_id(identifier)}/value", text=text)
        browser.session.post(f"element/{browser.by_id('kc-login')}/click")

    def secrets(self):
        answers = [exchange.document for exchange in self.relay.exchanges if _asks_for_tokens(exchange)]
        return [answer[name] for answer in answers for name in _TOKENS if name in answer]

    def token_answers(self) -> list[dict]:
        """Returns the token responses with an access token, the oldest first."""
        answers = [exchange.document for exchange in self.relay.exchanges if _asks_for_tokens(exchange)]
        return [answer for answer in answers if "access_token" in answer]

    def refreshes(self) -> list[Exchange]:
        """Returns the requests with a refresh token, the oldest first."""
        return [exchange for exchange in self.relay.exchanges if is_refresh(exchange)]

    def log_out_user(self) -> None:
        """Ends the sessions of the user, as an administrator does."""
        found = self.server.admin("GET", f"/users?username={USER}&exact=true").json()
        if not found:
            raise Failure(f"Keycloak has no user `{USER}`")
        self.server.admin("POST", f"/users/{found[0]['id']}/logout")


    def present(self, refresh_token: str) -> int:
        """Sends a refresh token as the newest client. Returns the status of the answer."""
        return Agent().post_form(
            f"{self.issuer}/protocol/openid-connect/token",
            {"grant_type": "refresh_token", "refresh_token": refresh_token}, (self._client, _SECRET),
        ).status


def is_refresh(exchange: Exchange) -> bool:
    return _asks_for_tokens(exchange) and exchange.form.get("grant_type") == ["refresh_token"]


def _asks_for_tokens(exchange: Exchange) -> bool:
    return exchange.method == "POST" and exchange.path.endswith("/protocol/openid-connect/token")


def _client(identifier: str, public_url: str, backchannel_url: str) -> dict:
    """The settings at Keycloak of which the guide speaks."""
    return {
        "clientId": identifier, "secret": _SECRET, "protocol": "openid-connect", "publicClient": False,
        "standardFlowEnabled": True, "redirectUris": [f"{public_url}/callback"],
        # With a front-channel logout Keycloak sends no back-channel logout.
        "frontchannelLogout": False,
        "attributes": {
            "pkce.code.challenge.method": "S256",
            "backchannel.logout.url": backchannel_url,
            "backchannel.logout.session.required": "true",
            "post.logout.redirect.uris": f"{public_url}/",
        },
        "defaultClientScopes": ["basic", "profile", *_SCOPES],
        "protocolMappers": [{
            "name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
            "config": {
                "included.custom.audience": _AUDIENCE, "access.token.claim": "true", "id.token.claim": "false",
            },
        }],
    }
