"""A client for WebDriver (https://www.w3.org/TR/webdriver2/) with headless Chromium."""

import http.client
import json
import re
from pathlib import Path

from harness.process import Failure, Process

_SECONDS = 30

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
    "--disable-dev-shm-usage", "--window-size=1200,1600",
    # The browser can connect only to this machine. Names below `test` are other sites on it.
    "--host-resolver-rules=MAP *.test 127.0.0.1 , MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"
    " , EXCLUDE *.localhost",
)

# Without these the browser would not send cookies of other sites with requests of a page, and the
# defence of the server would stay unseen.
_COOKIES_OF_OTHER_SITES = {"profile.cookie_controls_mode": 0, "profile.block_third_party_cookies": False}


class Driver:
    """Runs chromedriver. Each browser has a new profile."""

    def __init__(self, folder: Path):
        temporary = folder / "profiles"
        temporary.mkdir(parents=True, exist_ok=True)
        log = folder / "chromedriver.log"
        log.unlink(missing_ok=True)
        self._process = Process("chromedriver", "--port=0", folder=folder, log=log, TMPDIR=str(temporary))
        self._process.wait_until(lambda: self._listening() is not None, _SECONDS)

    def _listening(self) -> int | None:
        found = re.search(r"started successfully on port (\d+)", self._process.log.read_text(errors="replace"))
        return int(found[1]) if found else None

    def open_browser(self) -> "Session":
        """Starts a browser."""
        parameters = {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": _FLAGS, "prefs": _COOKIES_OF_OTHER_SITES},
            "timeouts": {"script": _SECONDS * 1000, "pageLoad": _SECONDS * 1000},
        }}}
        port = self._listening()
        if port is None:
            raise Failure("chromedriver does not listen")
        session = _call(port, "POST", "/session", parameters)
        return Session(port, session["sessionId"])

    def stop(self) -> None:
        self._process.stop(5)


class Session:
    """The commands of one browser."""

    def __init__(self, port: int, identifier: str):
        self._port = port
        self._path = f"/session/{identifier}"

    def get(self, command: str):
        return _call(self._port, "GET", f"{self._path}/{command}")

    def post(self, command: str, **parameters):
        return _call(self._port, "POST", f"{self._path}/{command}", parameters)

    def protocol(self, command: str, **parameters) -> dict:
        """Sends a command of the Chrome DevTools Protocol."""
        return self.post("goog/cdp/execute", cmd=command, params=parameters)

    def close_window(self) -> None:
        _call(self._port, "DELETE", f"{self._path}/window")

    def quit(self) -> None:
        _call(self._port, "DELETE", self._path)


class CommandError(Failure):
    """A command that the driver refused. `code` is the error code of the standard."""

    def __init__(self, code: str, command: str, message: str):
        super().__init__(f"{command}: {code}: {message.splitlines()[0] if message else ''}")
        self.code = code


def _call(port: int, method: str, path: str, parameters: dict | None = None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2 * _SECONDS)
    try:
        body = None if parameters is None else json.dumps(parameters)
        connection.request(method, path, body, {"content-type": "application/json"})
        response = connection.getresponse()
        value = json.loads(response.read())["value"]
    finally:
        connection.close()
    if response.status != 200:
        raise CommandError(value["error"], path.split("/", 3)[-1], value["message"])
    return value
