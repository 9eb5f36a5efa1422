"""Prints, at the end of a run, how well the reader does on each gold set, kind by kind."""

from collections.abc import Iterator
from typing import Any


def _gold(reporter: Any) -> Iterator[tuple[str, dict[str, list[int]]]]:
    for outcome in ("passed", "failed"):
        for report in reporter.stats.get(outcome, []):
            yield from (value for name, value in report.user_properties if name == "gold")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for name, counts in _gold(terminalreporter):
        terminalreporter.section(f"figures of the gold set {name!r}, fully right")
        total = [sum(column) for column in zip(*counts.values(), strict=True)]
        for kind, (right, extra, missed) in [*counts.items(), ("all", total)]:
            precision, recall = right / max(right + extra, 1), right / max(right + missed, 1)
            f1 = 2 * right / max(2 * right + extra + missed, 1)
            terminalreporter.write_line(
                f"{kind:9} {right:4} right {extra:3} extra {missed:3} missed   "
                f"precision {precision:6.1%}  recall {recall:6.1%}  F1 {f1:6.1%}"
            )
