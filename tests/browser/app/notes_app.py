"""The process of notes-app behind a relay."""

import re
from pathlib import Path

from harness.process import Process
from relay.relay import Relay

_SECONDS = 20


class NotesApp:
    """A running `notes-app`. The browser reaches it through the relay."""

    def __init__(self, program: Path, folder: Path, host: str):
        self.relay = Relay()
        self.public_url = f"http://{host}:{self.relay.port}"
        self.host = host
        self._program = program
        self._folder = folder
        self._process: Process | None = None
        self._environment: dict[str, str] = {}

    def start(self, **environment: str) -> None:
        """Starts the program. A second call starts it again, with changed variables."""
        self.stop()
        self._environment |= environment
        log = self._folder / "notes-app.log"
        log.unlink(missing_ok=True)
        process = Process(
            str(self._program), folder=self._folder, log=log, NOTES_APP_ADDR="127.0.0.1:0",
            NOTES_APP_PUBLIC_URL=self.public_url, NO_COLOR="1", **self._environment,
        )
        process.wait_until(lambda: _port(log) is not None, _SECONDS)
        self._process, self.relay.upstream = process, _port(log)

    def stop(self) -> None:
        if self._process:
            self._process.stop(5)
            self._process = None

    def close(self) -> None:
        self.stop()
        self.relay.close()


def _port(log: Path) -> int | None:
    """Returns the port of the address that the program prints."""
    found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", log.read_text(errors="replace"))
    return int(found[1]) if found else None
