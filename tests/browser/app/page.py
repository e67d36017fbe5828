"""The page of notes-app, as its user works with it."""

from chromium.browser import Browser

# The control that a view shows, and what it tells.
_VIEWS = {
    ("button", "Sign out"): "signed in",
    ("button", "Sign in"): "signed out",
    ("link", "Sign in again"): "session ended",
}


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

    def state(self) -> str:
        """Waits until the page shows if the user is signed in."""
        shown: list[str] = []

        def is_shown() -> bool:
            shown[:] = [text for control, text in _VIEWS.items() if self.browser.has(*control)]
            return bool(shown)

        self.browser.wait(is_shown, "view of a user")
        return shown[0]

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
