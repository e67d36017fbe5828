"""The folders of a run. Everything that is installed or written lies below `target/servers`."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ["SERVERS_CACHE"])


def installation(name: str) -> Path:
    """Returns the folder in which a server is installed."""
    return _made(CACHE / "installed" / name)


def scratch(name: str) -> Path:
    """Returns the folder for the logs and data of this run of a server."""
    return _made(CACHE / "runs" / name)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
