"""Packages of Debian."""

import os
import shutil
import subprocess
from pathlib import Path

from harness.process import NotRun, execute


def install(package: str, version: str, others: tuple[str, ...], log: Path) -> None:
    """Installs packages. `version` is the upstream version that `expected` describes."""
    if shutil.which("apt-get") is None:
        raise NotRun("needs a Debian system")
    if not all(_installed_version(name) for name in (package, *others)):
        if os.geteuid() != 0:
            raise NotRun(f"needs root to install the package `{package}`, or the package")
        environment = {"DEBIAN_FRONTEND": "noninteractive"}
        # Without a policy the packages would start services.
        policy = Path("/usr/sbin/policy-rc.d")
        is_ours = not policy.exists()
        if is_ours:
            policy.write_text("#!/bin/sh\nexit 101\n")
            policy.chmod(0o755)
        try:
            execute("apt-get", "update", "-q", folder=log.parent, log=log, **environment)
            execute(
                "apt-get", "install", "-q", "-y", "--no-install-recommends", package, *others,
                folder=log.parent, log=log, **environment,
            )
        finally:
            if is_ours:
                policy.unlink()
    present = _installed_version(package)
    if not present.startswith(version):
        raise NotRun(f"this Debian has version {present} of `{package}` instead of {version}")


def _installed_version(package: str) -> str:
    """Returns the version of a package, or an empty text if it is not installed."""
    query = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}", package],
        capture_output=True, text=True, check=False,
    )
    status, _, version = query.stdout.partition(" ")
    return version if status == "installed" else ""
