"""Tokens about which the API asks the server. Each function returns nothing for a token with a signature only."""

from checks import polling
from harness.bound_tokens import CACHE_SECONDS
from servers.base import API
from servers.token_kinds import NO_AUDIENCE, PLAIN

_SIGNED = "application/token-introspection+jwt"
# The API asks again at the latest after this time.
_SECONDS = CACHE_SECONDS + 4


def observe_revoked(session, kind) -> str | None:
    """The token is revoked at the server after its first use."""
    if not kind.is_introspected:
        return None
    tokens = session.bound_tokens()
    token, right, api = tokens.new_grant(kind.purpose, kind).access, tokens.right(kind), tokens.api(kind)
    first = api.read(token, right)
    status = tokens.revoke(kind, token)
    last = polling.until(lambda: api.read(token, right), 401, _SECONDS)
    return f"{first}; revoked ({status}): {last}"


def observe_signed_answer(session, kind) -> str | None:
    """The media type of the answer to a request for a signed one, and an API that takes only signed answers.

    The answer itself is presented as a token, too.
    """
    if not kind.is_introspected:
        return None
    tokens = session.bound_tokens()
    token = tokens.grant(kind.purpose, kind).access
    answer = tokens.introspect(token, _SIGNED)
    media_type = answer.headers["content-type"]
    cell = f"{media_type}: {tokens.api(kind, jwt=True).read(token, tokens.right(kind))}"
    if not media_type.startswith(_SIGNED):
        return cell
    return f"{cell}; as a token {tokens.api(PLAIN).read(answer.text)}"


def observe_jwt(session, kind) -> str | None:
    """A JWT, at an API that asks about every token."""
    if not kind.is_introspected or kind.binding:
        return None
    tokens = session.bound_tokens()
    return str(tokens.api(kind).read(tokens.grant(API, kind).access))


def observe_no_audience(session, kind) -> str | None:
    """A token whose request named no API, at an API that needs its audience, and at one that does not."""
    if not kind.is_introspected or kind.binding:
        return None
    tokens = session.bound_tokens()
    token = tokens.grant(NO_AUDIENCE.purpose, NO_AUDIENCE).access
    lax = tokens.api(kind, audience="client")
    return f"{tokens.api(kind).read(token)}; `audience` is `client`: {lax.read(token)}"
