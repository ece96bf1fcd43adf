"""Whether features that are not spatial look so once rows are normalised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim._warn import warn_user
from spsim.slots import has_record, is_torn, mean_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Index

# Standard deviation over observations of the logarithm of a share, as far as spatial factors explain it.
MOST = 0.1
ROWS = 1024


def warn_of_normalised(source: AnnData | MuData, names: Index, is_spatial: np.ndarray) -> None:
    """Warn where the share of what is not spatial follows the spatial factors, as it does where row totals do.

    A row's total rises where factors are on. Divided by it, a flat feature falls there: it is no true negative for a
    method that normalises totals.
    """
    others = names[~is_spatial]
    for part in getattr(source, "mod", {"": source}).values():
        features = np.flatnonzero(part.var_names.isin(others))
        if not len(features) or not has_record(part) or is_torn(part):
            continue
        try:
            mean = mean_of(part)
        except KeyError:  # of a truth that somebody took a part out of
            continue
        share = _share(mean, features)
        if _explained(np.log(share[share > 0]), mean, share > 0) > MOST:
            msg = (
                f"features that are not spatial have a share of {share.min():.2g} to {share.max():.2g} of a row's total, "
                "which follows the spatial factors: they vary in space once rows are normalised, and count as false "
                "positives here; score a method on counts that are not normalised, or simulate a weaker signal"
            )
            warn_user(msg)


def _share(mean: Any, features: np.ndarray) -> np.ndarray:
    """Return the share of some features in the total of each row; 0 where there is nothing."""
    shares = []
    for start in range(0, mean.shape[0], ROWS):
        rows = mean.rows(start, start + ROWS)
        total = rows.sum(axis=1)
        shares.append(np.divide(rows[:, features].sum(axis=1), total, out=np.zeros_like(total), where=total > 0))
    return np.concatenate([np.empty(0), *shares])


def _explained(values: np.ndarray, mean: Any, rows: np.ndarray) -> float:
    """Return the standard deviation of a linear fit of the spatial factors that features respond to."""
    factors = [block.acting[rows] for block in mean.blocks if block.is_spatial and block.loadings.any()]
    if not factors or not len(values):
        return 0.0
    design = np.hstack([np.ones((len(values), 1)), *factors]).astype(np.float64)
    return float((design @ np.linalg.lstsq(design, values)[0]).std())
