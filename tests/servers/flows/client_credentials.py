"""Client credentials (RFC 6749 section 4.4)."""

from flows import grant
from flows.grant import Grant


def obtain(request) -> Grant:
    client, endpoint = request.client, request.endpoints["token_endpoint"]
    proof = {"DPoP": request.key.proof("POST", endpoint)} if request.key else {}
    return grant.ask(request.agent(), endpoint, client, {
        "grant_type": "client_credentials", "scope": f"{client.machine_scopes} {request.scope}".strip(), **client.token,
    }, **proof)
