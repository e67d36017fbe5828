"""The printed result."""

import threading

from harness import table
from harness.drive import Result

_printing = threading.Lock()


def one(result: Result, expected: table.Expected, options) -> None:
    """Prints the result of a server as soon as it is there."""
    seconds = ", ".join(f"{name} {value:.1f} s" for name, value in result.seconds.items())
    lines = [f"== {result.server.name} {result.server.version}: {seconds}"]
    if result.obstacle:
        lines.append(f"not run: {result.obstacle}")
    if result.failure:
        lines.append(f"FAILED: {result.failure}")
    if result.cells:
        lines.append(table.render(result.server.name, result.cells))
    lines += [f"not run: {' | '.join(key)}: {reason}" for key, reason in result.not_run.items()]
    for key, wanted, seen in _differences(result, expected, options):
        lines.append(f"DIFFERENT: {' | '.join(key)}\n  expected: {wanted}\n  observed: {seen}")
        lines.append(f"  because:  {result.details.get(key, '')}")
    with _printing:
        print("\n".join(lines), end="\n\n", flush=True)


def summary(results: list[Result], expected: table.Expected, options) -> int:
    """Prints the closing lines. Returns the exit code."""
    failed, cells, not_run = 0, 0, 0
    for result in results:
        differences = _differences(result, expected, options)
        cells += len(result.cells)
        failed += len(differences) + bool(result.failure)
        not_run += len(result.not_run) + bool(result.obstacle)
        state = _state(result, len(differences))
        print(f"{result.server.name:16} {result.server.version:16} {state}")
    passed = cells - sum(len(_differences(result, expected, options)) for result in results)
    is_failed = failed > 0 or (options.require and not_run > 0)
    print(f"\n{passed} passed, {failed} failed, {not_run} skipped")
    return int(is_failed)


def _state(result: Result, differences: int) -> str:
    if result.obstacle:
        return f"not run: {result.obstacle}"
    if result.failure:
        return "failed"
    seconds = ", ".join(f"{name} {value:.1f} s" for name, value in result.seconds.items())
    return f"{f'{differences} different' if differences else 'as expected':14} {seconds}"


def _differences(result: Result, expected: table.Expected, options) -> list:
    if options.install or result.obstacle:
        return []
    differences = expected.differences(result.server.name, result.cells)
    return [
        difference for difference in differences
        if difference[0] not in result.not_run and (not options.check or difference[0][0] in options.check)
    ]
