"""The printed result."""

import threading

from harness import table
from harness.drive import Result
from harness.expected import Expected, Key

_printing = threading.Lock()


def one(result: Result, expected: Expected, options) -> None:
    """Prints the result of a server."""
    lines = [f"== {result.server.name} {result.server.version}: {_seconds(result)}"]
    if result.cells:
        lines.append(table.render(result.server.name, result.cells))
    if result.obstacle:
        lines.append(f"not run: {result.obstacle}")
    lines += [f"not run: {' | '.join(key)}: {reason}" for key, reason in result.not_run.items()]
    if result.failure:
        lines.append(f"FAILED: {result.failure}")
    for key, wanted, seen in _differences(result, expected, options):
        lines.append(f"DIFFERENT: {' | '.join(key)}\n  expected: {wanted}\n  observed: {seen}")
        lines.append(f"  because:  {result.details.get(key, 'the check was not reached')}")
    with _printing:
        print("\n".join(lines), end="\n\n", flush=True)


def summary(results: list[Result], expected: Expected, options) -> int:
    """Prints the closing lines. Returns the exit code."""
    passed, failed, skipped = 0, 0, 0
    for result in results:
        differences = len(_differences(result, expected, options))
        failed += differences or int(result.failure is not None)
        passed += len(result.cells) - min(differences, len(result.cells))
        skipped += len(result.not_run) + int(result.obstacle is not None)
        print(f"{result.server.name:16} {result.server.version:16} {_state(result, differences)}")
    if options.install:
        passed = sum(not (result.obstacle or result.failure) for result in results)
    print(f"\n{passed} passed, {failed} failed, {skipped} skipped")
    return int(failed > 0 or (options.require and skipped > 0))


def _state(result: Result, differences: int) -> str:
    if result.obstacle:
        return f"not run: {result.obstacle}"
    if result.failure:
        return "failed"
    if "drive" not in result.seconds:
        return f"installed      {_seconds(result)}"
    return f"{f'{differences} different' if differences else 'as expected':14} {_seconds(result)}"


def _seconds(result: Result) -> str:
    return ", ".join(f"{name} {value:.1f} s" for name, value in result.seconds.items())


def _differences(result: Result, expected: Expected, options) -> list[tuple[Key, str, str]]:
    if options.install or result.obstacle:
        return []
    return [
        difference for difference in expected.differences(result.server.name, result.cells)
        if difference[0] not in result.not_run and (not options.check or difference[0][0] in options.check)
    ]
