"""The address under which a server is reached."""

from dataclasses import dataclass

from harness.network import SERVICE_NAME, free_port


@dataclass(frozen=True)
class Place:
    """An origin, a path below it, and the port on which the server itself listens."""

    scheme: str
    host: str
    public_port: int
    port: int
    path: str = ""

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}:{self.public_port}"

    @property
    def base(self) -> str:
        return f"{self.origin}{self.path}"

    @property
    def is_behind_proxy(self) -> bool:
        return self.scheme == "https" and self.public_port != self.port

    @property
    def has_tls(self) -> bool:
        """The server terminates TLS itself, and asks its clients for a certificate."""
        return self.scheme == "https" and self.public_port == self.port


def plain(port: int) -> Place:
    return Place("http", "127.0.0.1", port, port)


def with_path(port: int) -> Place:
    return Place("http", "127.0.0.1", port, port, "/tenants/acme")


def service_name(port: int) -> Place:
    return Place("http", SERVICE_NAME, port, port)


def private_ca(port: int) -> Place:
    return Place("https", "localhost", free_port(), port)


def mutual_tls(port: int) -> Place:
    return Place("https", "localhost", port, port)
