"""A file with private keys, for servers that get their keys from the operator."""

import json
import os
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

_CURVES = {"ES256": ("P-256", ec.SECP256R1()), "ES384": ("P-384", ec.SECP384R1()), "ES512": ("P-521", ec.SECP521R1())}


class KeyFile:
    """A JWK set with private keys. The newest key of an algorithm stands first."""

    def __init__(self, file: Path, algorithms: list[str], names_each_algorithm: bool = False):
        self.file = file
        self._names_each_algorithm = names_each_algorithm
        self._count = 0
        self._keys: list[dict] = []
        for algorithm in reversed(algorithms):
            self._insert(algorithm)
        self.main = algorithms[0]
        self._write()

    def add(self, algorithm: str | None = None, limit: int | None = None) -> None:
        """Adds a key before all others, of the main algorithm unless another one is named. No more
        than `limit` keys stay.
        """
        self._insert(algorithm or self.main)
        self._keys = self._keys[:limit]
        self._write()

    def withdraw(self) -> None:
        """Removes every key of the kind of the newest, except the newest."""
        newest, *rest = self._keys
        self._keys = [newest, *(key for key in rest if _family(key) != _family(newest))]
        self._write()

    def _insert(self, algorithm: str) -> None:
        self._count += 1
        # A key of RSA serves six algorithms, and a key of Ed25519 two names of one algorithm.
        name = {"alg": algorithm} if self._names_each_algorithm or algorithm in _CURVES else {}
        self._keys.insert(0, {"kid": f"key-{self._count}", "use": "sig", **name, **_private_key(algorithm)})

    def _write(self) -> None:
        temporary = self.file.with_suffix(".new")
        temporary.write_text(json.dumps({"keys": self._keys}))
        os.replace(temporary, self.file)


def _family(key: dict) -> tuple:
    return key["kty"], key.get("crv"), key.get("alg")


def _private_key(algorithm: str) -> dict:
    if algorithm in _CURVES:
        return _elliptic(*_CURVES[algorithm])
    if algorithm == "EdDSA":
        key = ed25519.Ed25519PrivateKey.generate()
        return {
            "kty": "OKP", "crv": "Ed25519", "x": _base64(key.public_key().public_bytes_raw()),
            "d": _base64(key.private_bytes_raw()),
        }
    return _rsa()


def _elliptic(name: str, curve: ec.EllipticCurve) -> dict:
    numbers = ec.generate_private_key(curve).private_numbers()
    size = (curve.key_size + 7) // 8
    point = numbers.public_numbers
    return {
        "kty": "EC", "crv": name, "x": _number(point.x, size), "y": _number(point.y, size),
        "d": _number(numbers.private_value, size),
    }


def _rsa() -> dict:
    numbers = rsa.generate_private_key(65537, 2048).private_numbers()
    names = {
        "n": numbers.public_numbers.n, "e": numbers.public_numbers.e, "d": numbers.d, "p": numbers.p,
        "q": numbers.q, "dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp,
    }
    return {"kty": "RSA", **{name: _number(value) for name, value in names.items()}}


def _number(value: int, size: int | None = None) -> str:
    return _base64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def _base64(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
