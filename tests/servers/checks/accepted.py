"""A token with both scopes is accepted for both operations."""


def observe(session, flow: str) -> str:
    token = session.grant(flow).access
    return f"{session.api.read(token)}, {session.api.write(token)}"
