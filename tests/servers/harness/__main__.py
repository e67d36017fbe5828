"""The command line; `tests/servers/run` calls it."""

import argparse
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import drive, report
from harness.expected import Expected
from harness.folders import PROJECT
from harness.process import Failure, Process
from servers import SERVERS


def main() -> int:
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    unknown = [name for name in options.names if name not in SERVERS]
    if unknown:
        print(f"error: no server is called `{'`, `'.join(unknown)}`; known are {', '.join(SERVERS)}")
        return 2
    servers = [SERVERS[name]() for name in options.names or SERVERS]
    expected = Expected(Path(__file__).parents[1] / "expected")
    program = None if options.install else _program(options.program)
    with ThreadPoolExecutor(options.parallel) as pool:
        results = list(pool.map(lambda server: _one(server, program, options, expected), servers))
    return report.summary(results, expected, options)


def _end(*_) -> None:
    """Ends the run and every program that it started."""
    Process.stop_all()
    os._exit(1)


def _one(server, program, options, expected) -> drive.Result:
    result = drive.install(server)
    if program and not (result.obstacle or result.failure):
        drive.drive(result, program, options.check)
    report.one(result, expected, options)
    return result


def _program(given: str | None) -> Path:
    """Builds `items-api`, unless the command line names a built one."""
    if given:
        return Path(given).resolve()
    # The features of the whole workspace, so that the tests find the same crates built.
    build = ["cargo", "build", "--quiet", "--workspace", "--bin", "items-api"]
    if subprocess.run(build, cwd=PROJECT, check=False).returncode != 0:
        raise Failure("cargo could not build items-api")
    return Path(os.environ.get("CARGO_TARGET_DIR", PROJECT / "target")) / "debug" / "items-api"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "tests/servers/run", description="Drives items-api with authorization servers of others.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="servers; all, if none is named")
    parser.add_argument("--require", action="store_true", help="a server that is not run is a failure")
    parser.add_argument("--install", action="store_true", help="only install the servers")
    parser.add_argument("--parallel", type=int, default=1, metavar="N", help="servers that run together")
    parser.add_argument("--check", action="append", default=[], metavar="CHECK", help="only these checks")
    parser.add_argument("--program", metavar="PATH", help="a built items-api; else cargo builds it")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"error: {failure}")
