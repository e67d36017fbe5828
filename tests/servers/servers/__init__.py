"""The servers that the harness can install and drive, in the order in which they run."""

from servers.authlib import Authlib
from servers.better_auth import BetterAuth
from servers.glewlwyd import Glewlwyd
from servers.hydra import Hydra
from servers.keycloak import Keycloak
from servers.lemonldap import LemonLdap
from servers.oidc_provider import OidcProvider
from servers.spring import Spring
from servers.zitadel import Zitadel

_CLASSES = (Keycloak, Spring, OidcProvider, Zitadel, BetterAuth, Hydra, Authlib, LemonLdap, Glewlwyd)

SERVERS = {server.name: server for server in _CLASSES}
