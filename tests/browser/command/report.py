"""The printed result."""

from command.drive import Result
from harness.expected import Expected, Key, block


def one(result: Result, expected: Expected, columns: list[str]) -> None:
    """Prints the block of a group, and what differs from the expected one."""
    group = result.group
    rows = [[row, *(result.cells.get((row, column), "") for column in columns)] for row in group.rows]
    lines = [f"== {group.name}: {result.seconds:.1f} s", block([group.name, *columns], rows)]
    lines += [f"not run: {group.name} | {column}: {reason}" for column, reason in result.not_run.items()]
    for key, wanted, seen in differences(result, expected, columns):
        lines.append(f"DIFFERENT: {' | '.join((group.name, *key))}\n  expected: {wanted}\n  observed: {seen}")
        if key in result.details:
            lines.append(f"  because:  {result.details[key]}")
    print("\n".join(lines), end="\n\n", flush=True)


def differences(result: Result, expected: Expected, columns: list[str]) -> list[tuple[Key, str, str]]:
    """Returns the cells that differ, of the columns that were run."""
    return [
        difference for difference in expected.differences(result.group.name, result.cells)
        if difference[0][1] in columns and difference[0][1] not in result.not_run
    ]
