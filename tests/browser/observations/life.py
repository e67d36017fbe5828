"""The life of a session as its user sees it."""

from collections.abc import Iterator

from app.deployment import BLANK, Deployment
from chromium import cookies
from providers.keycloak import Keycloak
from relay.message import Fields

ROWS = (
    "sign in", "create a note", "reload", "reload after expiry", "note after expiry", "sign out",
    "back button", "cookies after sign-out", "logout at the provider, back button", "the same, page restored",
)

_IS_RESTORED = "addEventListener('pageshow', event => { if (event.persisted) window.isRestored = true; });"


def observe(deployment: Deployment) -> Iterator[tuple[str, str]]:
    browser, page = deployment.browser, deployment.page
    browser.session.protocol("Page.addScriptToEvaluateOnNewDocument", source=_IS_RESTORED)
    deployment.sign_in()
    yield "sign in", f"{deployment.provider.name} on 127.0.0.1 returned to {deployment.app.host}"
    page.add("buy milk")
    yield "create a note", "shown"
    browser.reload()
    page.wait_for("buy milk")
    yield "reload", "shown"
    yield "reload after expiry", _reload_after_expiry(deployment)
    yield "note after expiry", _note_after_expiry(deployment)
    page.sign_out()
    yield "sign out", _state(deployment)
    yield "back button", _all_the_way_back(deployment)
    names = [cookie["name"] for cookie in cookies.of(browser, deployment.app.host)]
    yield "cookies after sign-out", ", ".join(names) or "none"
    yield "logout at the provider, back button", _logout_at_provider(deployment)
    deployment.relay.change_fields = _storable
    yield "the same, page restored", _logout_at_provider(deployment)


def _reload_after_expiry(deployment: Deployment) -> str:
    """Nobody clicks. The page must show the notes without another sign-in."""
    earlier = len(deployment.relay.exchanges)
    deployment.let_tokens_expire()
    deployment.browser.reload()
    deployment.page.wait_for("buy milk")
    sign_ins = [one for one in deployment.relay.exchanges[earlier:] if one.path == "/login"]
    return "shown after a sign-in" if sign_ins else "shown"


def _note_after_expiry(deployment: Deployment) -> str:
    """The user adds a note. The page must not navigate."""
    browser = deployment.browser
    browser.start("window.isSameDocument = true")
    deployment.let_tokens_expire()
    deployment.page.add("call the plumber")
    is_same = browser.run("return window.isSameDocument === true")
    return "shown in the same document" if is_same else "shown after a navigation"


def _state(deployment: Deployment) -> str:
    return f"Sign in is shown, API {deployment.read_notes()}"


def _all_the_way_back(deployment: Deployment) -> str:
    """Goes back through the whole history of the tab."""
    browser = deployment.browser
    history = browser.session.protocol("Page.getNavigationHistory")
    visited = [entry["url"] for entry in history["entries"][:history["currentIndex"]]]
    for url in reversed(visited):
        browser.back()
        if url.startswith(deployment.url) and deployment.page.state() == "signed in":
            return f"signed in at {url.removeprefix(deployment.url)}"
        if "milk" in browser.source:
            return f"the notes are shown at {url.removeprefix(deployment.url)}"
    return "nothing of the notes"


def _storable(fields: Fields) -> Fields:
    """Removes what keeps a browser from restoring a document with its state."""
    return [(name, value) for name, value in fields if name.lower() != "cache-control"]


def _logout_at_provider(deployment: Deployment) -> str:
    """The session ends while the page of the notes is in the cache of the browser."""
    browser = deployment.browser
    if not isinstance(deployment.provider, Keycloak):
        return "-"
    deployment.sign_in()
    deployment.page.wait_for("buy milk")
    browser.open(f"http://127.0.0.1:{deployment.relay.port}{BLANK}")
    deployment.provider.log_out_user()
    browser.back()
    state = deployment.page.state()
    restored = "restored document" if browser.run("return window.isRestored === true") else "new document"
    notes = "the notes are shown" if "milk" in browser.source else "nothing of the notes"
    return f"{restored}, {state}, {notes}"
