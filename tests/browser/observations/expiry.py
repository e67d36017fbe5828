"""Requests at the moment when the access token has expired, with refresh tokens for one use."""

from collections.abc import Iterator

from app.deployment import Deployment
from providers.keycloak import Keycloak, is_refresh

ROWS = (
    "six parallel requests", "refresh, request aborted", "refresh, page left", "session afterwards",
    "provider does not answer", "refresh token reused",
)

# Distinct addresses: the browser sends equal ones one after the other.
_SIX = """
const one = async number => (await fetch(`/api/notes?number=${number}`, {cache: 'no-store'})).status;
return Promise.all([1, 2, 3, 4, 5, 6].map(one));
"""
_ABORTABLE = """
window.controller = new AbortController();
fetch('/api/notes?number=7', {cache: 'no-store', signal: controller.signal}).catch(() => {});
"""


def observe(deployment: Deployment) -> Iterator[tuple[str, str]]:
    deployment.sign_in()
    deployment.page.add("buy milk")
    deployment.leave()
    yield "six parallel requests", _six(deployment)
    if not isinstance(deployment.provider, Keycloak):
        yield from ((row, "-") for row in ROWS[1:])
        return
    browser = deployment.browser
    yield ROWS[1], _interrupted(deployment, lambda: browser.start("controller.abort()"))
    yield ROWS[2], _interrupted(deployment, deployment.leave)
    yield "session afterwards", _six(deployment)
    yield "provider does not answer", _outage(deployment)
    yield "refresh token reused", _reuse(deployment)


def _six(deployment: Deployment) -> str:
    deployment.let_tokens_expire()
    before = _refreshes(deployment)
    statuses = deployment.browser.run(_SIX)
    counts = ", ".join(f"{statuses.count(status)} x {status}" for status in sorted(set(statuses)))
    if before is None:
        return counts
    return f"{counts}; {_refreshes(deployment) - before} refresh"


def _refreshes(deployment: Deployment) -> int | None:
    provider = deployment.provider
    return len(provider.refreshes()) if isinstance(provider, Keycloak) else None


def _interrupted(deployment: Deployment, interrupt) -> str:
    """Ends the request while the provider has rotated the token and its answer is under way."""
    provider, relay = deployment.provider, deployment.relay
    deployment.let_tokens_expire()
    before = _refreshes(deployment)
    held = provider.relay.hold(is_refresh)
    earlier = len(relay.exchanges)
    deployment.browser.start(_ABORTABLE)
    try:
        held.wait()
        interrupt()
        relay.wait(lambda one: one.is_aborted, "aborted request", earlier)
    finally:
        held.release()
    return f"next {deployment.read_notes(8)}; {_refreshes(deployment) - before} refresh"


def _outage(deployment: Deployment) -> str:
    """A provider that cannot be reached does not end a session."""
    relay = deployment.provider.relay
    deployment.let_tokens_expire()
    port, relay.upstream = relay.upstream, None
    try:
        during = deployment.read_notes(9)
    finally:
        relay.upstream = port
    deployment.browser.wait(lambda: deployment.read_notes(10) == "200", "answer 200 after the outage")
    return f"{during}, then 200"


def _reuse(deployment: Deployment) -> str:
    """Somebody else uses the refresh token of the session, so that the provider ends the session."""
    provider = deployment.provider
    spent = provider.token_answers()[-2]["refresh_token"]
    status = provider.present(spent)
    deployment.let_tokens_expire()
    return f"provider {status}, then {deployment.read_notes(11)}"
