"""Client credentials (RFC 6749 section 4.4)."""

from flows import grant
from flows.grant import Grant


def obtain(request) -> Grant:
    client = request.client
    return grant.ask(request.agent(), request.endpoints["token_endpoint"], client, {
        "grant_type": "client_credentials", "scope": f"{client.machine_scopes} {request.scope}".strip(), **client.token,
    })
