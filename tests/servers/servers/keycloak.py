"""Keycloak, in the form in which it runs in production, with its embedded database."""

import shutil
import zipfile

from harness import maven
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE, READ, WRITE
from harness.network import accepts_connections
from harness.process import Failure, Process, execute, require
from harness.web import Agent, Response
from servers import token_kinds
from servers.base import (
    BRIEF, BRIEF_SECONDS, OTHER, PASSWORD, REDIRECT_URI, RESOURCE_SERVER, USER, Client, Server,
)
from servers.token_kinds import CERTIFICATE, DPOP

_REALM, _SECRET, _ADMIN = "acme", "secret-of-a-client", "admin"
_KEYS = "org.keycloak.keys.KeyProvider"
# The settings that are fixed when the server is built. It asks clients for a certificate, without requiring one.
_BUILD = ("--db=dev-file", "--cache=local", "--https-client-auth=request")


class Keycloak(Server):
    name = "keycloak"
    version = "26.7.3"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH, DEVICE)
    serves_any_host = True
    issues_token_kinds = True

    def __init__(self):
        super().__init__()
        self._home = self.folder / f"keycloak-{self.version}"
        self._clients: set[str] = set()
        self._priority = 200

    def install(self):
        require("java", "mvn")
        built = self._home / ".built"
        if not built.exists() or built.read_text().split() != [*_BUILD]:
            shutil.rmtree(self._home, ignore_errors=True)
            archive = maven.artifact(
                "org.keycloak", "keycloak-quarkus-dist", self.version, "zip", self.folder
            )
            with zipfile.ZipFile(archive) as content:
                content.extractall(self.folder)
            execute("bash", "bin/kc.sh", "build", *_BUILD, folder=self._home, log=self.folder / "install.log")
            built.write_text("\n".join(_BUILD))
        shutil.rmtree(self._home / "data", ignore_errors=True)

    def launch(self, place):
        self.place = place
        self.process = Process(
            "bash", "bin/kc.sh", "start", "--optimized", "--http-enabled=true", "--hostname-strict=false",
            "--http-host=127.0.0.1", f"--http-port={place.port}", "--proxy-headers=xforwarded",
            f"--https-port={self.tls_port}", f"--https-certificate-file={self.authority.leaf}",
            f"--https-certificate-key-file={self.authority.leaf}", f"--https-trust-store-file={self.authority.file}",
            folder=self._home, log=self.log, KC_BOOTSTRAP_ADMIN_USERNAME=_ADMIN,
            KC_BOOTSTRAP_ADMIN_PASSWORD=_ADMIN, JAVA_OPTS_KC_HEAP="-Xms64m -Xmx512m",
        )
        self.process.wait_until(lambda: accepts_connections(place.port), self.start_seconds)
        if self.admin("GET", "", accept=(200, 404)).status == 404:
            self._create_realm()

    def issuer_settings(self) -> dict:
        return {"provider": "keycloak"}

    def issuer(self, place):
        # Every realm has a path of its own.
        return f"{place.origin}/realms/{_REALM}"

    def client(self, flow, purpose):
        if purpose not in self._clients:
            self.admin("POST", "/clients", _client(purpose))
            self._clients.add(purpose)
        has_secret = token_kinds.of_purpose(purpose).binding != CERTIFICATE
        return Client(_identifier(purpose), _SECRET if has_secret else None)

    def introspection_settings(self):
        # A lightweight token has a signature, but no audience.
        return {"mode": "always"}

    def algorithms(self):
        metadata = Agent().get(f"http://127.0.0.1:{self.place.port}/realms/{_REALM}/.well-known/openid-configuration")
        return sorted(metadata.json()["id_token_signing_alg_values_supported"])

    def add_key(self):
        self._priority += 1
        self.admin("POST", "/components", {
            "name": f"rsa-{self._priority}", "providerId": "rsa-generated", "providerType": _KEYS,
            "config": {"priority": [str(self._priority)], "algorithm": ["RS256"], "keySize": ["2048"]},
        })

    def withdraw_keys(self):
        for component in self.admin("GET", f"/components?type={_KEYS}").json():
            config = component["config"]
            is_current = config.get("priority") == [str(self._priority)]
            if component["providerId"] == "rsa-generated" and not is_current:
                self.admin("DELETE", f"/components/{component['id']}")

    def _create_realm(self):
        self.admin("POST", None, {"realm": _REALM, "enabled": True})
        for scope in (READ, WRITE):
            self.admin("POST", "/client-scopes", {
                "name": scope, "protocol": "openid-connect", "attributes": {"include.in.token.scope": "true"},
            })
        self.admin("POST", "/users", {
            "username": USER, "enabled": True, "email": f"{USER}@example.com", "emailVerified": True,
            "firstName": "Alice", "lastName": "Liddell",
            "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
        })

    def admin(self, method, path, document=None, accept=(200, 201, 204)) -> Response:
        """Sends a request to the admin API. `path` is below the realm; `None` names all realms."""
        origin = f"http://127.0.0.1:{self.place.port}"
        token = Agent().post_form(f"{origin}/realms/master/protocol/openid-connect/token", {
            "grant_type": "password", "client_id": "admin-cli", "username": _ADMIN, "password": _ADMIN,
        }).json()["access_token"]
        url = f"{origin}/admin/realms" + ("" if path is None else f"/{_REALM}{path}")
        response = Agent().send_json(method, url, document, authorization=f"Bearer {token}")
        if response.status not in accept:
            raise Failure(f"the admin API answered {response.status} to {method} {path}: {response.text}")
        return response


def _identifier(purpose: str) -> str:
    # The server answers only a client that is in the audience of the token.
    return AUDIENCE if purpose == RESOURCE_SERVER else f"client-{purpose.replace(':', '-')}"


def _client(purpose: str) -> dict:
    kind = token_kinds.of_purpose(purpose)
    attributes = {"oauth2.device.authorization.grant.enabled": "true"} | _attributes(kind)
    if purpose == BRIEF:
        attributes["access.token.lifespan"] = str(BRIEF_SECONDS)
    if purpose.startswith("alg:"):
        attributes["access.token.signed.response.alg"] = purpose.removeprefix("alg:")
    audience = OTHER_AUDIENCE if purpose.startswith(OTHER) else AUDIENCE
    return {
        "clientId": _identifier(purpose), "secret": _SECRET, "protocol": "openid-connect", "publicClient": False,
        "clientAuthenticatorType": "client-x509" if kind.binding == CERTIFICATE else "client-secret",
        "redirectUris": [REDIRECT_URI], "serviceAccountsEnabled": True, "attributes": attributes,
        "defaultClientScopes": ["basic", "profile"], "optionalClientScopes": [READ, WRITE, "offline_access"],
        "protocolMappers": [] if kind.is_without_audience else [_audience_mapper(audience)],
    }


def _attributes(kind: token_kinds.TokenKind) -> dict:
    attributes = {"client.use.lightweight.access.token.enabled": "true"} if kind.is_introspected else {}
    if kind.binding == DPOP:
        attributes["dpop.bound.access.tokens"] = "true"
    if kind.binding == CERTIFICATE:
        attributes |= {"tls.client.certificate.bound.access.tokens": "true", "x509.subjectdn": "CN=client"}
    return attributes


def _audience_mapper(audience: str) -> dict:
    return {
        "name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
        "config": {"included.custom.audience": audience, "access.token.claim": "true", "id.token.claim": "false"},
    }
