"""Estimated shares of cell types in spots against the true ones, on an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from spsim import _validate, get, metrics
from spsim._keywords import refuses_unknown
from spsim.get._proportions import CELLS, OF
from spsim.metrics._proportion_recovery import PRESENT
from spsim.metrics._sampling import generator
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, find
from spsim.tl._names import truth_rows
from spsim.tl._score import Row, Score, tidy
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike
    from spsim.metrics import ProportionRecovery

# What chance is of: the mean composition in each spot.
MEAN = "mean_composition"
LOWER = ("rmse", "jensen_shannon", "jensen_shannon_divergence")


@refuses_unknown()
def proportion_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    of: Literal["cells", "molecules"] = "cells",
    presence: float = PRESENT,
    truth: AnnData | MuData | None = None,
    n_chance: int = 20,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare estimated shares of cell types in spots with the true ones.

    Parameters
    ----------
    data
        Object with shares or abundances in ``obsm``; rows are divided by their sums.
    key
        Key of the shares; ``"visium:P"`` means ``obsm["P"]`` of the modality ``visium``. A DataFrame's columns are
        aligned by the types' names, and a type without a column counts as estimated to be nowhere; an array has one
        column per type, in the order of :func:`spsim.get.proportions`.
    of
        Which truth: ``"cells"``, the shares of the spot's cells, or ``"molecules"``, those of its mean. Cells of some
        types hold more RNA, so these differ: take the one that the method estimates.
    presence
        True share from which on a type is present in a spot.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    n_chance
        Draws of shares from the uniform Dirichlet distribution; 0 leaves ``dirichlet`` out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_proportion_recovery"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score of :func:`spsim.metrics.proportion_recovery`, ``rmse`` first, over the spots that hold cells:

    ``score``, ``ceiling``
        Of the estimate, and of the truth.
    ``chance``
        Of the true mean composition in each spot: what a method must beat.
    ``dirichlet``
        Mean over random shares, as papers print it, which is far easier to beat.
    ``n``
        Spots.

    Also written to ``uns[key_added]``, tables of the scores of each type, with ``is_estimated`` and ``is_constant`` (of
    which ``r2`` and ``pearson`` are in no mean), and of each spot to ``uns[f"{key_added}_types"]`` and
    ``uns[f"{key_added}_spots"]``.

    Raises
    ------
    KeyError
        No such key, or no true mixtures.
    ValueError
        Names that do not align, columns that are no types or too many, negative shares.

    Examples
    --------
    >>> import spsim as sps
    >>> features = {"name": "rna", "loadings": {"cell_type": sps.factors.Markers()}}
    >>> scenario = sps.Scenario(factors={"cell_type": sps.factors.CellTypes()}, n_side=12, modalities=[features])
    >>> mdata = sps.simulate(scenario)
    >>> mdata["rna"].obsm["P"] = sps.get.proportions(mdata, of="molecules").to_numpy()
    >>> sps.tl.proportion_recovery(mdata, "rna:P", of="molecules")[["score", "chance"]].loc["rmse"].round(2).tolist()
    [0.0, 0.41]
    """
    import pandas as pd

    found = find(data, key, "obsm", truth)
    true, held = _truth(found, of)
    estimate, is_estimated = _estimate(found, true)
    result = metrics.proportion_recovery(estimate[held], true[held], presence=presence)
    table = _table(result, true[held].to_numpy(), presence, Draws(found=found, n_chance=n_chance, rng=rng))
    types = pd.DataFrame(result.per_type, index=true.columns)
    types = types.assign(is_estimated=is_estimated, is_constant=result.constant)
    spots = pd.DataFrame(result.per_spot, index=true.index[held])
    key_added = chosen_key(key_added, f"{key}_proportion_recovery")
    return stored(data, table, key_added, copy=copy, types=types, spots=spots)


def _truth(found: Found, of: str) -> tuple[DataFrame, np.ndarray]:
    """True shares of the estimate's spots, and which of them hold cells."""
    _validate.one_of("of", of, OF)
    part = getattr(found.source, "mod", {}).get(found.modality, found.source)
    true = get.proportions(part, of=of)  # type: ignore[arg-type]
    true = true.iloc[truth_rows(found.names, part)]
    return true, true.notna().all(axis=1).to_numpy()


def _estimate(found: Found, true: DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Columns in the order of the true types, and which types have one."""
    table = getattr(found.where, found.slot)[found.key]
    names = [str(name) for name in true.columns]
    if not hasattr(table, "columns"):
        if found.values.ndim != 2 or found.values.shape[1] != len(names):
            msg = (
                f"obsm[{found.key!r}] must have one column for each of {_validate.listing(names)}, in this order, got "
                f"shape {found.values.shape}; or give a DataFrame with their names"
            )
            raise ValueError(msg)
        return found.values, np.ones(len(names), bool)
    given = [str(name) for name in table.columns]
    _validate.unique(f"columns of obsm[{found.key!r}]", given)
    unknown = [name for name in given if name not in names]
    if unknown:
        msg = f"columns of obsm[{found.key!r}] must be types, {_validate.listing(names)}, got {_validate.listing(unknown)}"
        raise ValueError(msg)
    is_estimated = np.array([name in given for name in names])
    values = np.zeros((len(found.order), len(names)), np.result_type(found.values.dtype, np.float64))
    values[:, is_estimated] = found.values[:, [given.index(name) for name in names if name in given]]
    return values, is_estimated


def _table(result: ProportionRecovery, true: np.ndarray, presence: float, draws: Draws) -> DataFrame:
    import pandas as pd

    def score(estimate: np.ndarray) -> dict[str, float]:
        return metrics.proportion_recovery(estimate, true, presence=presence).overall

    mean = np.broadcast_to(true.mean(axis=0), true.shape)
    table = pd.DataFrame({"score": result.overall, "ceiling": score(true), "chance": score(mean)}).assign(null=MEAN)
    if draws.n_chance:
        random = generator(draws.seed)
        drawn = [score(random.dirichlet(np.ones(true.shape[1]), len(true))) for _ in range(draws.n_chance)]
        table["dirichlet"] = pd.DataFrame(drawn).mean()
    return table.assign(n=result.n)


def _rows(found: Found, draws: Draws) -> Iterator[Row]:
    true, held = _truth(found, CELLS)
    estimate, _ = _estimate(found, true)
    result = metrics.proportion_recovery(estimate[held], true[held])
    table = _table(result, true[held].to_numpy(), PRESENT, Draws(found=found, n_chance=0, rng=0))
    return tidy(table.rename(index=_name), target="cell_types")


def _name(score: str) -> str:
    return f"proportion_{score}"


def _needs(found: Found) -> str:
    try:
        _estimate(found, _truth(found, CELLS)[0])
    except (KeyError, ValueError) as error:
        return str(error.args[0])
    return ""


def _offered(found: Found) -> bool:
    """Shares, of types whose numbers are known: an embedding with as many columns is something else."""
    values: Any = found.values
    if _needs(found) or values.dtype.kind not in "iuf" or values.min() < 0:
        return False
    totals = values.sum(axis=1)
    return bool(np.allclose(totals[totals > 0], 1, atol=1e-3))


SCORES = tuple(
    Score(
        name=_name(name),
        slot="obsm",
        better="lower" if name in LOWER else "higher",
        needs=_needs,
        offered=_offered,
        rows=_rows,
    )
    for name in (*LOWER, "r2", "pearson", "aupr")
)
