"""Drives Authlib against the example `payments-api`, with the proofs of `dpop.py`."""

from authlib.common.security import generate_token
from authlib.integrations.base_client import UnsupportedTokenTypeError
from authlib.integrations.requests_client import OAuth2Session
from browser import sign_in
from dpop import DpopKey, DpopSession
from report import check

# The public client of the example. The confidential one must push its requests, which Authlib cannot do.
CLIENT = {
    "client_id": "payments-app",
    "redirect_uri": "http://127.0.0.1:49152/callback",
    "code_challenge_method": "S256",
}


class Payments:
    """The flows at the authorization server and the API of the example."""

    def __init__(self, issuer, api):
        self.issuer = issuer
        self.api = api
        self.flows = {
            "DPoP": self.accounts,
            "DPoP, nonce": self.nonce,
            "DPoP, wrong key": self.wrong_key,
            "DPoP, as bearer": self.as_bearer,
        }

    def token(self, key):
        """Asks for a token that is bound to a key."""
        session = DpopSession(key, **CLIENT, scope="accounts:read")
        verifier = generate_token(48)
        url, state = session.create_authorization_url(
            f"{self.issuer}/authorize", code_verifier=verifier, resource=self.api
        )
        token = session.fetch_token(
            f"{self.issuer}/token",
            authorization_response=sign_in(self.issuer, url),
            state=state,
            code_verifier=verifier,
        )
        check(token["token_type"] == "DPoP", f"the type of the token is {token['token_type']}")
        return token

    def call(self, session):
        return session.get(f"{self.api}/api/accounts", timeout=10)

    def accepted_token(self, key):
        """Returns a token that the API accepts with a proof of the key."""
        token = self.token(key)
        answer = self.call(DpopSession(key, **CLIENT, token=token))
        check(answer.status_code == 200, f"the API answers {answer.status_code}")
        return token

    def accounts(self):
        self.accepted_token(DpopKey())

    def nonce(self):
        key = DpopKey()
        token = self.accepted_token(key)
        again = self.call(DpopSession(key, **CLIENT, token=token))
        check(again.status_code == 200, f"the API answers {again.status_code}")
        # The authorization server and the API have nonces of their own.
        check(key.refusals == 2, f"{key.refusals} requests were refused because of the nonce")

    def wrong_key(self):
        token = self.accepted_token(DpopKey())
        answer = self.call(DpopSession(DpopKey(), **CLIENT, token=token))
        challenge = answer.headers.get("www-authenticate", "no challenge")
        check(answer.status_code == 401 and 'error="invalid_token"' in challenge, challenge)

    def as_bearer(self):
        token = self.accepted_token(DpopKey())
        try:
            self.call(OAuth2Session(**CLIENT, token=token))
        except UnsupportedTokenTypeError:
            pass
        else:
            raise AssertionError("Authlib itself uses a token with the type DPoP")
        answer = self.call(OAuth2Session(**CLIENT, token={**token, "token_type": "Bearer"}))
        check(answer.status_code == 401, f"the API answers {answer.status_code}")
