"""An authorization server as the documentation of Authlib builds one with Flask.

The argument is a JSON file: issuer, path, port, keys, user, password, clients.
"""

import json
import sys
from pathlib import Path

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Blueprint, Flask, jsonify, request
from joserfc.jwk import KeySet
from models import Client, Code, RefreshToken, User
from werkzeug.serving import make_server

SETTINGS = json.loads(Path(sys.argv[1]).read_text())
ISSUER = SETTINGS["issuer"]
CODES, TOKENS, DEVICES, APPROVED = {}, {}, {}, set()


def keys() -> KeySet:
    """Reads the key file, for each token and for each request for the key set."""
    return KeySet.import_key_set(json.loads(Path(SETTINGS["keys"]).read_text()))


def signing_keys(algorithm: str) -> KeySet:
    """Returns a set of the newest key for an algorithm, which stands first in the file.

    Only for a set, and not for a key, does the package write `kid` into the header of a token.
    """
    kind = {"RS256": "RSA", "ES256": "EC"}[algorithm]
    return KeySet([next(key for key in keys().keys if key.key_type == kind)])


class AuthorizationCodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code, request):
        data = request.payload.data
        CODES[code] = Code(
            code, request.client.client_id, request.payload.redirect_uri, request.payload.scope,
            data.get("nonce"), data.get("code_challenge"), data.get("code_challenge_method"),
        )

    def query_authorization_code(self, code, client):
        found = CODES.get(code)
        return found if found and found.client_id == client.client_id else None

    def delete_authorization_code(self, authorization_code):
        CODES.pop(authorization_code.code)

    def authenticate_user(self, authorization_code):
        return User(SETTINGS["user"])


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        return TOKENS.get(refresh_token)

    def authenticate_user(self, refresh_token):
        return User(SETTINGS["user"])

    def revoke_old_credential(self, refresh_token):
        pass


class DeviceGrant(DeviceCodeGrant):
    def query_device_credential(self, device_code):
        return DEVICES.get(device_code)

    def query_user_grant(self, user_code):
        return (User(SETTINGS["user"]), True) if user_code in APPROVED else None

    def should_slow_down(self, credential):
        return False


class DeviceEndpoint(DeviceAuthorizationEndpoint):
    def get_verification_uri(self):
        return f"{ISSUER}/device"

    def save_device_credential(self, client_id, scope, data):
        DEVICES[data["device_code"]] = DeviceCredentialDict(client_id=client_id, scope=scope, **data)


class OpenID(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return False

    def resolve_client_private_key(self, client):
        return signing_keys("RS256")

    def get_client_claims(self, client):
        return {"iss": ISSUER, "aud": [client.get_client_id()]}

    def generate_user_info(self, user, scope):
        return UserInfo(sub=user.get_user_id())


class AccessTokens(JWTBearerTokenGenerator):
    """Generates the tokens of one client."""

    def __init__(self, client: Client):
        super().__init__(
            ISSUER, client.algorithm, expires_generator=client.seconds,
            refresh_token_generator=lambda **_: "refresh-" + self.get_jti(None, None, None, None),
        )

    def get_jwks(self):
        return signing_keys(self.alg)

    def get_audiences(self, client, user, scope):
        return client.audience


def generate_token(*, client, **about):
    return AccessTokens(client)(client=client, **about)


def save_token(token, request):
    if "refresh_token" in token:
        TOKENS[token["refresh_token"]] = RefreshToken(request.client.client_id, token["scope"])


clients = {entry["identifier"]: Client(**entry) for entry in SETTINGS["clients"]}
app = Flask(__name__)
server = AuthorizationServer(app, query_client=clients.get, save_token=save_token)
server.register_token_generator("default", generate_token)
server.register_grant(AuthorizationCodeGrant, [OpenID(), CodeChallenge(required=True)])
server.register_grant(grants.ClientCredentialsGrant)
server.register_grant(RefreshGrant)
server.register_grant(DeviceGrant)
server.register_endpoint(DeviceEndpoint)
pages = Blueprint("pages", __name__)

LOGIN = '<!DOCTYPE html><form method="post"><input name="username"><input name="password" type="password">{}</form>'


def is_signed_in() -> bool:
    return (request.form.get("username"), request.form.get("password")) == (SETTINGS["user"], SETTINGS["password"])


@pages.route("/authorize", methods=["GET", "POST"])
def authorize():
    user = User(SETTINGS["user"]) if request.method == "POST" and is_signed_in() else None
    grant = server.get_consent_grant(end_user=user)
    if user is None:
        return LOGIN.format("")
    return server.create_authorization_response(grant=grant, grant_user=user)


@pages.route("/device", methods=["GET", "POST"])
def device():
    if request.method == "GET":
        return LOGIN.format('<input name="user_code">')
    if not is_signed_in():
        return "wrong user or password", 403
    APPROVED.add(request.form["user_code"])
    return "The device may continue."


@pages.post("/token")
def token():
    return server.create_token_response()


@pages.post("/device_authorization")
def device_authorization():
    return server.create_endpoint_response(DeviceEndpoint.ENDPOINT_NAME)


@pages.get("/keys")
def key_set():
    return jsonify(keys().as_dict(private=False))


@pages.get("/.well-known/openid-configuration")
def metadata():
    return jsonify({
        "issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token", "device_authorization_endpoint": f"{ISSUER}/device_authorization",
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })


app.register_blueprint(pages, url_prefix=SETTINGS["path"] or None)
make_server("127.0.0.1", SETTINGS["port"], app, threaded=True).serve_forever()
