"""LemonLDAP::NG of Debian. Its portal runs below Starman."""

import json
import shutil
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from harness import debian
from harness.flow_names import AUTHORIZATION_CODE, CLIENT_CREDENTIALS, REFRESH
from harness.items_api import AUDIENCE, OTHER_AUDIENCE
from harness.network import accepts_connections
from harness.process import Process
from servers.base import API, BRIEF, BRIEF_SECONDS, OTHER, REDIRECT_URI, Client, Server

_SOURCE = Path(__file__).parent
_SECRET = "secret-of-a-client"
# A user of the authentication module `Demo`, which comes with the product.
_USER = "dwho"
_ALGORITHMS = ["RS256", "RS384", "RS512"]
# A web server for the portal, and modules that its issuer loads without depending on their packages.
_OTHER_PACKAGES = (
    "lemonldap-ng-fastcgi-server", "starman", "libplack-perl", "libgd-securityimage-perl",
    "libimage-magick-perl", "libstring-random-perl", "libio-string-perl", "libhash-merge-simple-perl",
)
_INI = """[all]
logLevel = warn
[configuration]
type = File
dirName = {folder}/conf
localStorage = Cache::FileCache
localStorageOptions = {{ 'namespace' => 'conf', 'cache_root' => '{folder}/cache' }}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
"""


class LemonLdap(Server):
    name = "lemonldap"
    version = "2.16.1"
    flows = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, REFRESH)

    def __init__(self):
        super().__init__()
        self._data = self.scratch / "portal"
        self._key_count = 0
        self._key = ""

    def install(self):
        debian.install(
            "liblemonldap-ng-portal-perl", self.version, _OTHER_PACKAGES, self.folder / "install.log"
        )

    def launch(self, place):
        if self.place is None:
            shutil.rmtree(self._data, ignore_errors=True)
            self._generate_key()
        self.place = place
        for name in ("conf", "cache", "sessions/lock", "psessions/lock"):
            (self._data / name).mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self._data / "cache")
        ini = self._data / "lemonldap-ng.ini"
        ini.write_text(_INI.format(folder=self._data))
        (self._data / "conf" / "lmConf-1.json").write_text(json.dumps(self._settings(place)))
        self.process = Process(
            "starman", "--workers", "2", "--listen", f"127.0.0.1:{place.port}", str(_SOURCE / "portal.psgi"),
            folder=self.scratch, log=self.log, LLNG_DEFAULTCONFFILE=str(ini), PORTAL_PATH=place.path or "/",
        )
        self.process.wait_until(lambda: accepts_connections(place.port), self.start_seconds)

    def client(self, flow, purpose):
        return Client(_identifier(purpose), _SECRET)

    def algorithms(self):
        return _ALGORITHMS

    def add_key(self):
        """Replaces the key, because the product has one key only."""
        self._generate_key()
        self.stop()
        self.launch(self.place)

    def withdraw_keys(self):
        """Does nothing: a new key replaces the old one."""

    def login_values(self):
        return {"user": _USER, "password": _USER}

    def _generate_key(self):
        self._key_count += 1
        self._key = rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def _settings(self, place) -> dict:
        purposes = [API, BRIEF, OTHER, *(f"alg:{algorithm}" for algorithm in _ALGORITHMS)]
        sessions, persistent = str(self._data / "sessions"), str(self._data / "psessions")
        return {
            "cfgNum": 1, "cfgVersion": self.version, "cfgAuthor": "tests", "cfgDate": "1",
            "authentication": "Demo", "userDB": "Same", "passwordDB": "Demo", "registerDB": "Null",
            "demoExportedVars": {"uid": "uid"}, "exportedVars": {}, "macros": {}, "groups": {},
            "portal": f"{place.base}/", "domain": place.host, "cookieName": "lemonldap", "securedCookie": 0,
            "whatToTrace": "uid", "locationRules": {}, "exportedHeaders": {},
            "globalStorage": "Apache::Session::File",
            "globalStorageOptions": {"Directory": sessions, "LockDirectory": f"{sessions}/lock"},
            "persistentStorage": "Apache::Session::File",
            "persistentStorageOptions": {"Directory": persistent, "LockDirectory": f"{persistent}/lock"},
            "localSessionStorage": "Cache::FileCache",
            "localSessionStorageOptions": {"namespace": "sessions", "cache_root": str(self._data / "cache")},
            "issuerDBOpenIDConnectActivation": 1,
            "oidcServiceMetaDataIssuer": self.issuer(place),
            "oidcServicePrivateKeySig": self._key, "oidcServiceKeyIdSig": f"key-{self._key_count}",
            "oidcRPMetaDataOptions": {_identifier(purpose): _client(purpose) for purpose in purposes},
            "oidcRPMetaDataExportedVars": {_identifier(purpose): {} for purpose in purposes},
        }


def _identifier(purpose: str) -> str:
    return f"client-{purpose.replace(':', '-')}"


def _client(purpose: str) -> dict:
    options = {
        "ClientID": _identifier(purpose), "ClientSecret": _SECRET, "DisplayName": purpose,
        "RedirectUris": REDIRECT_URI, "AllowClientCredentialsGrant": 1, "RefreshToken": 1, "RequirePKCE": 1,
        "AccessTokenJWT": 1, "IDTokenSignAlg": "RS256", "UserIDAttr": "uid",
        "AccessTokenSignAlg": purpose.removeprefix("alg:") if purpose.startswith("alg:") else "RS256",
        "AccessTokenExpiration": BRIEF_SECONDS if purpose == BRIEF else 300,
        "AdditionalAudiences": OTHER_AUDIENCE if purpose == OTHER else AUDIENCE,
    }
    return {f"oidcRPMetaDataOptions{name}": value for name, value in options.items()}
