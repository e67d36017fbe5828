"""Artifacts from Maven repositories."""

from pathlib import Path

from harness.process import Failure, execute


def artifact(group: str, name: str, version: str, packaging: str, folder: Path) -> Path:
    """Fetches one artifact with the `mvn` command. Returns its file in the local repository."""
    coordinates = f"{group}:{name}:{version}:{packaging}"
    repository = folder / "repository"
    file = repository.joinpath(*group.split("."), name, version, f"{name}-{version}.{packaging}")
    if not file.exists():
        execute(
            "mvn", "--batch-mode", "--quiet", f"-Dmaven.repo.local={repository}", "dependency:get",
            f"-Dartifact={coordinates}", "-Dtransitive=false", folder=folder, log=folder / "install.log",
        )
    if not file.exists():
        raise Failure(f"`mvn` did not fetch `{coordinates}`")
    return file
