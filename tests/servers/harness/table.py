"""The table of results of a server.

A server has two blocks. The head of the first one names the flows; a row is a check of the tokens of
each flow. The head of the second one is `NAME | server`; a row is a check of the server. A cell `-`
means that the product does not offer this.
"""

from checks import SERVER_CHECKS, TOKEN_CHECKS
from flows import FLOWS
from harness.expected import Key, block

SERVER_COLUMN = "server"


def render(server: str, cells: dict[Key, str]) -> str:
    """Returns the two blocks of a server."""
    token_rows = [_row(name, FLOWS, cells) for name, _, _ in TOKEN_CHECKS]
    server_rows = [_row(name, [SERVER_COLUMN], cells) for names, _ in SERVER_CHECKS for name in names]
    blocks = [([server, *FLOWS], token_rows), ([server, SERVER_COLUMN], server_rows)]
    filled = [(head, [row for row in rows if any(row[1:])]) for head, rows in blocks]
    return "\n\n".join(block(head, rows) for head, rows in filled if rows)


def _row(check: str, columns, cells: dict[Key, str]) -> list[str]:
    return [check, *(cells.get((check, column), "") for column in columns)]
