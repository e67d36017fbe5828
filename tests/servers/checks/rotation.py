"""The API accepts a new key and the old one. It refuses a withdrawn key after its next fetch."""

from checks import polling
from harness import jwt


def observe(session) -> dict[str, str]:
    server, api = session.server, session.api
    old = session.new_token()
    first = polling.read_until(api, old, 200)
    server.add_key()
    new = session.new_token()
    if jwt.header(old).get("kid") == jwt.header(new).get("kid"):
        return {"rotation": "no new key", "withdrawal": "no new key"}
    rotation = f"{first}; new {polling.read_until(api, new, 200)}, old {api.read(old)}"
    server.withdraw_keys()
    # The first token of another new key makes the API fetch the set without the old key.
    server.add_key()
    newest = polling.read_until(api, session.new_token(), 200)
    withdrawal = f"new {newest}, old {polling.read_until(api, old, 401)}"
    return {"rotation": rotation, "withdrawal": withdrawal}
