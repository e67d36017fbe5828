"""Changes at the provider while a session lives."""

from collections.abc import Iterator

from app.deployment import Deployment
from chromium import cookies
from harness import jwt
from relay.exchange import Exchange

ROWS = (
    "sign in", "refresh", "new key, earlier session", "new key, new sign-in", "withdrawn key",
    "logout at the provider", "back-channel response",
)

_LOGOUT_SECONDS = 1.0


def observe(deployment: Deployment) -> Iterator[tuple[str, str]]:
    deployment.sign_in()
    yield "sign in", deployment.read_notes(1)
    deployment.leave()
    yield "refresh", _after_refresh(deployment, 2)
    old_key = _newest_key(deployment)
    deployment.provider.server.add_key()
    yield "new key, earlier session", _after_refresh(deployment, 3) + _change(deployment, old_key)
    cookies.clear(deployment.browser)
    deployment.sign_in()
    yield "new key, new sign-in", deployment.read_notes(4) + _change(deployment, old_key)
    deployment.leave()
    deployment.provider.server.withdraw_keys()
    yield "withdrawn key", _after_refresh(deployment, 5)
    yield "logout at the provider", _logout(deployment)
    yield "back-channel response", _backchannel_response(deployment)


def _after_refresh(deployment: Deployment, number: int) -> str:
    before = len(deployment.provider.refreshes())
    deployment.let_tokens_expire()
    answer = deployment.read_notes(number)
    return f"{answer}, {len(deployment.provider.refreshes()) - before} refresh"


def _newest_key(deployment: Deployment) -> str:
    return jwt.header(deployment.provider.token_answers()[-1]["access_token"])["kid"]


def _change(deployment: Deployment, old_key: str) -> str:
    return ", another key" if _newest_key(deployment) != old_key else ", the same key"


def _logout(deployment: Deployment) -> str:
    before = deployment.read_notes(6)
    deployment.provider.log_out_user()
    return f"{before}, then {deployment.read_notes(7)}"


def _backchannel_response(deployment: Deployment) -> str:
    """Keycloak waits for the response before its administrator learns that the session has ended."""
    answers = [_timed(one) for one in deployment.exchanges("/backchannel-logout", "POST")]
    return "; ".join(dict.fromkeys(answers)) or "no request"


def _timed(exchange: Exchange) -> str:
    limit = "within" if exchange.seconds < _LOGOUT_SECONDS else "after"
    cache = exchange.response.value("cache-control")
    return f"{exchange.status} {limit} {_LOGOUT_SECONDS:.0f} s, Cache-Control: {cache}"
