"""What a user does with a browser, and what a script of a page can do."""

import time

from chromium.driver import CommandError, Session
from harness.process import Failure

_SECONDS = 20
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_CONTROLS = "button, a, input, textarea, select, [role]"
# The page has changed between two commands.
_TRANSIENT = ("stale element reference", "no such element", "unknown error", "detached shadow root")

_ASYNCHRONOUS = """
const done = arguments[arguments.length - 1];
(async (...parameters) => { %s })(...Array.from(arguments).slice(0, -1))
    .then(value => done({value}), error => done({error: String(error)}));
"""


class Browser:
    """A browser. Commands go to one of its windows."""

    def __init__(self, session: Session):
        self.session = session

    def open(self, url: str) -> None:
        self.session.post("url", url=url)

    def back(self) -> None:
        self.session.post("back")

    def reload(self) -> None:
        self.session.post("refresh")

    @property
    def window(self) -> str:
        return self.session.get("window")

    def new_window(self) -> str:
        """Opens a window and switches to it."""
        handle = self.session.post("window/new", type="tab")["handle"]
        self.switch_to(handle)
        return handle

    def switch_to(self, window: str) -> None:
        self.session.post("window", handle=window)

    def close_window(self) -> None:
        """Closes the window. A command for another one must follow `switch_to`."""
        self.session.close_window()

    @property
    def url(self) -> str:
        return self.session.get("url")

    @property
    def source(self) -> str:
        return self.session.get("source")

    def run(self, script: str, *parameters):
        """Runs the body of an asynchronous function in the page, and returns its value."""
        outcome = self.session.post("execute/async", script=_ASYNCHRONOUS % script, args=parameters)
        if "error" in outcome:
            raise Failure(f"a script of the page failed: {outcome['error']}")
        return outcome["value"]

    def start(self, script: str, *parameters) -> None:
        """Runs statements in the page and does not wait for what they begin."""
        self.session.post("execute/sync", script=script, args=parameters)

    def has(self, role: str, name: str) -> bool:
        """Tells if the page shows an element with this role and this accessible name."""
        return self._found(role, name) is not None

    def find(self, role: str, name: str) -> str:
        """Waits until the page shows an element with this role and this accessible name."""
        self.wait(lambda: self.has(role, name), f"{role} `{name}`")
        return self._found(role, name) or self.find(role, name)

    def click(self, role: str, name: str) -> None:
        self.session.post(f"element/{self.find(role, name)}/click")

    def type(self, role: str, name: str, text: str) -> None:
        self.session.post(f"element/{self.find(role, name)}/value", text=text)

    def wait(self, is_true, what: str, seconds: float = _SECONDS) -> None:
        """Waits for a condition. Raises `Failure` if it does not become true."""
        deadline = time.monotonic() + seconds
        while not is_true():
            if time.monotonic() > deadline:
                raise Failure(f"the page {self.url.split('?')[0]} has no {what} after {seconds:.0f} s")
            time.sleep(0.02)

    def text_of_page(self) -> str:
        """Returns the text that a user sees."""
        try:
            element = self.session.post("element", using="css selector", value="body")[_ELEMENT]
            return self.session.get(f"element/{element}/text")
        except CommandError as error:
            if error.code in _TRANSIENT:
                return ""
            raise

    def by_id(self, identifier: str) -> str | None:
        """Returns the element with an `id`, if the page has one."""
        found = self.session.post("elements", using="css selector", value=f"[id='{identifier}']")
        return found[0][_ELEMENT] if found else None

    def _found(self, role: str, name: str) -> str | None:
        try:
            elements = self.session.post("elements", using="css selector", value=_CONTROLS)
            return next((found[_ELEMENT] for found in elements if self._is(found[_ELEMENT], role, name)), None)
        except CommandError as error:
            if error.code in _TRANSIENT:
                return None
            raise

    def _is(self, element: str, role: str, name: str) -> bool:
        path = f"element/{element}"
        return (
            self.session.get(f"{path}/computedrole") == role
            and self.session.get(f"{path}/computedlabel") == name
            and self.session.get(f"{path}/displayed")
        )
