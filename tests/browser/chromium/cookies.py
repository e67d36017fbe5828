"""The cookies of a browser, those of `HttpOnly` included."""

from chromium.browser import Browser


def of(browser: Browser, host: str) -> list[dict]:
    """Returns the cookies of a host."""
    cookies = browser.session.protocol("Network.getAllCookies")["cookies"]
    return [cookie for cookie in cookies if cookie["domain"].lstrip(".") == host]


def clear(browser: Browser) -> None:
    browser.session.protocol("Network.clearBrowserCookies")


def attributes(cookie: dict) -> str:
    """Returns the attributes of a cookie as text."""
    parts = [
        "HttpOnly" if cookie["httpOnly"] else "readable by scripts",
        "Secure" if cookie["secure"] else "not Secure",
        f"SameSite={cookie.get('sameSite', 'missing')}",
        f"Path={cookie['path']}",
        # The browser writes a leading dot if the cookie has the attribute `Domain`.
        "Domain" if cookie["domain"].startswith(".") else "no Domain",
    ]
    return ", ".join(parts)
