"""Copies of the session cookie, and responses that arrive late."""

from collections.abc import Callable, Iterator

from app import outside
from app.deployment import NOTES, Deployment
from providers.keycloak import is_refresh
from relay.exchange import Exchange
from relay.relay import Relay

ROWS = (
    "no cookie", "copied cookie", "changed cookie", "copied cookie, after sign-out",
    "refresh that ends after sign-out", "response that arrives after sign-out", "copied cookie, after logout at the provider",
    "copied cookie, after a new start",
)


def observe(deployment: Deployment) -> Iterator[tuple[str, str]]:
    deployment.sign_in()
    deployment.page.add("buy milk")
    cookie = deployment.session_cookie()
    yield "no cookie", outside.read_notes(deployment, None)
    yield "copied cookie", outside.read_notes(deployment, cookie)
    yield "changed cookie", _changed(deployment, cookie)
    deployment.page.sign_out()
    yield "copied cookie, after sign-out", outside.read_notes(deployment, cookie)
    yield "refresh that ends after sign-out", _late_refresh(deployment)
    yield "response that arrives after sign-out", _late_response(deployment)
    deployment.sign_in()
    cookie = deployment.session_cookie()
    deployment.provider.log_out_user()
    yield "copied cookie, after logout at the provider", outside.read_notes(deployment, cookie)
    yield "copied cookie, after a new start", _new_start(deployment)


def _changed(deployment: Deployment, cookie: tuple[str, str]) -> str:
    """Changes each of a few characters of the cookie."""
    name, value = cookie
    positions = range(0, len(value) - 1, max(1, len(value) // 16))
    answers = [
        outside.read_notes(deployment, (name, value[:at] + _other(value[at]) + value[at + 1:])) for at in positions
    ]
    return "; ".join(dict.fromkeys(answers))


def _other(character: str) -> str:
    return "B" if character == "A" else "A"


def _late_refresh(deployment: Deployment) -> str:
    """The provider has rotated the token, and its answer reaches the application after the sign-out."""
    return _late(deployment, deployment.provider.relay, is_refresh)


def _late_response(deployment: Deployment) -> str:
    """The application has answered with a renewed session, and the answer reaches the browser after the sign-out."""
    return _late(deployment, deployment.relay, lambda one: one.query.get("number") == ["late"])


def _late(deployment: Deployment, relay: Relay, fits: Callable[[Exchange], bool]) -> str:
    """Signs out in a second window while a request of the first one waits for its response."""
    browser = deployment.browser
    deployment.sign_in()
    cookie = deployment.session_cookie()
    deployment.leave()
    first = browser.window
    second = browser.new_window()
    deployment.page.open()
    deployment.page.wait_until_signed_in()
    browser.switch_to(first)
    deployment.let_tokens_expire()
    held = relay.hold(fits)
    browser.start(_READ, f"{NOTES}?number=late")
    try:
        held.wait()
        browser.switch_to(second)
        deployment.page.sign_out()
    finally:
        held.release()
    browser.close_window()
    browser.switch_to(first)
    browser.wait(lambda: browser.run("return window.isSettled === true"), "end of the late request")
    return f"browser {deployment.read_notes(1)}, copied cookie {outside.read_notes(deployment, cookie)}"


_READ = """
fetch(arguments[0], {cache: 'no-store'}).catch(() => {}).then(() => { window.isSettled = true; });
"""


def _new_start(deployment: Deployment) -> str:
    """The program starts again. Nothing configures its keys, so that it has new ones."""
    deployment.sign_in()
    cookie = deployment.session_cookie()
    deployment.app.start()
    return outside.read_notes(deployment, cookie)
