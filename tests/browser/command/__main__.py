"""The command line; `tests/browser/run` calls it."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from command import drive, report
from command.world import World
from harness.expected import Expected
from harness.folders import PROJECT
from harness.process import Failure, NotRun, Process
from observations import EMBEDDED, GROUPS, KEYCLOAK, Column, Group


def main() -> int:
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    unknown = [name for name in options.names if name not in GROUPS]
    if unknown:
        print(f"error: no group is called `{'`, `'.join(unknown)}`; known are {', '.join(GROUPS)}")
        return 2
    expected = Expected(Path(__file__).parents[1] / "expected")
    groups = [(GROUPS[name], _columns(GROUPS[name], options)) for name in options.names or GROUPS]
    with_keycloak = any(column.provider == KEYCLOAK for _, columns in groups for column in columns)
    try:
        world = World(_program(options.program), with_keycloak)
    except NotRun as reason:
        print(f"not run: {reason}")
        return int(options.require)
    try:
        return _run(world, groups, options, expected)
    finally:
        world.close()
        Process.stop_all()


def _columns(group: Group, options) -> list[Column]:
    fitting = (column for column in group.columns if options.provider in (None, column.provider))
    return [column for column in fitting if not (options.short and column.is_long)]


def _run(world: World, groups: list[tuple[Group, list[Column]]], options, expected: Expected) -> int:
    passed, failed, skipped = 0, 0, 0
    for group, columns in groups:
        if not columns:
            continue
        names = [column.name for column in columns]
        result = drive.drive(world, group, columns)
        report.one(result, expected, names)
        different = len(report.differences(result, expected, names))
        failed += different
        passed += max(0, len(result.cells) - different)
        skipped += len(result.not_run)
    print(f"{passed} passed, {failed} failed, {skipped} columns skipped")
    return int(failed > 0 or (options.require and skipped > 0))


def _end(*_) -> None:
    """Ends the run and every program that it started."""
    Process.stop_all()
    os._exit(1)


def _program(given: str | None) -> Path:
    """Builds `notes-app`, unless the command line names a built one."""
    if given:
        return Path(given).resolve()
    # The features of the whole workspace, so that the tests find the same crates built.
    build = ["cargo", "build", "--quiet", "--workspace", "--bin", "notes-app"]
    if subprocess.run(build, cwd=PROJECT, check=False).returncode != 0:
        raise Failure("cargo could not build notes-app")
    return Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")) / "debug" / "notes-app"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("tests/browser/run", description="Uses notes-app in headless Chromium.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="groups; all, if none is named")
    parser.add_argument("--require", action="store_true", help="a column that is not run is a failure")
    parser.add_argument("--short", action="store_true", help="leaves out the columns that show little more")
    parser.add_argument("--provider", choices=(EMBEDDED, KEYCLOAK), help="only the columns with this provider")
    parser.add_argument("--program", metavar="PATH", help="a built notes-app; else cargo builds it")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"error: {failure}")
