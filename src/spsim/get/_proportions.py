"""True shares of cell types in mixtures of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim.slots import read_truth, value_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

NUMBERS = "numbers"
CELL_TYPE = "cell_type"
CELLS, MOLECULES = OF = ("cells", "molecules")


@refuses_unknown()
def proportions(data: AnnData | MuData, *, of: Literal["cells", "molecules"] = "cells") -> DataFrame:
    """Return the true shares of cell types in each spot.

    A type whose cells hold more RNA has a larger share of the molecules than of the cells: these are two truths, and
    methods differ in which one they estimate.

    Parameters
    ----------
    data
        A simulated object with spots that hold cells, or that modality of it.
    of
        ``"cells"``: how many of the spot's cells are of a type. ``"molecules"``: how much of the RNA of the spot's
        cells, library sizes included, is in cells of a type (``obsm["cell_type_factors"]``).

    Returns
    -------
    Spots × cell types, rows that add up to 1; NaN in spots without cells.

    Raises
    ------
    KeyError
        No modality holds mixtures of cells, or the truth was taken out.
    ValueError
        Several modalities do, or no such kind of shares.

    Examples
    --------
    >>> import spsim as sps
    >>> features = {"name": "rna", "loadings": {"cell_type": sps.factors.Markers()}}
    >>> scenario = sps.Scenario(factors={"cell_type": sps.factors.CellTypes()}, n_side=4, modalities=[features])
    >>> sps.get.proportions(sps.simulate(scenario), of="molecules").sum(axis=1).unique()
    array([1.])
    """
    import pandas as pd

    _validate.one_of("of", of, OF)
    part, entry = mixture(data, of)
    values = np.asarray(value_of(part, entry), np.float64)
    totals = values.sum(axis=1, keepdims=True)
    shares = np.divide(values, totals, out=np.full(values.shape, np.nan), where=totals > 0)
    return pd.DataFrame(shares, index=part.obs_names, columns=[str(name) for name in entry["columns"]])


def mixture(data: AnnData | MuData, of: str) -> tuple[AnnData | MuData, dict[str, Any]]:
    """Return what holds the true numbers, or amounts, of each type in each spot, and their entry there."""
    entry = _entry(data, of)
    if entry is not None:
        return data, entry
    parts = getattr(data, "mod", {})
    found = {name: own for name, part in parts.items() if (own := _entry(part, of)) is not None}
    # Cells have types as well; where spots hold them, the spots are the mixtures.
    found = {name: own for name, own in found.items() if _numbers(parts[name])} or found
    if not found:
        msg = (
            f"obsm has no true {'numbers of cells' if of == CELLS else 'factors of cell types'} of mixtures, of={of!r}: "
            "simulate spots that hold cells"
        )
        raise KeyError(msg)
    if len(found) > 1:
        msg = f"several modalities hold cell types: take one of {_validate.listing(found)}"
        raise ValueError(msg)
    name, entry = next(iter(found.items()))
    return parts[name], entry


def _entry(data: Any, of: str) -> dict[str, Any] | None:
    """Entry of the numbers, or of the factors of the same block; of cell types where no numbers are recorded."""
    numbers = _numbers(data)
    if of == CELLS:
        return numbers
    key = _keys.factors_of(CELL_TYPE if numbers is None else numbers["parts"])
    return next((entry for entry in read_truth(data) if entry["slot"] == "obsm" and entry["key"] == key), None)


def _numbers(data: Any) -> dict[str, Any] | None:
    return next((entry for entry in read_truth(data) if entry.get("role") == NUMBERS), None)
