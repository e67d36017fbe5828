"""Chromium and its driver, as Debian packages them."""

import shutil
import subprocess
from pathlib import Path

from harness import debian
from harness.process import NotRun


def install(log: Path) -> None:
    """Installs the packages, unless the commands are there already."""
    if not all(map(shutil.which, ("chromium", "chromedriver"))):
        debian.install("chromium", "", ("chromium-driver",), log)
    if not all(map(shutil.which, ("chromium", "chromedriver"))):
        raise NotRun("needs the commands chromium and chromedriver")


def version() -> str:
    output = subprocess.run(["chromedriver", "--version"], capture_output=True, text=True, check=False).stdout
    return output.split()[1] if output else "unknown"
