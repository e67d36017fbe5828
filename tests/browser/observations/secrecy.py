"""Tokens in any place that a script of the page can read, and the attributes of the cookies."""

from collections.abc import Iterator

from app import secrets
from app.deployment import Deployment
from chromium import cookies

ROWS = (
    "session cookie", "login cookie", "document.cookie", "localStorage", "sessionStorage", "IndexedDB",
    "Cache storage", "window.name, history.state", "page source", "URLs of the tab", "URLs of requests",
    "response bodies", "readable response headers",
)

_STORAGES = {
    "localStorage": "return JSON.stringify({...localStorage})",
    "sessionStorage": "return JSON.stringify({...sessionStorage})",
    "IndexedDB": """
        const contents = [];
        for (const {name} of await indexedDB.databases()) {
            const database = await new Promise((resolve, reject) => {
                const request = indexedDB.open(name);
                request.onsuccess = () => resolve(request.result);
                request.onerror = () => reject(request.error);
            });
            for (const store of database.objectStoreNames) {
                const request = database.transaction(store).objectStore(store).getAll();
                await new Promise(resolve => { request.onsuccess = resolve; });
                contents.push(request.result);
            }
        }
        return JSON.stringify(contents);
    """,
    "Cache storage": """
        const texts = [];
        for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) {
                texts.push(request.url, await (await caches.match(request)).text());
            }
        }
        return texts.join(' ');
    """,
    "window.name, history.state": "return window.name + JSON.stringify(history.state)",
}


def observe(deployment: Deployment) -> Iterator[tuple[str, str]]:
    browser = deployment.browser
    deployment.sign_in()
    login = _login_cookies(deployment)
    deployment.page.add("buy milk")
    deployment.let_tokens_expire()
    deployment.page.add("call the plumber")
    host = deployment.app.host
    yield "session cookie", "; ".join(_named(cookie) for cookie in cookies.of(browser, host))
    yield "login cookie", login
    yield "document.cookie", browser.run("return document.cookie") or "empty"
    known = deployment.provider.secrets()
    for name, script in _STORAGES.items():
        yield name, secrets.found(browser.run(script), known)
    yield "page source", secrets.found(browser.source, known)
    deployment.page.sign_out()
    known = deployment.provider.secrets()
    yield "URLs of the tab", secrets.found(_history(deployment), known)
    targets = [exchange.target for exchange in deployment.relay.exchanges]
    yield "URLs of requests", secrets.found(" ".join(targets), known)
    yield "response bodies", _in_bodies(deployment, known)
    yield "readable response headers", _in_headers(deployment, known)


def _named(cookie: dict) -> str:
    return f"{cookie['name']}: {cookies.attributes(cookie)}"


def _login_cookies(deployment: Deployment) -> str:
    """Returns the attributes of the cookies that last from `/login` to `/callback`, without the name."""
    set_cookies = [cookie for one in deployment.exchanges("/login") for cookie in one.set_cookies()]
    attributes = {"; ".join(_sorted(cookie)) for cookie in set_cookies}
    return " / ".join(sorted(attributes)) or "none"


def _sorted(cookie: str) -> list[str]:
    name, *attributes = [part.strip() for part in cookie.split(";")]
    prefix = name.split("=")[0].split("-")
    return ["-".join(prefix[:2]), *sorted(attributes)]


def _history(deployment: Deployment) -> str:
    """Returns the addresses that a script or a person sees: those of this application."""
    entries = deployment.browser.session.protocol("Page.getNavigationHistory")["entries"]
    return " ".join(entry["url"] for entry in entries if entry["url"].startswith(deployment.url))


def _in_bodies(deployment: Deployment, known: list[str]) -> str:
    """Searches what the relay has passed to the browser, which is what scripts can fetch."""
    places = [
        f"{secrets.found(one.content.decode(errors='replace'), known)} at {one.method} {one.path}"
        for one in deployment.relay.exchanges
    ]
    return "; ".join(dict.fromkeys(place for place in places if not place.startswith("no token"))) or "no token"


def _in_headers(deployment: Deployment, known: list[str]) -> str:
    """Searches the response fields. Scripts read them all, except `Set-Cookie` and those of redirects."""
    texts = [
        f"{name}: {value}"
        for one in deployment.relay.exchanges if not 300 <= one.status < 400
        for name, value in one.response.fields if name.lower() != "set-cookie"
    ]
    return secrets.found(" ".join(texts), known)
