"""The programs that all groups share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.deployment import Deployment
from chromium import installation
from chromium.driver import Driver
from harness.folders import scratch
from harness.process import Failure, NotRun
from observations import EMBEDDED, Column
from providers.base import Provider
from providers.embedded import Embedded
from providers.keycloak import Keycloak
from servers.keycloak import Keycloak as KeycloakServer


class World:
    """Starts the browser driver, and Keycloak when the first column needs it."""

    def __init__(self, program: Path):
        self.folder = scratch("browser")
        self._program = program
        installation.install(self.folder / "install.log")
        self._driver = Driver(self.folder)
        self._embedded = Embedded()
        self._keycloak: Keycloak | None = None
        # The reason why Keycloak cannot be used.
        self._obstacle: Failure | NotRun | None = None

    @contextmanager
    def deployment(self, column: Column) -> Iterator[Deployment]:
        """Starts an application and a browser for a column."""
        provider = self._provider(column.provider)
        deployment = Deployment(
            provider, self._program, self._driver, self.folder, column.host, column.sessions,
        )
        try:
            deployment.start()
            yield deployment
        finally:
            deployment.close()

    def _provider(self, name: str) -> Provider:
        if name == EMBEDDED:
            return self._embedded
        if self._obstacle:
            raise self._obstacle
        if self._keycloak is None:
            self._keycloak = self._start_keycloak()
        return self._keycloak

    def _start_keycloak(self) -> Keycloak:
        server = KeycloakServer()
        try:
            server.install()
            server.log.unlink(missing_ok=True)
            keycloak = Keycloak(server)
            keycloak.start()
            return keycloak
        except (Failure, NotRun) as obstacle:
            server.stop()
            self._obstacle = obstacle
            raise

    def close(self) -> None:
        if self._keycloak:
            self._keycloak.stop()
        self._driver.stop()
