"""Tokens that are not access tokens are refused."""

from harness.items_api import AUDIENCE
from servers.base import API


def observe_id_token(session, flow: str) -> str | None:
    """Presents an ID token to an API that is not in its audience."""
    token = session.grant(flow).identity
    return None if token is None else str(session.api.read(token))


def observe_id_token_of_client(session, flow: str) -> str | None:
    """Presents an ID token to an API that has the identifier of the client as its audience."""
    token = session.grant(flow).identity
    if token is None:
        return None
    audience = session.server.client(flow, API).identifier
    api = session.start_api("id-token", session.place, audiences=[audience])
    try:
        return str(api.read(token))
    finally:
        api.stop()


def observe_rfc9068(session, flow: str) -> str:
    """Presents the tokens to an API that accepts only tokens of RFC 9068."""
    grant = session.grant(flow)
    audiences = [AUDIENCE, session.server.client(flow, API).identifier]
    api = session.start_api("rfc9068", session.place, audiences=audiences, rfc9068=True)
    try:
        answer = str(api.read(grant.access))
        return f"{answer}, ID token {api.read(grant.identity)}" if grant.identity else answer
    finally:
        api.stop()


def observe_refresh_token(session, flow: str) -> str | None:
    """Presents a refresh token."""
    token = session.grant(flow).refresh
    return None if token is None else str(session.api.read(token))
