"""A response that the relay holds back until a test releases it."""

import threading
from collections.abc import Callable

from harness.process import Failure
from relay.exchange import Exchange

_SECONDS = 30


class Hold:
    """Holds the first response that fits. The server has sent it, and the client waits for it."""

    def __init__(self, fits: Callable[[Exchange], bool]):
        self._fits = fits
        self._reached = threading.Event()
        self._released = threading.Event()
        self._lock = threading.Lock()
        self.exchange: Exchange | None = None

    def takes(self, exchange: Exchange) -> bool:
        """Tells if this exchange is the one that is held now."""
        with self._lock:
            if self.exchange is None and self._fits(exchange):
                self.exchange = exchange
                self._reached.set()
        return self.exchange is exchange and not self._released.is_set()

    def wait(self) -> Exchange:
        """Waits until a response is held."""
        if not self._reached.wait(_SECONDS) or self.exchange is None:
            raise Failure(f"no response to hold within {_SECONDS} s")
        return self.exchange

    def release(self) -> None:
        self._released.set()
