"""The table of results: its form, and the comparison with `expected`.

A server has two blocks. The head of the first one names the flows; a row is a check of the tokens of
each flow. The head of the second one is `NAME | server`; a row is a check of the server. A cell `-`
means that the product does not offer this, and a line `- SERVER | CHECK | FLOW: reason` says why; `*`
stands for any name.
"""

from fnmatch import fnmatchcase
from pathlib import Path

from checks import SERVER_CHECKS, TOKEN_CHECKS
from flows import FLOWS
from harness.process import Failure

SERVER_COLUMN = "server"
NOT_OFFERED = "-"

Key = tuple[str, str]  # check, flow


def render(server: str, cells: dict[Key, str]) -> str:
    """Returns the two blocks of a server."""
    token_rows = [_row(name, FLOWS, cells) for name, _, _ in TOKEN_CHECKS]
    server_rows = [_row(name, [SERVER_COLUMN], cells) for names, _ in SERVER_CHECKS for name in names]
    blocks = [([server, *FLOWS], token_rows), ([server, SERVER_COLUMN], server_rows)]
    filled = [(head, [row for row in rows if any(row[1:])]) for head, rows in blocks]
    return "\n\n".join(_block(head, rows) for head, rows in filled if rows)


def _row(check: str, columns, cells: dict[Key, str]) -> list[str]:
    return [check, *(cells.get((check, column), "") for column in columns)]


def _block(head: list[str], rows: list[list[str]]) -> str:
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
        server, columns = "", []
        for line in file.read_text().splitlines():
            parts = [part.strip() for part in line.split(" | ")]
            if line.startswith("- "):
                reasons[line[2:].split(":")[0]] = False
            elif not line.strip():
                columns = []
            elif line.startswith("#"):
                continue
            elif not columns:
                server, columns = parts[0], parts[1:]
            else:
                cells = self._cells.setdefault(server, {})
                cells |= {(parts[0], column): cell for column, cell in zip(columns, parts[1:], strict=True)}
        self._require_reasons(reasons)

    def _require_reasons(self, reasons: dict[str, bool]) -> None:
        for server, cells in self._cells.items():
            for key in (key for key, cell in cells.items() if cell == NOT_OFFERED):
                names = (server, *key)
                fitting = [reason for reason in reasons if _fits(reason, names)]
                if not fitting:
                    raise Failure(f"`expected` has no reason for `-` at {' | '.join(names)}")
                reasons |= dict.fromkeys(fitting, True)
        if unused := [reason for reason, is_used in reasons.items() if not is_used]:
            raise Failure(f"`expected` has a reason without a cell `-`: {'; '.join(unused)}")

    def differences(self, server: str, cells: dict[Key, str]) -> list[tuple[Key, str, str]]:
        """Returns each cell that differs: its key, the expected and the observed text."""
        expected = self._cells.get(server, {})
        keys = [*expected, *(key for key in cells if key not in expected)]
        pairs = [(key, expected.get(key, "nothing"), cells.get(key, "nothing")) for key in keys]
        return [(key, wanted, seen) for key, wanted, seen in pairs if wanted != seen]


def _fits(reason: str, names: tuple[str, ...]) -> bool:
    patterns = [pattern.strip() for pattern in reason.split("|")]
    return len(patterns) == len(names) and all(map(fnmatchcase, names, patterns))
