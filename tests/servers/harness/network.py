"""Addresses on this machine."""

import socket
from pathlib import Path

from harness.process import NotRun

SERVICE_NAME = "idp.test"
_HOSTS = Path("/etc/hosts")


_taken: set[int] = set()


def free_port() -> int:
    """Returns a port of the loopback interface that no program uses, and each port once."""
    while True:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        if port not in _taken:
            _taken.add(port)
            return port


def accepts_connections(port: int) -> bool:
    """Tells if a program listens on a port of the loopback interface."""
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True


def require_service_name() -> None:
    """Makes `idp.test` resolve to 127.0.0.1, as a service name does in a container network."""
    if not _resolves():
        try:
            with _HOSTS.open("a") as hosts:
                hosts.write(f"\n127.0.0.1 {SERVICE_NAME}\n")
        except OSError as error:
            raise NotRun(f"needs the line `127.0.0.1 {SERVICE_NAME}` in {_HOSTS}") from error
    if not _resolves():
        raise NotRun(f"`{SERVICE_NAME}` does not resolve to 127.0.0.1")


def _resolves() -> bool:
    try:
        return socket.gethostbyname(SERVICE_NAME) == "127.0.0.1"
    except OSError:
        return False
