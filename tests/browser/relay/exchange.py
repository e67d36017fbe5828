"""The record of a request and its response."""

import json
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from relay.message import Fields, Head


@dataclass(eq=False)
class Exchange:
    """A request, and as much of its response as has arrived."""

    request: Head
    body: bytes
    response: Head = field(default_factory=Head)
    response_body: bytes = b""
    # The response was passed on to its end.
    is_complete: bool = False
    # The client closed the connection before the end of the response.
    is_aborted: bool = False
    # The seconds until the client had the response, or left.
    seconds: float = 0
    _begin: float = field(default_factory=time.monotonic)

    def end(self) -> None:
        self.seconds = time.monotonic() - self._begin

    @property
    def method(self) -> str:
        return self.request.line.split(" ")[0]

    @property
    def target(self) -> str:
        return self.request.line.split(" ")[1]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query)

    @property
    def form(self) -> dict[str, list[str]]:
        """The fields of a body that is a form."""
        return parse_qs(self.body.decode("latin-1"))

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of the request."""
        text = "; ".join(self.request.values("cookie"))
        return dict(pair.split("=", 1) for pair in text.split("; ") if "=" in pair)

    @property
    def status(self) -> int:
        parts = self.response.line.split(" ")
        return int(parts[1]) if len(parts) > 1 else 0

    @property
    def document(self) -> dict:
        """The JSON object in the response, or an empty object."""
        try:
            document = json.loads(self.content)
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}

    @property
    def content(self) -> bytes:
        """The content of the response without the framing of chunks (RFC 9112 section 7.1)."""
        if "chunked" not in (self.response.value("transfer-encoding") or ""):
            return self.response_body
        content, rest = b"", self.response_body
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            length = int(size.split(b";")[0] or b"0", 16)
            content, rest = content + rest[:length], rest[length + 2:]
        return content

    @property
    def has_length(self) -> bool:
        return self.response.value("content-length") is not None

    @property
    def has_whole_content(self) -> bool:
        return self.has_length and len(self.response_body) >= self.response.length

    @property
    def result(self) -> str:
        """The status, and the code of a problem document."""
        return f"{self.status} {self.document.get('code', '')}".strip()

    def set_cookies(self) -> list[str]:
        return self.response.values("set-cookie")


def with_same_site_none(fields: Fields) -> Fields:
    """Returns the fields of a response whose cookies every site may send."""
    return [
        (name, _same_site_none(value) if name.lower() == "set-cookie" else value) for name, value in fields
    ]


def _same_site_none(cookie: str) -> str:
    parts = [part.strip() for part in cookie.split(";")]
    kept = [part for part in parts if not part.lower().startswith("samesite")]
    return "; ".join([*kept, "SameSite=None"])
