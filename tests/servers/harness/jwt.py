"""Tokens as text. Nothing here verifies a token."""

import json
from base64 import urlsafe_b64decode


def header(token: str) -> dict:
    """Returns the JOSE header, or an empty object if the token is opaque."""
    return _part(token, 0)


def claims(token: str) -> dict:
    """Returns the claims, or an empty object if the token is opaque."""
    return _part(token, 1)


def _part(token: str, index: int) -> dict:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        return json.loads(urlsafe_b64decode(parts[index] + "=="))
    except ValueError:
        return {}
