"""Runs the observations of a group."""

import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from command.world import World
from harness.expected import Key
from harness.process import Failure, NotRun
from observations import Column, Group


@dataclass
class Result:
    """The cells of a group, the reasons of those that failed or were not run, and the duration in seconds."""

    group: Group
    cells: dict[Key, str] = field(default_factory=dict)
    details: dict[Key, str] = field(default_factory=dict)
    # The columns that were not run, with the reason.
    not_run: dict[str, str] = field(default_factory=dict)
    seconds: float = 0


def drive(world: World, group: Group, columns: list[Column]) -> Result:
    """Fills the cells of the columns, one column after the other."""
    result = Result(group)
    begin = time.monotonic()
    for column in columns:
        try:
            _fill(world, column, result)
        except NotRun as reason:
            result.not_run[column.name] = str(reason)
        except Failure as failure:
            _fail(result, column, str(failure))
        except (OSError, KeyError, ValueError, IndexError, TypeError) as error:
            _fail(result, column, _origin(error))
    result.seconds = time.monotonic() - begin
    return result


def _fill(world: World, column: Column, result: Result) -> None:
    with world.deployment(column) as deployment:
        for row, cell in result.group.observe(deployment, column):
            result.cells[row, column.name] = cell


def _fail(result: Result, column: Column, detail: str) -> None:
    """Marks the first row without a cell. The rows after it were not reached."""
    missing = [row for row in result.group.rows if (row, column.name) not in result.cells]
    for row in missing:
        result.cells[row, column.name] = "failed" if row == missing[0] else "not reached"
        result.details[row, column.name] = detail if row == missing[0] else "an earlier row failed"


def _origin(error: Exception) -> str:
    """Returns the type of an error and its line. The text of the error may contain a token."""
    frames = traceback.extract_tb(error.__traceback__)
    frame = next((frame for frame in reversed(frames) if "tests/browser" in frame.filename), frames[-1])
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"
