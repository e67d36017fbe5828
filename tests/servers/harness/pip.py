"""Programs in Python with an environment of their own."""

import shutil
import sys
from pathlib import Path

from harness.process import execute


def install(source: Path, folder: Path) -> Path:
    """Installs the packages of `requirements.txt`, unless they are there. Returns the interpreter."""
    interpreter = folder / "python" / "bin" / "python"
    wanted, present = source / "requirements.txt", folder / "requirements.txt"
    if present.exists() and present.read_bytes() == wanted.read_bytes():
        return interpreter
    log = folder / "install.log"
    shutil.rmtree(folder / "python", ignore_errors=True)
    execute(sys.executable, "-m", "venv", "python", folder=folder, log=log)
    execute(
        str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
        "-r", str(wanted), folder=folder, log=log,
    )
    shutil.copy(wanted, present)
    return interpreter
