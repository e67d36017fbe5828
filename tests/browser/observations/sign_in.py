"""Sign-ins that cross: two tabs, a callback of another browser, a cookie from before the sign-in."""

from collections.abc import Iterator
from urllib.parse import urlencode

from app import outside
from app.deployment import Deployment
from app.page import NotesPage
from chromium import cookies
from chromium.browser import Browser
from harness.process import Failure

ROWS = (
    "two tabs", "callback in another browser", "callback in its own browser", "callback used twice",
    "cookie from before the sign-in", "other site as return address",
)

_CALLBACK = "/callback"
_OTHER_SITES = (
    "//b.test/", "http://b.test/", "/\\b.test/", "\\\\b.test/", "/%5Cb.test/", "/%2Fb.test/", "/\t/b.test/",
    "/.//b.test/", "b.test/", "@b.test/", "javascript:alert(1)",
)


def observe(deployment: Deployment) -> Iterator[tuple[str, str]]:
    yield "two tabs", _two_tabs(deployment)
    cookies.clear(deployment.browser)
    callback = _unused_callback(deployment)
    yield "callback in another browser", _in_another_browser(deployment, callback)
    deployment.browser.open(callback)
    yield "callback in its own browser", deployment.read_notes(1)
    deployment.browser.open(callback)
    yield "callback used twice", _newest_callback(deployment)
    yield "cookie from before the sign-in", _fixation(deployment)
    yield "other site as return address", _return_addresses(deployment)


def _two_tabs(deployment: Deployment) -> str:
    """Both tabs are at the provider before the first one returns."""
    browser, page = deployment.browser, deployment.page
    windows = [browser.window, browser.new_window()]
    for window in windows:
        browser.switch_to(window)
        page.open()
        page.begin_sign_in()
        browser.wait(lambda: not browser.url.startswith(deployment.url), "page of the provider")
    answers = []
    for window in windows:
        browser.switch_to(window)
        deployment.provider.log_in(browser)
        page.wait_until_signed_in()
        answers.append(deployment.read_notes(len(answers)))
    browser.close_window()
    browser.switch_to(windows[0])
    return ", ".join(answers)


def _unused_callback(deployment: Deployment) -> str:
    """Returns the address of a callback that the application has not seen."""
    relay, browser = deployment.relay, deployment.browser
    relay.pages[_CALLBACK] = "<title>Callback</title>"
    try:
        deployment.page.open()
        deployment.page.begin_sign_in()
        deployment.provider.log_in(browser)
        browser.wait(lambda: browser.url.startswith(f"{deployment.url}{_CALLBACK}"), "callback")
    finally:
        del relay.pages[_CALLBACK]
    return browser.url


def _in_another_browser(deployment: Deployment, callback: str) -> str:
    """Somebody lures another browser to the callback, to sign it in as somebody else (login CSRF)."""
    other = Browser(deployment.driver.open_browser())
    try:
        other.open(callback)
        answer = _newest_callback(deployment)
        page = NotesPage(other, deployment.url)
        page.open()
        return f"{answer}, {page.state()}"
    finally:
        other.session.quit()


def _newest_callback(deployment: Deployment) -> str:
    answers = deployment.exchanges(_CALLBACK)
    if not answers:
        raise Failure("the application got no callback")
    return answers[-1].result


def _fixation(deployment: Deployment) -> str:
    """The browser has the cookie of an earlier session when the user signs in."""
    deployment.page.open()
    name, value = before = deployment.session_cookie()
    deployment.page.sign_out()
    deployment.browser.session.protocol(
        "Network.setCookie", name=name, value=value, url=deployment.url, secure=True, httpOnly=True, path="/",
    )
    deployment.sign_in()
    after = deployment.session_cookie()
    same = "the same cookie" if before == after else "another cookie"
    return f"{same}, the earlier one {outside.read_notes(deployment, before)}"


def _return_addresses(deployment: Deployment) -> str:
    """Signs in with return addresses that a browser could resolve to another site."""
    results = [_end_of_sign_in(deployment, address) for address in _OTHER_SITES]
    return "; ".join(dict.fromkeys(results))


def _end_of_sign_in(deployment: Deployment, address: str) -> str:
    browser = deployment.browser
    browser.open(f"{deployment.url}/login?{urlencode({'return_to': address})}")
    if browser.url.startswith("http://127.0.0.1"):
        deployment.provider.log_in(browser)
        browser.wait(lambda: not browser.url.startswith("http://127.0.0.1"), "end of the sign-in")
    is_own = browser.url.startswith(f"{deployment.url}/")
    return "own origin" if is_own else f"`{address}` leads to {browser.url}"
