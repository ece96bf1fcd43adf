"""How much of a feature is spatial.

Townes and Engelhardt (2023), Nonnegative spatial factorization applied to spatial genomics, Nature Methods 20,
229-238.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import block, non_negative, same_length, same_width, vector


def spatial_importance(
    spatial_factors: ArrayLike,
    spatial_loadings: ArrayLike,
    nonspatial_factors: ArrayLike,
    nonspatial_loadings: ArrayLike,
) -> np.ndarray:
    r"""Share of each feature's total that its spatial factors make.

    With :math:`s_l = \sum_i F_{il}` and :math:`t_k = \sum_i U_{ik}`,

    .. math:: \alpha_j = \frac{\sum_l W_{jl} s_l}{\sum_l W_{jl} s_l + \sum_k V_{jk} t_k}

    Parameters
    ----------
    spatial_factors
        Non-negative, spots x L.
    spatial_loadings
        Non-negative, features x L.
    nonspatial_factors
        Non-negative, spots x K; K may be 0.
    nonspatial_loadings
        Non-negative, features x K.

    Returns
    -------
    One share per feature, 0 to 1; 0 for a feature that nothing explains (0/0).

    Raises
    ------
    ValueError
        If shapes disagree or a value is negative or not finite.

    Examples
    --------
    >>> import numpy as np
    >>> spots = np.ones((10, 1))
    >>> spatial_importance(spots, [[3.0], [0.0], [0.0]], spots, [[1.0], [2.0], [0.0]])
    array([0.75, 0.  , 0.  ])
    """
    spatial_factors, nonspatial_factors = in_one_order(
        spatial_factors=spatial_factors, nonspatial_factors=nonspatial_factors
    )
    spatial_loadings, nonspatial_loadings = in_one_order(
        spatial_loadings=spatial_loadings, nonspatial_loadings=nonspatial_loadings
    )
    spatial, n_spots = _totals("spatial", spatial_factors, spatial_loadings)
    nonspatial, n_others = _totals("nonspatial", nonspatial_factors, nonspatial_loadings)
    if n_spots != n_others:
        msg = f"spatial_factors and nonspatial_factors must have the same number of rows, got {n_spots} and {n_others}"
        raise ValueError(msg)
    same_length(spatial_loadings=spatial, nonspatial_loadings=nonspatial)
    total = spatial + nonspatial
    return np.divide(spatial, total, out=np.zeros_like(total), where=total > 0)


def spatial_importance_distance(estimate: ArrayLike, truth: ArrayLike) -> float:
    r"""Sum over features of :math:`|\alpha_j - \alpha'_j|`.

    Parameters
    ----------
    estimate
        Estimated shares, one per feature, from :func:`spatial_importance`.
    truth
        True shares, in the same order.

    Returns
    -------
    0 to the number of features; lower is better. Divide by the number of features to compare designs.

    Examples
    --------
    >>> spatial_importance_distance([1.0, 0.5], [0.75, 0.0])
    0.75
    """
    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    estimate, truth = vector("estimate", estimate), vector("truth", truth)
    same_length(estimate=estimate, truth=truth)
    return float(np.abs(estimate - truth).sum())


def _totals(kind: str, factors: ArrayLike, loadings: ArrayLike) -> tuple[np.ndarray, int]:
    """What the factors of one kind add to each feature over all spots, and the number of spots."""
    named = {f"{kind}_factors": factors, f"{kind}_loadings": loadings}
    named = dict(zip(named, in_one_order(axis=1, **named), strict=True))
    checked = {name: non_negative(name, block(name, values)) for name, values in named.items()}
    same_width(**checked)
    per_spot, per_feature = checked.values()
    return per_feature @ per_spot.sum(axis=0), len(per_spot)
