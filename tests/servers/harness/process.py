"""Processes that this harness starts and stops."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path


class NotRun(Exception):
    """A server cannot be installed or started on this machine."""


class Failure(Exception):
    """A server or a program did not behave as the harness expected."""


def require(*commands: str) -> None:
    """Raises `NotRun` if a command is not installed."""
    missing = [command for command in commands if shutil.which(command) is None]
    if missing:
        raise NotRun(f"needs {', '.join(missing)}")


def last_lines(log: Path, count: int = 3) -> str:
    """Returns the end of a log on one line."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " / ".join(line.strip() for line in lines[-count:])


class Process:
    """A running program in a process group of its own. Its output goes to a file."""

    _running: set["Process"] = set()

    def __init__(self, *command: str, folder: Path, log: Path, **environment: str):
        self.log = log
        self._name = Path(command[0]).name
        with log.open("a") as output:
            self._process = subprocess.Popen(
                command, cwd=folder, env=os.environ | environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )
        self._running.add(self)

    @classmethod
    def stop_all(cls) -> None:
        """Ends every program that is still running."""
        for process in list(cls._running):
            process._signal(signal.SIGKILL)

    def is_running(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, is_ready, seconds: float) -> None:
        """Waits until `is_ready()` is true. Raises `Failure` if the program ends before that."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running():
                raise Failure(f"{self._name} ended: {last_lines(self.log)}")
            if time.monotonic() > deadline:
                raise Failure(f"{self._name} is not ready after {seconds:.0f} s: {last_lines(self.log)}")
            time.sleep(0.05)

    def end(self) -> int:
        """Waits for the end of the program and returns its exit code."""
        code = self._process.wait()
        self._running.discard(self)
        return code

    def stop(self, seconds: float = 15) -> None:
        """Asks the program to stop, and ends it if it does not."""
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self._running.discard(self)

    def _signal(self, number: int) -> None:
        if self.is_running():
            os.killpg(self._process.pid, number)


def execute(*command: str, folder: Path, log: Path, **environment: str) -> None:
    """Runs a command to its end. Its output goes to the end of `log`."""
    if Process(*command, folder=folder, log=log, **environment).end() != 0:
        raise Failure(f"`{command[0]}` failed; its output is in {log}")
