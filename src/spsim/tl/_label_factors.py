"""What a partition holds of the true factors: the clusters' indicators as an embedding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate, metrics

if TYPE_CHECKING:
    from pandas import DataFrame

    from spsim._random import RNGLike
    from spsim.tl._lookup import Found

NAMES = ("factor_recovery", "variance_recovered")


def label_factors(found: Found, best: np.ndarray, *, n_chance: int, rng: RNGLike) -> dict[str, DataFrame]:
    """Return matched correlation and R2 of each true factor, as tables with ceiling and chance.

    The ceiling is that of the partition ``best``; chance that of the labels shifted in space.
    """
    import pandas as pd

    codes = np.unique(found.values.astype(str), return_inverse=True)[1]
    factors = found.factors.to_numpy()
    columns = {"score": _scores(codes, factors)}
    if _validate.whole("n_chance", n_chance):
        nulls = metrics.label_shift_null(codes, found.coordinates, n_draws=n_chance, rng=rng)
        columns["chance"] = metrics.chance_level(lambda null: _scores(null, factors), nulls).mean
    ceiling = _scores(np.unique(best, return_inverse=True)[1], factors)
    columns["ceiling"] = np.maximum(ceiling, columns.get("chance", 0))
    return {
        name: pd.DataFrame({column: values[i] for column, values in columns.items()}, index=found.factors.columns)
        for i, name in enumerate(NAMES)
    }


def _scores(codes: np.ndarray, factors: np.ndarray) -> np.ndarray:
    indicators = np.eye(codes.max() + 1)[codes]
    return np.array(
        [metrics.factor_recovery(indicators, factors).score, metrics.variance_recovered(indicators, factors)]
    )
