"""Prints the table of flows and clients, and compares it with the expected one.

Usage: table.py EXPECTED RESULTS NAME...

Both tables have a line for each flow: its name and then a cell for each client, with at least two spaces between. RESULTS
is a folder with a file for each client: lines of a flow, a tab and `passed` or `failed: REASON`. The cell of a flow without
a line is `-`. The cells of a client without any line are `not run`.
"""

import re
import sys
from pathlib import Path


def cells(line):
    return re.split(" {2,}", line.strip())


def expected_table(path):
    head, *rows = [cells(line) for line in path.read_text().splitlines() if line.strip()]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


def results(path):
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("\t", 1) for line in lines)


def cell(found, flow):
    if not found:
        return "not run"
    return found.get(flow, "-").split(":")[0]


def main(expected, folder, *names):
    expected = expected_table(Path(expected))
    found = {name: results(Path(folder) / name) for name in names}
    flows = list(expected)
    flows += [flow for name in names for flow in found[name] if flow not in expected]
    flows = list(dict.fromkeys(flows))
    wrong = []
    rows = [["flow", *names]]
    for flow in flows:
        row = [flow]
        for name in names:
            is_so = cell(found[name], flow)
            should = expected.get(flow, {}).get(name, "-")
            row.append(is_so)
            if is_so != should:
                reason = found[name].get(flow, is_so)
                wrong.append(f"{flow}, {name}: expected `{should}`, but {reason}")
        rows.append(row)
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:]))
