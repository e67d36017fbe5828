"""Drives Authlib through the flows. Usage: client.py ISSUER API PAYMENTS_ISSUER PAYMENTS_API"""

import sys

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from browser import sign_in
from joserfc.errors import JoseError
from payments import Payments
from report import check

ISSUER, API, PAYMENTS_ISSUER, PAYMENTS_API = sys.argv[1:]
SECRET = "a secret: 100%"
# The public client has registered no port, and may use any.
CALLBACK = {"program": "http://127.0.0.1:49152/callback", "service": "http://127.0.0.1:3000/callback"}


class Session:
    """The framework of the application, without a web server."""

    def update_token(self, token, refresh_token=None, access_token=None):
        pass


class Client(OAuth2Mixin, OpenIDMixin, BaseApp):
    """An application with OpenID Connect, as Authlib builds it for Flask and Django."""

    client_cls = OAuth2Session


def client(client_id, method):
    return Client(
        Session(),
        client_id=client_id,
        client_secret=None if method == "none" else SECRET,
        server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid items:read",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": method,
        },
    )


PROGRAM = client("program", "none")
SERVICE = client("service", "client_secret_basic")
POSTING = client("service", "client_secret_post")
OPAQUE = client("opaque", "client_secret_basic")
# The API as a client of the introspection endpoint.
RESOURCE = client("api", "client_secret_basic")


def code(client, verifier=None, nonce=None, **parameters):
    """Returns the token response and the verified claims of its ID token."""
    callback = CALLBACK[client.client_id]
    begun = client.create_authorization_url(callback, **parameters)
    location = sign_in(ISSUER, begun["url"])
    token = client.fetch_access_token(
        callback,
        authorization_response=location,
        state=begun["state"],
        code_verifier=verifier or begun["code_verifier"],
        **parameters,
    )
    return token, client.parse_id_token(token, nonce=nonce or begun["nonce"])


def call(token):
    return requests.get(
        f"{API}/whoami", headers={"authorization": f"Bearer {token}"}, timeout=10
    )


def accepted(token, subject, client):
    answer = call(token["access_token"])
    check(answer.status_code == 200, f"the API answers {answer.status_code}")
    body = answer.json()
    check((body["subject"], body["client"]) == (subject, client), body)
    check("items:read" in body["scopes"], "the scope is missing")


def refused(action, code):
    try:
        action()
    except (AuthlibBaseError, JoseError) as error:
        check(error.error == code, f"refused for another reason: {error}")
    else:
        raise AssertionError("not refused")


def session(client, **settings):
    method = client.client_kwargs["token_endpoint_auth_method"]
    return OAuth2Session(
        client.client_id, client.client_secret, token_endpoint_auth_method=method, **settings
    )


def client_credentials():
    for client in (SERVICE, POSTING):
        token = session(client).fetch_token(
            f"{ISSUER}/token", grant_type="client_credentials", scope="items:read"
        )
        accepted(token, "service", "service")


def confidential_code():
    for client in (SERVICE, POSTING):
        accepted(code(client)[0], "bob", "service")


def refresh(client):
    first, _ = code(client)

    def again():
        # Authlib keeps the token of the session up to date, hence a session for each refresh.
        opened = session(client)
        return opened.refresh_token(f"{ISSUER}/token", refresh_token=first["refresh_token"])

    second = again()
    accepted(second, "bob", client.client_id)
    check(client.parse_id_token(second, nonce=None)["sub"] == "bob", "no ID token")
    refused(again, "invalid_grant")


def resource():
    accepted(code(PROGRAM, resource=f"{API}/")[0], "bob", "program")
    other, _ = code(PROGRAM, resource="https://other.example.com")
    check(call(other["access_token"]).status_code == 401, "the API accepts another audience")


def id_token():
    # Authlib compares `nonce` and `at_hash`.
    token, claims = code(PROGRAM, max_age=60)
    check(claims["sub"] == "bob" and claims["at_hash"], "a claim is missing")
    check(call(token["id_token"]).status_code == 401, "the API accepts the ID token")


def both_kinds():
    """Returns the token of a user and an opaque one of a client, each with its client and its subject."""
    opaque = session(OPAQUE).fetch_token(f"{ISSUER}/token", grant_type="client_credentials", scope="items:read")
    return (PROGRAM, "bob", code(PROGRAM)[0]["access_token"]), (OPAQUE, "opaque", opaque["access_token"])


def introspect(token):
    return session(RESOURCE).introspect_token(f"{ISSUER}/introspect", token=token).json()


def introspection():
    for client, subject, token in both_kinds():
        answer = introspect(token)
        check(answer["active"] and (answer["sub"], answer["client_id"]) == (subject, client.client_id), answer)
        check("items:read" in answer["scope"] and answer["iss"] == ISSUER, answer)
        check(not introspect(f"{token}x")["active"], "an unknown token is active")


def revocation():
    for client, _, token in both_kinds():
        answer = session(client).revoke_token(f"{ISSUER}/revoke", token=token)
        check(answer.status_code == 200, f"the revocation answers {answer.status_code}")
        check(not introspect(token)["active"], "a revoked token is active")


def user_info():
    token, _ = code(PROGRAM)
    check(PROGRAM.userinfo(token=token)["sub"] == "bob", "another subject")


FLOWS = {
    "client credentials": client_credentials,
    "code, public client": lambda: accepted(code(PROGRAM)[0], "bob", "program"),
    "code, confidential client": confidential_code,
    "wrong code verifier": lambda: refused(
        lambda: code(PROGRAM, verifier=generate_token(48)), "invalid_grant"
    ),
    "refresh, public client": lambda: refresh(PROGRAM),
    "refresh, confidential client": lambda: refresh(SERVICE),
    "resource": resource,
    "ID token": id_token,
    "wrong nonce": lambda: refused(lambda: code(PROGRAM, nonce="other"), "invalid_claim"),
    "introspection": introspection,
    "revocation": revocation,
    "userinfo": user_info,
}

for name, flow in {**FLOWS, **Payments(PAYMENTS_ISSUER, PAYMENTS_API).flows}.items():
    try:
        flow()
        outcome = "passed"
    except Exception as error:  # A flow that fails must not hide the others.
        text = " ".join(f"{type(error).__name__}: {error}".split())
        outcome = f"failed: {text}"
    print(f"{name}\t{outcome}", flush=True)
