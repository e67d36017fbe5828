"""Two new keys, one right after the other, each used as soon as it signs."""

from checks import polling
from harness import jwt


def observe(session) -> dict[str, str]:
    tokens = []
    answers = []
    for _ in range(2):
        session.server.add_key()
        tokens.append(session.new_token())
        answers.append(session.api.read(tokens[-1]))
    kids = {jwt.header(token).get("kid") for token in tokens}
    if len(kids) != 2:
        return {"two new keys": "both tokens have the same key"}
    # The second key may have to wait until the budget for fetches refills.
    return {"two new keys": ", ".join(str(polling.read_until(session.api, token, 200)) for token in tokens)}
