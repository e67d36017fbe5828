"""Programs in JavaScript with the packages of a lock file."""

import shutil
from pathlib import Path

from harness.process import execute, require

_FILES = ("package.json", "package-lock.json")


def install(source: Path, folder: Path, programs: tuple[str, ...], *options: str) -> None:
    """Installs the packages that the lock file of `source` names, unless they are there already."""
    require("node", "npm")
    for program in programs:
        shutil.copy(source / program, folder / program)
    if all(_same(source / name, folder / name) for name in _FILES) and (folder / "node_modules").exists():
        return
    for name in _FILES:
        shutil.copy(source / name, folder / name)
    execute(
        "npm", "ci", "--no-audit", "--no-fund", *options, folder=folder, log=folder / "install.log",
    )


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()
