"""Proofs of possession of a key (RFC 9449 section 4.2), made with `cryptography` alone."""

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature


class Key:
    """A key of the curve P-256."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_numbers()
        self._jwk = {"kty": "EC", "crv": "P-256", "x": _octets(point.x), "y": _octets(point.y)}

    def proof(self, method: str, url: str, token: str | None = None) -> str:
        """Returns a new proof for one request. The request presents `token`, if it presents one."""
        claims = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": int(time.time())}
        if token is not None:
            claims["ath"] = _base64(hashlib.sha256(token.encode()).digest())
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self._jwk}
        message = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
        pair = decode_dss_signature(self._key.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{message}.{_base64(b''.join(number.to_bytes(32, 'big') for number in pair))}"


def _octets(number: int) -> str:
    return _base64(number.to_bytes(32, "big"))


def _base64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
