"""Client credentials (RFC 6749 section 4.4)."""

from flows import grant
from flows.grant import Grant


def obtain(session, client, scope: str) -> Grant:
    return grant.request(session.agent(), session.metadata["token_endpoint"], client, {
        "grant_type": "client_credentials", "scope": f"{client.machine_scopes} {scope}".strip(), **client.token,
    })
