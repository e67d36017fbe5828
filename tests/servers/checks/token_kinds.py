"""The form of the tokens of each kind: what the server writes into them, and into its answers about them."""

from harness import jwt


def observe_issued(session, kind) -> str:
    """The token type of the response, and the type and the binding of the token, if it is a JWT."""
    grant = session.bound_tokens().grant(kind.purpose, kind)
    form = jwt.header(grant.access).get("typ", "JWT") if jwt.header(grant.access) else "opaque"
    return f"{grant.token_type}, {form}{_members(jwt.claims(grant.access))}"


def observe_answer(session, kind) -> str | None:
    """The answer of the introspection endpoint to the harness."""
    if not kind.is_introspected:
        return None
    tokens = session.bound_tokens()
    answer = tokens.introspect(tokens.grant(kind.purpose, kind).access, "application/json").json()
    return f"{answer.get('token_type', 'no token_type')}{_members(answer)}"


def _members(claims: dict) -> str:
    names = [name for name in ("iss", "aud", "client_id") if name in claims]
    confirmation = " ".join(sorted(claims.get("cnf", {})))
    return ", ".join(["", *names, *([f"cnf {confirmation}"] if confirmation else [])])
