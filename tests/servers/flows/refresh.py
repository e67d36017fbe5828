"""Refresh (RFC 6749 section 6) of the tokens that the authorization code flow returned."""

from flows import authorization_code, grant
from flows.grant import Grant
from harness.process import Failure


def obtain(request) -> Grant:
    client = request.client
    first = authorization_code.obtain(request)
    if first.refresh is None:
        raise Failure("the authorization code flow returned no refresh token")
    return grant.ask(request.agent(), request.endpoints["token_endpoint"], client, {
        "grant_type": "refresh_token", "refresh_token": first.refresh, **client.token,
    })
