"""The ways in which a server can be reached."""

from checks import polling
from harness import network, place


def observe_private_ca(session) -> dict[str, str]:
    """The certificate comes from an authority that only `ca_file` names."""
    there = place.private_ca(session.place.port)
    session.start_server(there)
    trusted = _read(session, there, "ca", ca_file=str(session.authority.file))
    api = session.start_api("no-ca", there)
    try:
        untrusted = api.read(session.new_token())
    finally:
        api.stop()
    return {"private CA": f"{trusted}; without `ca_file` {untrusted}"}


def observe_service_name(session) -> dict[str, str]:
    """Plain http to a name that is not loopback needs `insecure_http`."""
    network.require_service_name()
    there = place.service_name(session.place.port)
    session.start_server(there)
    permitted = _read(session, there, "service-name", insecure_http=True)
    api = session.new_api("no-insecure-http", there)
    try:
        starts = "starts" if api.starts() else "does not start"
    finally:
        api.stop()
    return {"service name": f"{permitted}; without `insecure_http` {starts}"}


def observe_path(session) -> dict[str, str]:
    """The issuer identifier has a path."""
    there = place.with_path(session.place.port)
    session.start_server(there)
    return {"issuer with path": _read(session, there, "path")}


def _read(session, there, name: str, **settings) -> str:
    api = session.start_api(name, there, **settings)
    try:
        return str(polling.read_until(api, session.new_token(), 200))
    finally:
        api.stop()
