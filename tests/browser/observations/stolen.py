"""Copies of the session cookie, and responses that arrive late."""

from collections.abc import Iterator

from app import outside
from app.deployment import NOTES, Deployment
from providers.keycloak import is_refresh

ROWS = (
    "no cookie", "copied cookie", "changed cookie", "copied cookie, after sign-out",
    "refresh that ends after sign-out", "response that arrives after sign-out",
    "copied cookie, after logout at the provider", "copied cookie, after a restart",
    "copied cookie, after a restart with another key",
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
    deployment.sign_in()
    deployment.leave()
    cookie = deployment.session_cookie()
    deployment.app.start()
    yield "copied cookie, after a restart", outside.read_notes(deployment, cookie)
    yield "copied cookie, after a restart with another key", _new_key(deployment, cookie)


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
    """The provider has rotated the token, and the application learns it after the sign-out."""
    browser, late = deployment.browser, _Late(deployment)
    late.open_second_window()
    browser.switch_to(late.first)
    deployment.let_tokens_expire()
    held = deployment.provider.relay.hold(is_refresh)
    try:
        late.begin_read()
        held.wait()
        browser.switch_to(late.second)
        deployment.page.sign_out()
    finally:
        held.release()
    return late.outcome()


def _late_response(deployment: Deployment) -> str:
    """The application has renewed the session, and the browser learns it after the sign-out."""
    late = _Late(deployment)
    deployment.let_tokens_expire()
    held = deployment.relay.hold(lambda one: one.query.get("number") == ["late"])
    try:
        late.begin_read()
        held.wait()
        late.open_second_window()
        deployment.page.sign_out()
    finally:
        held.release()
    return late.outcome()


class _Late:
    """Two windows of a signed-in browser. A request of the first one waits until the second one has
    signed out.
    """

    def __init__(self, deployment: Deployment):
        self._deployment = deployment
        self._browser = deployment.browser
        deployment.sign_in()
        self._cookie = deployment.session_cookie()
        deployment.leave()
        self.first = self._browser.window
        self.second = ""

    def open_second_window(self) -> None:
        self.second = self._browser.new_window()
        self._deployment.page.open()
        self._deployment.page.wait_until_signed_in()

    def begin_read(self) -> None:
        self._browser.start(_READ, f"{NOTES}?number=late")

    def outcome(self) -> str:
        """Waits for the late request. Returns what the browser and the earlier cookie can read."""
        browser = self._browser
        browser.close_window()
        browser.switch_to(self.first)
        browser.wait(lambda: browser.run("return window.isSettled === true"), "end of the late request")
        late = self._deployment.read_notes(1)
        return f"browser {late}, copied cookie {outside.read_notes(self._deployment, self._cookie)}"


_READ = """
fetch(arguments[0], {cache: 'no-store'}).catch(() => {}).then(() => { window.isSettled = true; });
"""


def _new_key(deployment: Deployment, cookie: tuple[str, str]) -> str:
    if deployment.sessions != "sealed":
        return "-"
    deployment.start_again_with_new_key()
    return outside.read_notes(deployment, cookie)
