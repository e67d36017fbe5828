"""A reverse proxy that records what passes through it."""

import socket
import threading
from collections.abc import Callable
from time import monotonic

from harness.process import Failure
from relay.connection import Connection
from relay.exchange import Exchange
from relay.hold import Hold
from relay.message import Fields

_SECONDS = 20


class Relay:
    """Listens on a port of the loopback interface and passes each request to a server behind it.

    The field `Host` stays as the client wrote it. A request is recorded before it is passed on. The
    paths of `pages` are answered by the relay itself with an HTML page, for scripts of a test.
    """

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.upstream: int | None = None
        self.pages: dict[str, str] = {}
        self.change_fields: Callable[[Fields], Fields] = list
        self.exchanges: list[Exchange] = []
        self._holds: list[Hold] = []
        self._changed = threading.Condition()
        threading.Thread(target=self._serve, daemon=True).start()

    def hold(self, fits: Callable[[Exchange], bool]) -> Hold:
        """Holds the next response that fits."""
        hold = Hold(fits)
        self._holds.append(hold)
        return hold

    def is_held(self, exchange: Exchange) -> bool:
        return any(hold.takes(exchange) for hold in self._holds)

    def record(self, exchange: Exchange) -> None:
        with self._changed:
            self.exchanges.append(exchange)
            self._changed.notify_all()

    def note_change(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait(self, fits: Callable[[Exchange], bool], what: str, since: int = 0) -> Exchange:
        """Waits for an exchange that fits, after the first `since` ones. Raises `Failure` if there is none."""
        deadline = monotonic() + _SECONDS
        with self._changed:
            while True:
                if found := [exchange for exchange in self.exchanges[since:] if fits(exchange)]:
                    return found[0]
                if not self._changed.wait(deadline - monotonic()):
                    raise Failure(f"no {what} within {_SECONDS} s")

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=Connection(self, client).run, daemon=True).start()
