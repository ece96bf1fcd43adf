"""What a score is: the record that stands beside each function, and that :func:`spsim.tl.evaluate` loops over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame

    from spsim.tl._draws import Draws

Row = dict[str, Any]
# A word, since an empty text does not come back from a .csv.
NO_NULL = "none"


def nothing(found: Any) -> str:
    """Return no reason against a score that fits every result of its slot."""
    return ""


def always(found: Any) -> bool:
    """Return that a score is computed for every result of its slot."""
    return True


def when_named(found: Any) -> bool:
    """Return that a score is computed only where it is asked for by name."""
    return False


@dataclass(frozen=True, kw_only=True)
class Score:
    """One score of one kind of result."""

    name: str
    """What the tidy table calls it."""
    slot: str
    """Where its results are kept: ``obsm``, ``obs`` or ``uns``."""
    better: Literal["higher", "lower"]
    """Which way is better."""
    rows: Callable[[Any, Draws], Iterator[Row]]
    """Rows of the tidy table from what was found and from unrelated results; scores of one function share it."""
    needs: Callable[[Any], str] = nothing
    """Why the score does not fit what was found; an empty text if it does."""
    offered: Callable[[Any], bool] = always
    """Whether :func:`spsim.tl.evaluate` computes it without being asked: a score of slices has nothing to say of one slice."""
    bound: float | None = None
    """Best value whatever a method sees; None where that depends on it: the rows then bring a ceiling of their own."""


def tidy(table: DataFrame, *, score: str | None = None, target: str | None = None) -> Iterator[Row]:
    """Yield rows of the tidy table: a table's index names the target, or the score."""
    for name, row in table.iterrows():
        chance = float(row.get("chance", np.nan))
        yield {
            "score": score or str(name),
            "target": target or str(name),
            "value": float(row["score"]),
            "ceiling": float(row.get("ceiling", np.nan)),
            "chance": chance,
            "null": NO_NULL if np.isnan(chance) else str(row.get("null", NO_NULL)),
            "n": int(row["n"]),
        }
