"""The records of the application, with the methods that Authlib calls."""

import time
from dataclasses import dataclass, field

from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin, list_to_scope, scope_to_list
from authlib.oidc.core import AuthorizationCodeMixin


@dataclass
class User:
    name: str

    def get_user_id(self):
        return self.name


class Client(ClientMixin):
    def __init__(self, identifier: str, secret: str, redirect: str, audience: str, algorithm: str, seconds: int):
        self.client_id, self.secret, self.redirect = identifier, secret, redirect
        self.audience, self.algorithm, self.seconds = audience, algorithm, seconds

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return self.redirect

    def get_allowed_scope(self, scope):
        allowed = {"openid", "items:read", "items:write"}
        return list_to_scope([one for one in scope_to_list(scope) or [] if one in allowed])

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri == self.redirect

    def check_client_secret(self, client_secret):
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return True


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.auth_time

    def get_acr(self):
        return None

    def get_amr(self):
        return None


@dataclass
class RefreshToken(TokenMixin):
    client_id: str
    scope: str

    def check_client(self, client):
        return client.get_client_id() == self.client_id

    def get_scope(self):
        return self.scope
