"""Installs one server and runs its checks."""

import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from checks import KIND_CHECKS, SERVER_CHECKS, TOKEN_CHECKS
from flows import FLOWS
from harness import network, place
from harness.expected import NOT_OFFERED, Key
from harness.process import Failure, NotRun
from harness.session import Session
from harness.table import SERVER_COLUMN
from servers.base import Server
from servers.token_kinds import KINDS


@dataclass
class Result:
    """The cells of a server, their explanations, and the duration in seconds."""

    server: Server
    cells: dict[Key, str] = field(default_factory=dict)
    details: dict[Key, str] = field(default_factory=dict)
    not_run: dict[Key, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    # The reason why the whole server was not run, or the failure that ended its run.
    obstacle: str | None = None
    failure: str | None = None


def install(server: Server) -> Result:
    """Installs a server."""
    result = Result(server)
    _guarded(result, lambda: _timed(result, "install", server.install))
    return result


def drive(result: Result, program: Path, only: list[str]) -> None:
    """Starts an installed server and runs the checks."""
    server = result.server
    server.log.unlink(missing_ok=True)
    session = Session(server, program)
    try:
        _guarded(result, lambda: _run(session, result, only))
    finally:
        session.close()


def _run(session: Session, result: Result, only: list[str]) -> None:
    there = place.plain(network.free_port())
    _timed(result, "start", lambda: session.start_server(there))
    session.api = session.start_api("api", there)
    _timed(result, "drive", lambda: _check(session, result, only))


def _check(session: Session, result: Result, only: list[str]) -> None:
    offered = [flow for flow in FLOWS if flow in session.server.flows]
    for name, observe, prepare in TOKEN_CHECKS:
        if only and name not in only:
            continue
        if prepare:
            _observe(session, result, [(name, flow) for flow in offered], lambda: prepare(session, offered))
        for flow in FLOWS:
            key = (name, flow)
            if flow not in offered:
                result.cells[key] = NOT_OFFERED
            elif key not in result.cells:
                _observe(session, result, [key], lambda: {key: observe(session, flow)})
    for names, observe in SERVER_CHECKS:
        if not only or set(names) & set(only):
            keys = [(name, SERVER_COLUMN) for name in names]
            _observe(session, result, keys, lambda: {
                (name, SERVER_COLUMN): text for name, text in observe(session).items()
            })
    if session.server.issues_token_kinds:
        _check_kinds(session, result, only)


def _check_kinds(session: Session, result: Result, only: list[str]) -> None:
    for name, observe in KIND_CHECKS:
        if not only or name in only:
            for kind in KINDS:
                key = (name, kind.name)
                _observe(session, result, [key], lambda: {key: observe(session, kind)})


def _observe(session: Session, result: Result, keys: list[Key], observation) -> None:
    """Fills cells. An observation that fails fills them with `failed`, and the next check follows."""
    try:
        cells = observation() or {}
    except NotRun as reason:
        result.not_run |= dict.fromkeys(keys, str(reason))
        return
    except NotImplementedError:
        cells = dict.fromkeys(keys, NOT_OFFERED)
    except Failure as failure:
        cells = dict.fromkeys(keys, "failed")
        result.details |= dict.fromkeys(keys, str(failure))
    except (OSError, KeyError, ValueError, IndexError) as error:
        cells = dict.fromkeys(keys, "failed")
        result.details |= dict.fromkeys(keys, _origin(error))
    result.cells |= {key: NOT_OFFERED if text is None else text for key, text in cells.items()}
    for key in cells:
        result.details.setdefault(key, session.last_line())


def _guarded(result: Result, work) -> None:
    try:
        work()
    except NotRun as reason:
        result.obstacle = str(reason)
    except Failure as failure:
        result.failure = str(failure)
    except (OSError, KeyError, ValueError, IndexError) as error:
        result.failure = _origin(error)


def _origin(error: Exception) -> str:
    """Returns the type of an error and its line. The text of the error may contain a token."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    inner = next(
        (f for f in reversed(traceback.extract_tb(error.__traceback__)) if "tests/servers" in f.filename), frame
    )
    return f"{type(error).__name__} in {Path(inner.filename).name}, line {inner.lineno}"


def _timed(result: Result, name: str, work) -> None:
    begin = time.monotonic()
    try:
        work()
    finally:
        result.seconds[name] = time.monotonic() - begin
