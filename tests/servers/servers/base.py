"""The interface between the harness and the modules of the servers."""

from dataclasses import dataclass, field
from pathlib import Path

from harness.folders import installation, scratch
from harness.network import free_port
from harness.place import Place
from harness.process import Process
from harness.tls import CertificateAuthority
from harness.web import Agent, Response

USER, PASSWORD = "alice", "wonderland-7"
# Nobody opens this address: the harness reads it from the redirect.
REDIRECT_URI = "https://client.example.com/callback"

# The purposes of clients. A purpose that starts with `alg:` names a signing algorithm.
API, BRIEF, OTHER = "api", "brief", "other"
# The client by which the API introspects tokens. Further purposes are those of `token_kinds`.
RESOURCE_SERVER = "resource-server"
BRIEF_SECONDS = 4


@dataclass(frozen=True)
class Client:
    """The credentials of a client, and the other parameters of its requests."""

    identifier: str
    secret: str | None
    authorization: dict = field(default_factory=dict)
    token: dict = field(default_factory=dict)
    # The scopes that every request of a user carries, for example for a refresh token, and those of
    # a request with client credentials.
    user_scopes: str = "openid"
    machine_scopes: str = ""
    # Secrets go into the body of the request instead of the `Authorization` header.
    is_secret_in_body: bool = False


class Server:
    """A third-party authorization server. Each module of this folder has one subclass."""

    name: str
    version: str
    flows: tuple[str, ...]
    # True if the server answers requests for any host name without a restart.
    serves_any_host = False
    # True if the server issues the tokens of `token_kinds`. It has to terminate TLS itself for that.
    issues_token_kinds = False
    # Seconds from the start of the program to its first answer.
    start_seconds = 300

    def __init__(self):
        self.folder = installation(self.name)
        self.scratch = scratch(self.name)
        self.log: Path = self.scratch / "server.log"
        self.place: Place | None = None
        # The port and the authority for a server that terminates TLS itself.
        self.tls_port = free_port()
        self.authority = CertificateAuthority(self.scratch)
        # `launch` sets the process.
        self.process: Process | None = None

    def install(self) -> None:
        """Installs the server. Raises `NotRun` if this machine cannot have it."""
        raise NotImplementedError

    def launch(self, place: Place) -> None:
        """Starts the server and waits until it answers. Keys and clients survive a stop."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stops the server that `launch` started. Does nothing if it has stopped already."""
        if self.process:
            self.process.stop()

    def issuer(self, place: Place) -> str:
        """Returns the issuer identifier that tokens carry."""
        return place.base

    def metadata_url(self, place: Place) -> str:
        """Returns the address at which clients of this server look for its metadata."""
        return f"{self.issuer(place).rstrip('/')}/.well-known/openid-configuration"

    def issuer_settings(self) -> dict:
        """Returns the settings of this issuer at the API, without its identifier."""
        return {}

    def introspection_settings(self) -> dict:
        """Returns the settings of the introspection at the API, without the credentials of the API."""
        raise NotImplementedError

    def client(self, flow: str, purpose: str) -> Client:
        raise NotImplementedError

    def endpoint(self, purpose: str, url: str) -> str:
        """Returns the endpoint of the metadata that clients of this purpose use."""
        del purpose
        return url

    def algorithms(self) -> list[str]:
        """Returns the algorithms with which the server can sign access tokens."""
        raise NotImplementedError

    def sign_with(self, algorithm: str) -> None:
        """Selects the algorithm that signs the access tokens of the client `alg:...`, unless the
        registration of the client selects it."""

    def add_key(self) -> None:
        """Makes a new key the one that signs. Earlier keys stay published."""
        raise NotImplementedError

    def withdraw_keys(self) -> None:
        """Removes every key except the one that signs."""
        raise NotImplementedError

    def login_values(self) -> dict[str, str]:
        """Returns what a user types into the pages of the server, by name of the field."""
        return {"username": USER, "password": PASSWORD}

    def consent_button(self) -> str | None:
        """Returns the value of the button that grants access, if a page has several buttons."""
        return None

    def next_page(self, agent: Agent, page: Response) -> Response | None:
        """Continues from a page without a form, on which a person would press a button of a script."""
