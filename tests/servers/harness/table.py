"""The table of results of a server.

A server has up to three blocks. The head of the first one names the flows; a row is a check of the tokens of
each flow. The head of the second one is `NAME | server`; a row is a check of the server. The head of the third one
names kinds of tokens. A cell `-` means that the product does not offer this, or that it does not concern the column.
"""

from checks import KIND_CHECKS, SERVER_CHECKS, TOKEN_CHECKS
from flows import FLOWS
from harness.expected import Key, block
from servers.token_kinds import KINDS

SERVER_COLUMN = "server"


def render(server: str, cells: dict[Key, str]) -> str:
    """Returns the blocks of a server."""
    token_rows = [_row(name, FLOWS, cells) for name, _, _ in TOKEN_CHECKS]
    server_rows = [_row(name, [SERVER_COLUMN], cells) for names, _ in SERVER_CHECKS for name in names]
    kinds = [kind.name for kind in KINDS]
    kind_rows = [_row(name, kinds, cells) for name, _ in KIND_CHECKS]
    blocks = [
        ([server, *FLOWS], token_rows), ([server, SERVER_COLUMN], server_rows), ([server, *kinds], kind_rows),
    ]
    filled = [(head, [row for row in rows if any(row[1:])]) for head, rows in blocks]
    return "\n\n".join(block(head, rows) for head, rows in filled if rows)


def _row(check: str, columns, cells: dict[Key, str]) -> list[str]:
    return [check, *(cells.get((check, column), "") for column in columns)]
