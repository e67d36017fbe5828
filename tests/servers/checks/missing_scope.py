"""A token with `items:read` alone does not grant the operation that needs `items:write`."""

from harness.items_api import READ


def observe(session, flow: str) -> str:
    token = session.grant(flow, scope=READ).access
    return f"{session.api.read(token)}, {session.api.write(token)}"
