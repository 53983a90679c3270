"""Figures of many rounds made into few, and tables to print them in."""

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")
DASH = "–"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def middle(values: Iterable[float]) -> float:
    """The median."""
    return statistics.median(values)


def swing(values: Sequence[float]) -> float:
    """Half the distance between the quartiles, as a share of the median: how noisy it was."""
    if len(values) < 2:
        return 0.0
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / middle(values) if middle(values) else 0.0


def in_turns(number: int, contestants: Sequence[T]) -> list[T]:
    """Their order in this round: every other one backwards, so that nobody is always first."""
    return list(contestants) if number % 2 == 0 else list(reversed(contestants))


def shown(value: float | None) -> str:
    """Three significant digits or so; a dash for what was not measured."""
    if value is None:
        return DASH
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def give_or_take(values: Sequence[float]) -> str:
    """The median with its swing: « 3.02 ±4% »."""
    if not values:
        return DASH
    return f"{shown(middle(values))} ±{100 * swing(values):.0f}%"


def verdict(value: float | None, *, most: float | None = None, least: float | None = None) -> str:
    """Whether the figure keeps its bound, in a word."""
    if value is None:
        return DASH
    kept = (most is None or value <= most) and (least is None or value >= least)
    return "kept" if kept else "NOT KEPT"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns also line up in a terminal."""
    lines = [list(head), *[list(row) for row in rows]]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]

    def written(cells: Sequence[str]) -> str:
        first, *others = (
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "| " + " | ".join([first, *others]) + " |"

    rule = [widths[0] * "-", *["-" * (width - 1) + ":" for width in widths[1:]]]
    return "\n".join([written(lines[0]), written(rule), *map(written, lines[1:])])
