"""Tokens that are bound to a key or a certificate, with right and wrong proofs.

Each function observes the tokens of one kind, and returns nothing where the kind has no such thing.
"""

from dataclasses import replace

from harness.items_api import BEARER, READ, Presentation
from servers.token_kinds import CERTIFICATE, DPOP


def observe_accepted(session, kind) -> str:
    tokens = session.bound_tokens()
    token, right = tokens.grant(kind.purpose, kind).access, tokens.right(kind)
    return f"{tokens.api(kind).read(token, right)}, {tokens.api(kind).write(token, right)}"


def observe_missing_scope(session, kind) -> str:
    tokens = session.bound_tokens()
    token, right = tokens.grant(kind.purpose, kind, READ).access, tokens.right(kind)
    return f"{tokens.api(kind).read(token, right)}, {tokens.api(kind).write(token, right)}"


def observe_other_audience(session, kind) -> str:
    tokens = session.bound_tokens()
    token = tokens.grant(kind.other_purpose, kind).access
    return str(tokens.api(kind).read(token, tokens.right(kind)))


def observe_no_proof(session, kind) -> str | None:
    """The same scheme without a proof, and a connection without a certificate."""
    tokens = session.bound_tokens()
    without = {DPOP: Presentation(DPOP), CERTIFICATE: BEARER}.get(kind.binding)
    return without and str(tokens.read(kind, without))


def observe_other_key(session, kind) -> str | None:
    """A proof of another key, and another certificate."""
    tokens = session.bound_tokens()
    wrong = {
        DPOP: Presentation(DPOP, key=tokens.other_key),
        CERTIFICATE: Presentation(certificate=tokens.other_certificate),
    }.get(kind.binding)
    return wrong and str(tokens.read(kind, wrong))


def observe_other_scheme(session, kind) -> str:
    """`Bearer` instead of `DPoP`, and `DPoP` instead of `Bearer`, each with a proof."""
    tokens = session.bound_tokens()
    scheme = "Bearer" if kind.binding == DPOP else DPOP
    return str(tokens.read(kind, replace(tokens.right(kind), scheme=scheme, key=tokens.key)))


def observe_proof_again(session, kind) -> str | None:
    """The same proof twice."""
    if kind.binding != DPOP:
        return None
    tokens = session.bound_tokens()
    url, token = tokens.api(kind).items_url, tokens.grant(kind.purpose, kind).access
    proof = Presentation(DPOP, proof=tokens.key.proof("GET", url, token))
    return f"{tokens.read(kind, proof)}, {tokens.read(kind, proof)}"
