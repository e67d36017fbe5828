"""The head of an HTTP/1.1 message (RFC 9112)."""

import socket
from dataclasses import dataclass, field

_LIMIT = 256 * 1024

Fields = list[tuple[str, str]]


@dataclass
class Head:
    """The first line and the fields of a request or a response."""

    line: str = ""
    fields: Fields = field(default_factory=list)

    def value(self, name: str) -> str | None:
        """Returns the value of the first field with a name."""
        return next((value for other, value in self.fields if other.lower() == name), None)

    def values(self, name: str) -> list[str]:
        return [value for other, value in self.fields if other.lower() == name]

    @property
    def length(self) -> int:
        return int(self.value("content-length") or 0)

    def encoded(self) -> bytes:
        lines = [self.line, *(f"{name}: {value}" for name, value in self.fields)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def parsed(data: bytes) -> tuple[Head, bytes] | None:
    """Returns a head and the bytes after it, or `None` if the head has no end yet."""
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        return None
    line, *lines = head.decode("latin-1").split("\r\n")
    pairs = [text.split(":", 1) for text in lines]
    return Head(line, [(name, value.strip()) for name, value in pairs]), rest


def received(connection: socket.socket) -> tuple[Head, bytes] | None:
    """Reads a request with a body of known length. Returns `None` if the client sends no request."""
    data = b""
    while (message := parsed(data)) is None or len(message[1]) < message[0].length:
        part = connection.recv(65536) if len(data) < _LIMIT else b""
        if not part:
            return None
        data += part
    return message
