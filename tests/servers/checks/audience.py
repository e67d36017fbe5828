"""A token for another API is refused."""

from servers.base import OTHER


def observe(session, flow: str) -> str:
    return str(session.api.read(session.grant(flow, OTHER).access))
