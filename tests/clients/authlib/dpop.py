"""DPoP (RFC 9449) for sessions of Authlib, which has none itself.

Authlib 1.9 refuses a token with the type `DPoP` when it is used first (`UnsupportedTokenTypeError`). A session takes
the class that signs requests from an attribute, which is another one here. joserfc, the JOSE library of Authlib, makes
the proofs.
"""

import hashlib
import time
from base64 import urlsafe_b64encode

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Auth, OAuth2Session
from joserfc import jwt
from joserfc.jwk import ECKey


class DpopKey:
    """A key of the curve P-256, and the newest nonce of each server."""

    def __init__(self):
        self._key = ECKey.generate_key("P-256")
        self._nonces = {}
        # The number of requests that a server refused because of the nonce.
        self.refusals = 0

    def proof(self, method, url, token=None):
        """Returns a new proof for a request, with the newest nonce of the server."""
        claims = {"jti": generate_token(24), "htm": method, "htu": url.split("?")[0], "iat": int(time.time())}
        if nonce := self._nonces.get(_origin(url)):
            claims["nonce"] = nonce
        if token:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self._key.as_dict(private=False)}
        return jwt.encode(header, claims, self._key)

    def demands_nonce(self, response):
        """Keeps the nonce of a response, and tells if the server refused the request because of it."""
        if nonce := response.headers.get("dpop-nonce"):
            self._nonces[_origin(response.url)] = nonce
        is_refused = 'error="use_dpop_nonce"' in response.headers.get("www-authenticate", "")
        self.refusals += is_refused
        return is_refused


class DpopAuth(OAuth2Auth):
    """Adds a token and a proof to each request, and repeats a request once that lacks a nonce."""

    key = None

    def __call__(self, request):
        self.ensure_active_token()
        self._sign(request)
        request.register_hook("response", self._repeat)
        return request

    def _sign(self, request):
        token = self.token["access_token"]
        request.headers["Authorization"] = f"{self.token['token_type']} {token}"
        request.headers["DPoP"] = self.key.proof(request.method, request.url, token)

    def _repeat(self, response, **options):
        if not self.key.demands_nonce(response):
            return response
        # The connection can be used again when the body has been read.
        _ = response.content
        again = response.request.copy()
        self._sign(again)
        # The adapter calls no hooks, so that this happens once.
        return response.connection.send(again, **options)


class DpopSession(OAuth2Session):
    """A session whose requests prove possession of a key."""

    token_auth_class = DpopAuth

    def __init__(self, key, **settings):
        super().__init__(**settings)
        self.token_auth.key = key


def _origin(url):
    return "/".join(url.split("/")[:3])
