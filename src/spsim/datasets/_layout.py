"""A square grid by its side, or any other layout."""

from __future__ import annotations

from spsim import _validate
from spsim.patterns import Grid, Layout, LayoutLike, as_layout

N_SIDE = 36  # Townes & Engelhardt (2023): 1,296 spots.


def placed(n_side: int, layout: LayoutLike | None, *, default: int = N_SIDE) -> Layout:
    """Return the layout that the two arguments of a data set function stand for, whose side is ``default`` if left out."""
    side = _validate.whole("n_side", n_side, at_least=1)
    if layout is None:
        return Grid(n_rows=side)
    places = as_layout("layout", layout)
    if side != default:
        msg = f"give either n_side or layout, not both (got n_side={n_side} and {places})"
        raise ValueError(msg)
    return places
