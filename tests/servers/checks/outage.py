"""The server stops and starts. One API runs all the time, another one starts in the outage."""

from checks import polling


def observe(session) -> dict[str, str]:
    place, api = session.place, session.api
    known, unused = session.new_token(), session.new_token()
    first = polling.read_until(api, known, 200)
    session.stop_server()
    during = f"known {api.read(known)}, unused {api.read(unused)}"
    early = session.start_api("early", place)
    try:
        before = early.read(known)
        session.start_server(place)
        new = session.new_token()
        after = polling.read_until(early, new, 200)
    finally:
        early.stop()
    restarted = f"known {api.read(known)}, new {polling.read_until(api, new, 200)}"
    return {
        "outage and restart": f"{first}; out: {during}; restarted: {restarted}",
        "API first": f"{before}; then {after}",
    }
