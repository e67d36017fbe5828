"""One attempt of a page to use the session of another origin."""

from dataclasses import dataclass

from app import outside
from app.deployment import CHANGES, LOGOUT, NOTES, PRINT, Deployment
from relay.exchange import Exchange


@dataclass(frozen=True)
class Attempt:
    """The name of a function in `attempts.html`, and the path of its request."""

    name: str
    path: str = NOTES
    # The browser may ask the server first (CORS). The page knows when there is no further request.
    has_preflight: bool = False


ATTEMPTS = (
    Attempt("form POST"), Attempt("form POST, text/plain"), Attempt("form POST, multipart"),
    Attempt("form POST, new window"), Attempt("form POST, no referrer"), Attempt("form POST, iframe"),
    Attempt("form POST, sandbox"),
    Attempt("fetch POST, no-cors"), Attempt("fetch POST, cors"), Attempt("fetch POST, JSON", has_preflight=True),
    Attempt("fetch DELETE", has_preflight=True), Attempt("fetch POST, keepalive"), Attempt("sendBeacon"),
    Attempt("fetch GET, no-cors"), Attempt("fetch GET, cors"), Attempt("fetch GET, sandbox"),
    Attempt("image"), Attempt("script"), Attempt("style sheet"), Attempt("video"), Attempt("object"),
    Attempt("iframe"), Attempt("EventSource"), Attempt("websocket", CHANGES),
    Attempt("link to the API"), Attempt("link to the API, new window"), Attempt("link to the API, no referrer"),
    Attempt("window.open of the API"), Attempt("form GET to the API"),
    Attempt("link to the page", PRINT), Attempt("iframe of the page", PRINT),
    Attempt("fetch GET of the page", PRINT), Attempt("image of the page", PRINT),
    Attempt("form POST to the page", PRINT), Attempt("form POST to /logout", LOGOUT),
)


class Scene:
    """A signed-in browser at the page of an attacker."""

    def __init__(self, deployment: Deployment, attacker: str, cookie: tuple[str, str]):
        self._deployment = deployment
        self._attacker = attacker
        self._cookie = cookie

    def run(self, number: int, attempt: Attempt) -> str:
        """Makes an attempt. Returns what the server answered, and what its handler did."""
        browser, mark = self._deployment.browser, f"mark{number}"
        before = outside.notes(self._deployment, self._cookie)
        browser.open(self._attacker)
        url = f"{self._deployment.url}{attempt.path}?attempt={mark}"
        browser.start("attempt(...arguments)", attempt.name, url)
        self._deployment.relay.wait(
            lambda one: _is_of(one, mark) and _is_answered(one), f"answer to {attempt.name}",
        )
        if attempt.has_preflight:
            browser.wait(lambda: browser.run("return window.isSettled !== false"), "end of the fetch")
        answers = [self._answer(one) for one in self._deployment.relay.exchanges if _is_of(one, mark)]
        self._close_other_windows()
        return ", then ".join(dict.fromkeys(answers)) + self._effect(attempt, before)

    def _answer(self, exchange: Exchange) -> str:
        if exchange.method == "OPTIONS":
            return f"preflight {exchange.result}"
        # Without the cookie it is the browser that defends, and not the server.
        has_cookie = exchange.cookies.get(self._cookie[0]) == self._cookie[1]
        return exchange.result if has_cookie else f"no cookie sent: {exchange.result}"

    def _effect(self, attempt: Attempt, before: str) -> str:
        if attempt.path == LOGOUT:
            ended = outside.read_notes(self._deployment, self._cookie) != "200"
            return ", signed out" if ended else ""
        return "" if outside.notes(self._deployment, self._cookie) == before else ", note added"

    def _close_other_windows(self) -> None:
        browser = self._deployment.browser
        own = browser.window
        for window in browser.session.get("window/handles"):
            if window != own:
                browser.switch_to(window)
                browser.close_window()
        browser.switch_to(own)


def _is_of(exchange: Exchange, mark: str) -> bool:
    return exchange.query.get("attempt") == [mark] or (
        exchange.query.get("text") == [mark] and "attempt" not in exchange.query
    )


def _is_answered(exchange: Exchange) -> bool:
    """A websocket has an answer when it has a status. The browser may leave a response that it blocks."""
    return exchange.status == 101 or exchange.is_complete or (exchange.is_aborted and exchange.status > 0)
