"""The programs that all groups share."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from app.deployment import Deployment
from chromium import installation
from chromium.driver import Driver
from harness.folders import scratch
from harness.process import Failure
from observations import KEYCLOAK, Column
from providers.base import Provider
from providers.embedded import Embedded
from providers.keycloak import Keycloak
from servers.keycloak import Keycloak as KeycloakServer


class World:
    """Runs the browser driver and, if a column needs it, Keycloak, which starts in the background."""

    def __init__(self, program: Path, with_keycloak: bool):
        self.folder = scratch("browser")
        self._program = program
        installation.install(self.folder / "install.log")
        self._driver = Driver(self.folder)
        self._embedded = Embedded()
        self._pool = ThreadPoolExecutor(1)
        self._keycloak = self._pool.submit(_start_keycloak) if with_keycloak else None

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
        if self._keycloak and name == KEYCLOAK:
            return self._keycloak.result()
        return self._embedded

    def close(self) -> None:
        self._driver.stop()
        if self._keycloak and self._keycloak.exception() is None:
            self._keycloak.result().stop()


def _start_keycloak() -> Keycloak:
    server = KeycloakServer()
    server.install()
    server.log.unlink(missing_ok=True)
    keycloak = Keycloak(server)
    try:
        keycloak.start()
    except Failure:
        keycloak.stop()
        raise
    return keycloak
