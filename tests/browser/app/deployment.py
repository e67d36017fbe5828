"""An application, its provider and a browser."""

import time
from pathlib import Path
from secrets import token_urlsafe

from app.notes_app import NotesApp
from app.page import NotesPage
from chromium.browser import Browser
from chromium.driver import Driver
from harness.process import Failure
from providers.base import LIFETIME, Provider
from relay.exchange import Exchange

# A page of the origin of the application, which the relay serves. It sends no request by itself.
BLANK = "/blank-page-of-the-test"
NOTES, CHANGES, PRINT, LOGOUT = "/api/notes", "/api/changes", "/print", "/logout"


class Deployment:
    """A running notes-app, and one signed-out browser."""

    def __init__(
        self, provider: Provider, program: Path, driver: Driver, folder: Path, host: str, sessions: str,
    ):
        self.provider = provider
        self.driver = driver
        self.app = NotesApp(program, folder, host)
        self.relay = self.app.relay
        self.relay.pages[BLANK] = "<!doctype html><title>Blank</title>"
        self.url = self.app.public_url
        self.sessions = sessions
        self.browser = Browser(driver.open_browser())
        self.page = NotesPage(self.browser, self.url)

    def start(self) -> None:
        backchannel_url = f"http://127.0.0.1:{self.relay.port}/backchannel-logout"
        self.app.start(**self.provider.environment(self.url, backchannel_url), **self._place_of_sessions())

    def start_again_with_new_key(self) -> None:
        """Starts the application again. Its sealed sessions have another key."""
        self.app.start(**self._place_of_sessions())

    def _place_of_sessions(self) -> dict[str, str]:
        if self.sessions != "sealed":
            return {}
        return {"NOTES_APP_SESSIONS": "sealed", "NOTES_APP_SEALING_KEY": token_urlsafe(32)}

    def sign_in(self) -> None:
        """Opens the page and signs the user in."""
        self.page.open()
        self.page.begin_sign_in()
        self.provider.log_in(self.browser)
        self.page.wait_until_signed_in()

    def session(self) -> dict:
        """Returns what the application says of the session to its page."""
        return self.browser.run("return await (await fetch('/session', {cache: 'no-store'})).json()")

    def read_notes(self, number: int = 0) -> str:
        """Lists the notes by a script of the page. Returns the status and the code of the response."""
        return self.browser.run(_READ, f"{NOTES}?number={number}")

    def leave(self) -> None:
        """Opens a page that sends no request, so that only scripts of the test use the session."""
        self.browser.open(f"{self.url}{BLANK}")

    def let_tokens_expire(self) -> None:
        """Waits until every access token that exists now has expired. Its lifetime is known."""
        time.sleep(LIFETIME)

    def session_cookie(self) -> tuple[str, str]:
        """Returns the name and the value of the cookie that names or contains the session."""
        cookies = self.browser.session.protocol("Network.getAllCookies")["cookies"]
        found = [cookie for cookie in cookies if self._is_session(cookie)]
        if len(found) != 1:
            raise Failure(f"the browser has {len(found)} session cookies")
        return found[0]["name"], found[0]["value"]

    def _is_session(self, cookie: dict) -> bool:
        is_login = cookie["name"].startswith("__Host-login")
        return cookie["domain"] == self.app.host and cookie["name"].startswith("__Host-") and not is_login

    def exchanges(self, path: str, method: str = "GET") -> list[Exchange]:
        return [one for one in self.relay.exchanges if one.path == path and one.method == method]

    def close(self) -> None:
        self.browser.session.quit()
        self.app.close()


_READ = """
const response = await fetch(parameters[0], {cache: 'no-store'});
const text = await response.text();
const isProblem = response.headers.get('content-type')?.includes('problem+json');
return response.status + (isProblem ? ' ' + JSON.parse(text).code : '');
"""
