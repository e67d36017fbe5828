"""DPoP (RFC 9449) for sessions of Authlib, which has none itself.

Authlib 1.9 refuses a token with the type `DPoP` when it is used first (`UnsupportedTokenTypeError`). A session takes
the classes that sign its requests from attributes; here they are other ones. joserfc, the JOSE library of Authlib, makes
the proofs.
"""

import hashlib
import time
from base64 import urlsafe_b64encode
from functools import partial

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Auth, OAuth2Session
from authlib.integrations.requests_client.oauth2_session import OAuth2ClientAuth
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
        # An API says it in the challenge, and the token endpoint in the body (RFC 9449 sections 8 and 9).
        is_refused = response.status_code in (400, 401) and "use_dpop_nonce" in (
            response.headers.get("www-authenticate", "") + response.text
        )
        self.refusals += is_refused
        return is_refused


class Proof:
    """Adds a proof to each request, and repeats a request once that lacks a nonce."""

    key = None

    def prove(self, request, token=None):
        request.headers["DPoP"] = self.key.proof(request.method, request.url, token)
        request.register_hook("response", partial(self._repeat, token))

    def _repeat(self, token, response, **options):
        if not self.key.demands_nonce(response):
            return response
        again = response.request.copy()
        again.headers["DPoP"] = self.key.proof(again.method, again.url, token)
        # The adapter calls no hooks, so that this happens once.
        return response.connection.send(again, **options)


class TokenProof(Proof, OAuth2Auth):
    """Authorizes the requests to an API."""

    def __call__(self, request):
        self.ensure_active_token()
        token = self.token["access_token"]
        request.headers["Authorization"] = f"{self.token['token_type']} {token}"
        self.prove(request, token)
        return request


class ClientProof(Proof, OAuth2ClientAuth):
    """Authenticates the client at the token endpoint."""

    def __call__(self, request):
        authenticated = super().__call__(request)
        self.prove(authenticated)
        return authenticated


class DpopSession(OAuth2Session):
    """A session whose requests prove possession of a key."""

    token_auth_class = TokenProof
    client_auth_class = ClientProof

    def __init__(self, key, **settings):
        super().__init__(**settings)
        self.key = self.token_auth.key = key

    def client_auth(self, auth_method):
        authentication = super().client_auth(auth_method)
        authentication.key = self.key
        return authentication


def _origin(url):
    return "/".join(url.split("/")[:3])
