"""Two new keys follow each other immediately. The API gets a token of each as soon as it signs."""

from checks import polling
from harness import jwt


def observe(session) -> dict[str, str]:
    server, api = session.server, session.api
    server.add_key()
    first = session.new_token()
    api.read(first)
    server.add_key()
    second = session.new_token()
    if jwt.header(first).get("kid") == jwt.header(second).get("kid"):
        return {"two new keys": "both tokens have the same key"}
    # The second key may have to wait until the budget for fetches refills.
    last = polling.read_until(api, second, 200)
    return {"two new keys": f"{api.read(first)}, {last}"}
