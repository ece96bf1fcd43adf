"""What a score must reach, and the text that says what did not reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _validate

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def thresholds(at_least: float | None, above_chance: float | None, of_ceiling: float | None) -> dict[str, float]:
    """Return the given thresholds by name; there must be one, and none may be so low that nothing can miss it."""
    required = {}
    if at_least is not None:
        required["at_least"] = _validate.real("at_least", at_least, above=0)
    if above_chance is not None:
        required["above_chance"] = _validate.real("above_chance", above_chance, at_least=0)
    if of_ceiling is not None:
        required["of_ceiling"] = _validate.real("of_ceiling", of_ceiling, above=0)
    if not required:
        msg = "give at least one of at_least, above_chance, of_ceiling: without a threshold nothing is tested"
        raise ValueError(msg)
    return required


def missed(all_rows: DataFrame, visible_rows: DataFrame, required: dict[str, float], *, chance: str) -> list[str]:
    """Return a line for each threshold that a row misses; what cannot be seen is held against ``at_least`` only."""
    reached = {
        "at_least": all_rows["score"],
        "above_chance": visible_rows["score"] - visible_rows[chance],
        "of_ceiling": visible_rows["score"] / visible_rows["ceiling"],
    }
    low = {name: _low(name, reached[name], value) for name, value in required.items()}
    return [f"{name}={required[name]:g} is missed by {_listing(rows)}" for name, rows in low.items() if len(rows)]


def report(headline: str, lines: list[str], table: DataFrame) -> str:
    """Return the text of a failure: what was missed, by which rows, and the table."""
    shown = table.to_string(float_format=lambda value: f"{value:.3f}")
    return "\n".join([headline, *(f"  {line}" for line in lines), "", shown])


def _low(name: str, reached: Series, value: float) -> Series:
    # A constant estimate scores 0 at a chance of 0: it is not above chance, not even by nothing.
    return reached[(reached < value) | (reached <= 0)] if name == "above_chance" else reached[reached < value]


def _listing(rows: Series) -> str:
    return ", ".join(f"{name} ({value:.3f})" for name, value in rows.items())
