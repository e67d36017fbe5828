"""Attempts of pages of other origins to use the session of the browser.

The relay changes the cookies of the application to `SameSite=None`, and the browser does not block cookies
of other sites. So each request carries the session cookie, and only the server can refuse it.
"""

from collections.abc import Iterator
from pathlib import Path

from app.deployment import Deployment
from observations.origins.attempt import ATTEMPTS, Scene
from relay.exchange import with_same_site_none
from relay.relay import Relay

ROWS = tuple(attempt.name for attempt in ATTEMPTS)

_PAGE = "/attempts"


def observe(deployment: Deployment, host: str) -> Iterator[tuple[str, str]]:
    """Makes each attempt from a page on a host. No host means the origin of the application."""
    deployment.relay.change_fields = with_same_site_none
    deployment.sign_in()
    deployment.page.add("buy milk")
    attacker = Relay() if host else deployment.relay
    attacker.pages[_PAGE] = (Path(__file__).parent / "attempts.html").read_text()
    address = f"http://{host or deployment.app.host}:{attacker.port}{_PAGE}"
    scene = Scene(deployment, address, deployment.session_cookie())
    try:
        for number, attempt in enumerate(ATTEMPTS):
            yield attempt.name, scene.run(number, attempt)
    finally:
        if host:
            attacker.close()
