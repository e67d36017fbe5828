"""Repeated requests with a bound."""

import time

from harness.items_api import Answer

# The API fetches keys for unknown key identifiers from a budget, which refills within 10 s.
_SECONDS = 30


def read_until(api, token: str, status: int, seconds: float = _SECONDS) -> Answer:
    """Reads with a token until the answer has this status. Returns the last answer."""
    return until(lambda: api.read(token), status, seconds)


def until(send, status: int, seconds: float) -> Answer:
    """Repeats a request until its answer has this status. Returns the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        answer = send()
        if answer.status == status or time.monotonic() > deadline:
            return answer
        time.sleep(0.2)
