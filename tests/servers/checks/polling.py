"""Repeated requests with a bound."""

import time

from harness.items_api import Answer

# The API fetches keys for unknown key identifiers from a budget, which refills within 10 s.
_SECONDS = 30


def read_until(api, token: str, status: int, seconds: float = _SECONDS) -> Answer:
    """Repeats a request until it has this status. Returns the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = api.read(token)
        if answer.status == status or time.monotonic() > deadline:
            return answer
        time.sleep(0.2)
