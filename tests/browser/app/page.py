"""The page of notes-app, as its user works with it."""

from chromium.browser import Browser


class NotesPage:
    """A browser at the page."""

    def __init__(self, browser: Browser, url: str):
        self.browser = browser
        self._url = url

    def open(self) -> None:
        self.browser.open(f"{self._url}/")

    def begin_sign_in(self) -> None:
        self.browser.click("button", "Sign in")

    def wait_until_signed_in(self) -> None:
        self.browser.find("button", "Sign out")

    def wait_until_signed_out(self) -> None:
        self.browser.find("button", "Sign in")

    def add(self, note: str) -> None:
        """Adds a note, and waits until the page shows it."""
        self.browser.type("textbox", "Note", note)
        self.browser.click("button", "Add")
        self.wait_for(note)

    def wait_for(self, note: str) -> None:
        self.browser.wait(lambda: self.shows(note), f"note `{note}`")

    def shows(self, note: str) -> bool:
        return note in self.browser.text_of_page()

    def sign_out(self) -> None:
        self.browser.click("button", "Sign out")
        self.wait_until_signed_out()
