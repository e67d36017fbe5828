"""A token with a short lifetime is accepted, and refused after `exp`. The API has no leeway."""

import time
from contextlib import suppress

from checks import polling
from harness import jwt
from harness.process import Failure
from servers.base import BRIEF, BRIEF_SECONDS

_SLACK = 5


def prepare(session, flows) -> None:
    """Uses each token once, so that the wait for `exp` is the same for all flows."""
    session.first_uses = {}
    for flow in flows:
        # `observe` shows the failure of a flow.
        with suppress(Failure):
            session.first_uses[flow] = session.api.read(session.grant(flow, BRIEF).access)


def observe(session, flow: str) -> str:
    token = session.grant(flow, BRIEF).access
    # The run must not wait for the `exp` of a token that is not short-lived.
    left = min(jwt.claims(token).get("exp", 0) - time.time(), BRIEF_SECONDS)
    time.sleep(max(left, 0))
    return f"{session.first_uses[flow]}, {polling.read_until(session.api, token, 401, _SLACK)}"
