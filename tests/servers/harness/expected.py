"""The form of tables, and the comparison with a file `expected`.

A block of a table has a head: a name, and the names of its columns. A row is a check. A cell `-` means that
something does not exist, and a line `- NAME | CHECK | COLUMN: reason` says why; `*` stands for any name.
"""

from fnmatch import fnmatchcase
from pathlib import Path

from harness.process import Failure

NOT_OFFERED = "-"

Key = tuple[str, str]  # check, column


def block(head: list[str], rows: list[list[str]]) -> str:
    """Returns the lines of a block."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines
    )


class Expected:
    """The cells of the file `expected`."""

    def __init__(self, file: Path):
        self._cells: dict[str, dict[Key, str]] = {}
        reasons: dict[str, bool] = {}
        name, columns = "", []
        for line in file.read_text().splitlines():
            parts = [part.strip() for part in line.split(" | ")]
            if line.startswith("- "):
                reasons[line[2:].split(":")[0]] = False
            elif not line.strip():
                columns = []
            elif line.startswith("#"):
                continue
            elif not columns:
                name, columns = parts[0], parts[1:]
            else:
                cells = self._cells.setdefault(name, {})
                cells |= {(parts[0], column): cell for column, cell in zip(columns, parts[1:], strict=True)}
        self._require_reasons(reasons)

    def _require_reasons(self, reasons: dict[str, bool]) -> None:
        for name, cells in self._cells.items():
            for key in (key for key, cell in cells.items() if cell == NOT_OFFERED):
                names = (name, *key)
                fitting = [reason for reason in reasons if _fits(reason, names)]
                if not fitting:
                    raise Failure(f"`expected` has no reason for `-` at {' | '.join(names)}")
                reasons |= dict.fromkeys(fitting, True)
        if unused := [reason for reason, is_used in reasons.items() if not is_used]:
            raise Failure(f"`expected` has a reason without a cell `-`: {'; '.join(unused)}")

    def differences(self, name: str, cells: dict[Key, str]) -> list[tuple[Key, str, str]]:
        """Returns each cell that differs: its key, the expected and the observed text."""
        expected = self._cells.get(name, {})
        keys = [*expected, *(key for key in cells if key not in expected)]
        pairs = [(key, expected.get(key, "nothing"), cells.get(key, "nothing")) for key in keys]
        return [(key, wanted, seen) for key, wanted, seen in pairs if wanted != seen]


def _fits(reason: str, names: tuple[str, ...]) -> bool:
    patterns = [pattern.strip() for pattern in reason.split("|")]
    return len(patterns) == len(names) and all(map(fnmatchcase, names, patterns))
