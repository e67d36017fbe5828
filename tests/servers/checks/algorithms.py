"""Every algorithm with which the server can sign access tokens."""

from checks import polling
from harness import jwt

# The API fetches keys for unknown key identifiers from a budget, which refills within 10 s.
_SECONDS = 12


def observe(session) -> dict[str, str]:
    # A server may make its key for an algorithm only now. With all tokens made before the first use,
    # the API needs one fetch.
    tokens = {algorithm: _token(session, algorithm) for algorithm in session.server.algorithms()}
    answers: dict[str, list[str]] = {}
    for algorithm, token in tokens.items():
        answers.setdefault(_answer(session, algorithm, token), []).append(algorithm)
    return {"algorithms": "; ".join(f"{' '.join(names)}: {answer}" for answer, names in answers.items())}


def _token(session, algorithm: str) -> str:
    session.server.sign_with(algorithm)
    return session.new_token(f"alg:{algorithm}")


def _answer(session, algorithm: str, token: str) -> str:
    used = jwt.header(token).get("alg", "opaque")
    if used != algorithm:
        return f"signed with {used}"
    # Keys of the HMAC algorithms are secrets of the server. It cannot publish them.
    seconds = 0 if algorithm.startswith("HS") else _SECONDS
    return str(polling.read_until(session.api, token, 200, seconds))
