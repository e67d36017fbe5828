"""The groups of observations. Each column of a group has an application and a browser of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.deployment import Deployment
from observations import expiry, life, origins, provider, secrecy, sign_in, stolen

EMBEDDED, KEYCLOAK = "embedded", "keycloak"


@dataclass(frozen=True)
class Column:
    """A provider, the place of the sessions, and the host of the application."""

    name: str
    provider: str
    sessions: str = "server"
    host: str = "localhost"
    # The host of the page that makes the attempts.
    attacker: str = ""
    # The short form of the run leaves the column out.
    is_long: bool = False


@dataclass(frozen=True)
class Group:
    """A block of the table."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[Column, ...]
    observe: Callable[[Deployment, Column], Iterator[tuple[str, str]]]


_EACH = (
    Column("embedded", EMBEDDED, is_long=True), Column("keycloak", KEYCLOAK),
    Column("embedded, sealed", EMBEDDED, "sealed", is_long=True),
    Column("keycloak, sealed", KEYCLOAK, "sealed", is_long=True),
)
_BOTH_SESSIONS = (Column("server", KEYCLOAK), Column("sealed", KEYCLOAK, "sealed"))
_APP = "app.localhost"


def _attacker(name: str, host: str, *, is_long: bool = False) -> Column:
    return Column(name, EMBEDDED, host=_APP, attacker=host, is_long=is_long)


_ATTACKERS = (
    _attacker("own origin", ""), _attacker("other port", _APP),
    _attacker("subdomain", f"evil.{_APP}", is_long=True),
    _attacker("other.localhost", "other.localhost", is_long=True), _attacker("127.0.0.1", "127.0.0.1"),
    _attacker("b.test", "b.test", is_long=True),
)

def _group(module, name: str, columns: tuple[Column, ...]) -> Group:
    return Group(name, module.ROWS, columns, lambda deployment, _: module.observe(deployment))


def _attempts(deployment: Deployment, column: Column) -> Iterator[tuple[str, str]]:
    return origins.observe(deployment, column.attacker)


GROUPS = {
    group.name: group
    for group in (
        # The first group needs no Keycloak, which starts in the meantime.
        Group("origins", origins.ROWS, _ATTACKERS, _attempts),
        _group(life, "life", _EACH),
        _group(sign_in, "sign-in", _EACH[:2]),
        _group(secrecy, "secrecy", _EACH),
        _group(expiry, "expiry", _EACH),
        _group(provider, "provider", _BOTH_SESSIONS),
        _group(stolen, "stolen", _BOTH_SESSIONS),
    )
}
