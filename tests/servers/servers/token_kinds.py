"""The kinds of access tokens beside plain JWTs: bound to a key or a certificate, and known by introspection."""

from dataclasses import dataclass

DPOP, CERTIFICATE = "DPoP", "certificate"


@dataclass(frozen=True)
class TokenKind:
    """A kind of access token, and how an API learns what such a token grants."""

    # The column of the table.
    name: str
    # The key that the holder has to prove: `DPOP`, `CERTIFICATE` or none.
    binding: str | None = None
    # The API asks the server about the token (RFC 7662).
    is_introspected: bool = False
    # The request for the token names no API.
    is_without_audience: bool = False

    @property
    def purpose(self) -> str:
        """The purpose of the client that gets such tokens."""
        return self.name.lower().replace(",", "").replace(" ", "-")

    @property
    def other_purpose(self) -> str:
        """The purpose of the client that gets such tokens for another API."""
        return f"other-{self.purpose}"


KINDS = (
    TokenKind("DPoP", DPOP),
    TokenKind("certificate", CERTIFICATE),
    TokenKind("introspected", None, True),
    TokenKind("introspected, DPoP", DPOP, True),
    TokenKind("introspected, certificate", CERTIFICATE, True),
)
NO_AUDIENCE = TokenKind("no audience", None, True, is_without_audience=True)
PLAIN = TokenKind("plain")

PURPOSES = [NO_AUDIENCE.purpose, *(name for kind in KINDS for name in (kind.purpose, kind.other_purpose))]


def of_purpose(purpose: str) -> TokenKind:
    """Returns the kind of the tokens that the client of a purpose gets."""
    return next(
        (kind for kind in (*KINDS, NO_AUDIENCE) if purpose in (kind.purpose, kind.other_purpose)), PLAIN
    )
