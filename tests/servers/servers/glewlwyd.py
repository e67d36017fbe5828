"""Glewlwyd of Debian. Its login page is a script, whose requests this module sends."""

import sqlite3
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from harness import debian
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, DEVICE, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE, READ, WRITE
from harness.key_file import KeyFile
from harness.network import accepts_connections
from harness.process import Failure, Process
from harness.web import Agent
from servers.base import API, BRIEF, BRIEF_SECONDS, OTHER, PASSWORD, REDIRECT_URI, USER, Client, Server

_PLUGIN = "oidc"
# The settings of the plugin, which hold the keys, are 16,000 characters at most.
_KEYS = 10
_SECRET = "secret-of-a-client"
_SCHEMA = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
_SCOPES = ["openid", READ, WRITE]
_CONFIGURATION = """
port = {port}
bind_address = "127.0.0.1"
external_url = "{origin}"
login_url = "login.html"
api_prefix = "api"
static_files_path = "/usr/share/glewlwyd/webapp/"
static_files_mime_types = ({{ extension = ".html" mime_type = "text/html" compress = 0 }})
log_mode = "file"
log_level = "WARNING"
log_file = "{log}"
cookie_domain = ""
cookie_secure = 0
session_expiration = 3600
session_key = "GLEWLWYD2_SESSION_ID"
admin_scope = "g_admin"
profile_scope = "g_profile"
admin_session_authentication = "cookie"
profile_session_authentication = "cookie"
user_module_path = "/usr/lib/glewlwyd/user"
user_middleware_module_path = "/usr/lib/glewlwyd/user_middleware"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
use_secure_connection = false
secure_connection_key_file = ""
secure_connection_pem_file = ""
secure_connection_ca_file = ""
hash_algorithm = "SHA512"
database = {{ type = "sqlite3" path = "{database}" }};
"""


class Glewlwyd(Server):
    name = "glewlwyd"
    version = "2.7.5"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH, DEVICE)

    def __init__(self):
        super().__init__()
        self._database = self.scratch / "glewlwyd.db"
        self._keys: KeyFile | None = None
        self._administrator = Agent()

    def install(self):
        debian.install("glewlwyd", self.version, ("glewlwyd-common",), self.folder / "install.log")

    def launch(self, place):
        is_first = self.place is None
        self.place = place
        if is_first:
            self._keys = KeyFile(self.scratch / "keys.json", ["RS256"], names_each_algorithm=True)
            self._database.unlink(missing_ok=True)
            with sqlite3.connect(self._database) as database:
                database.executescript(_SCHEMA.read_text())
        configuration = self.scratch / "glewlwyd.conf"
        configuration.write_text(_CONFIGURATION.format(
            port=place.port, origin=place.origin, log=self.scratch / "glewlwyd.log",
            database=self._database,
        ))
        self.process = Process(
            "glewlwyd", f"--config-file={configuration}", folder=self.scratch, log=self.log
        )
        self.process.wait_until(lambda: accepts_connections(place.port), self.start_seconds)
        self._administrator = Agent()
        self._admin("POST", "/auth/", {"username": "admin", "password": "password"})
        if is_first:
            self._create_entries()
        self._set_plugins("POST" if is_first else "PUT")

    def issuer(self, place):
        # Each instance of the plugin has a path of its own.
        return f"{place.origin}/api/{_PLUGIN}"

    def client(self, flow, purpose):
        # Without `resource` (RFC 8707) the audience is the list of scopes.
        known = API if purpose.startswith("alg:") else purpose
        resource = {"resource": OTHER_AUDIENCE if purpose == OTHER else AUDIENCE}
        return Client(
            f"client-{known}", _SECRET, authorization=resource,
            token=resource if flow == CLIENT_CREDENTIALS else {},
        )

    def endpoint(self, purpose, url):
        """Lifetimes are a setting of an instance of the plugin, so that short ones have their own."""
        return url.replace(f"/{_PLUGIN}/", f"/{BRIEF}/") if purpose == BRIEF else url

    def algorithms(self):
        return ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

    def sign_with(self, algorithm):
        self._keys.add(algorithm, _KEYS)
        self._set_plugins("PUT")

    def add_key(self):
        self.sign_with("RS256")

    def withdraw_keys(self):
        self._keys.withdraw()
        self._set_plugins("PUT")

    def next_page(self, agent, page):
        address = urlsplit(page.url)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        # The last page of a device flow names no client.
        if not address.path.endswith("/login.html") or "client_id" not in query:
            return None
        callback = query["callback_url"]
        api = f"{self.place.origin}/api/auth"
        agent.send_json("POST", f"{api}/", {"username": USER, "password": PASSWORD})
        agent.send_json("PUT", f"{api}/grant/{query['client_id']}", {"scope": " ".join(_SCOPES)})
        return agent.get(f"{callback}{'&' if '?' in callback else '?'}g_continue")

    def _create_entries(self):
        for scope in (READ, WRITE):
            self._admin("POST", "/scope/", {"name": scope, "password_required": True, "scheme": {}})
        self._admin("POST", "/user/", {
            "username": USER, "password": PASSWORD, "name": "Alice", "enabled": True, "scope": _SCOPES,
        })
        for purpose in (API, BRIEF, OTHER):
            self._admin("POST", "/client/", {
                "client_id": f"client-{purpose}", "client_secret": _SECRET, "name": purpose, "enabled": True,
                "confidential": True, "redirect_uri": [REDIRECT_URI], "scope": _SCOPES,
                "authorization_type": ["code", "client_credentials", "refresh_token", "device_authorization"],
                "token_endpoint_auth_method": ["client_secret_basic"],
                "resource": [AUDIENCE, OTHER_AUDIENCE],
            })

    def _set_plugins(self, method):
        """Writes the settings of the plugin instances and restarts the instances."""
        for name, seconds in ((_PLUGIN, 300), (BRIEF, BRIEF_SECONDS)):
            path = "/mod/plugin/" if method == "POST" else f"/mod/plugin/{name}"
            self._admin(method, path, {
                "module": "oidc", "name": name, "display_name": name, "enabled": True,
                "parameters": self._parameters(seconds),
            })
            if method == "PUT":
                self._admin("PUT", f"/mod/plugin/{name}/reset", None)

    def _parameters(self, seconds: int) -> dict:
        return {
            "iss": self.issuer(self.place), "jwks-private": self._keys.file.read_text(), "jwks-show": True,
            "access-token-duration": seconds, "refresh-token-duration": 3600, "code-duration": 600,
            "allow-non-oidc": True, "auth-type-code-enabled": True, "auth-type-client-enabled": True,
            "auth-type-refresh-enabled": True, "auth-type-device-enabled": True, "pkce-allowed": True,
            "resource-allowed": True, "resource-client-property": "resource",
        }

    def _admin(self, method, path, document):
        url = f"http://127.0.0.1:{self.place.port}/api{path}"
        response = self._administrator.send_json(method, url, document)
        if response.status != 200:
            raise Failure(f"the admin API answered {response.status} to {method} {path}: {response.text[:300]}")

