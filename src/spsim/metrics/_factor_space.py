"""What came back of the true factors up to a rotation, and how much rotation is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import matrix, same_length, same_width, unit_columns
from spsim.metrics._factor_recovery import only_varying


def variance_recovered(estimate: ArrayLike, truth: ArrayLike) -> np.ndarray:
    r"""Share of each true factor's variance that is linear in the estimate.

    .. math:: R^2_k = 1 - \min_{a, b} \lVert F_k - a - F' b \rVert^2 / \lVert F_k - \bar F_k \rVert^2

    It asks whether the factor is *somewhere* in the embedding, in any rotation; matched correlations ask whether it
    is a component of its own. K unrelated columns already explain about K/n, smooth ones much more.

    Parameters
    ----------
    estimate
        Components, spots x K.
    truth
        True factors, spots x L, rows in the same order.

    Returns
    -------
    One value per true factor, 0 to 1, higher is better; NaN for a constant factor, of which there is nothing to recover.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.eye(4)[:, :2]
    >>> rotation = np.array([[3.0, -4.0], [4.0, 3.0]])
    >>> variance_recovered(truth @ rotation, truth).round(3)
    array([1., 1.])
    """
    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    estimate, truth = matrix("estimate", estimate), matrix("truth", truth)
    same_length(estimate=estimate, truth=truth)
    return explained(_varying(estimate), unit_columns(truth)[0])


def subspace_angles(estimate: ArrayLike, truth: ArrayLike) -> np.ndarray:
    """Principal angles between the spaces that the centred estimate and the centred truth span.

    Parameters
    ----------
    estimate
        Components, spots x K.
    truth
        True factors, spots x L, rows in the same order.

    Returns
    -------
    Angles in radians, largest first, as many as the smaller of the two spaces has dimensions: 0 for a shared
    direction, pi/2 for a lost one. The largest is the one number to report.

    Raises
    ------
    ValueError
        If no column of one of the arrays varies.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.eye(4)[:, :2]
    >>> abs(subspace_angles(truth[:, ::-1] * 5, truth)).round(6)
    array([0., 0.])

    References
    ----------
    .. [1] Bjorck and Golub (1973), Numerical methods for computing angles between linear subspaces, Mathematics of
       Computation 27, 579-594.
    """
    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    estimate, truth = matrix("estimate", estimate), matrix("truth", truth)
    same_length(estimate=estimate, truth=truth)
    varying = {name: _varying(array) for name, array in (("estimate", estimate), ("truth", truth))}
    for name, columns in varying.items():
        if not columns.shape[1]:
            n_constant = (estimate if name == "estimate" else truth).shape[1]
            msg = f"{name} must have a column that varies, got {n_constant} constant ones"
            raise ValueError(msg)
    return angles(*varying.values())


def amari_error(estimate: ArrayLike, truth: ArrayLike) -> float:
    r"""Distance of the estimate from the truth up to order and scale of the factors.

    With the column-centred :math:`F` and :math:`F'` and :math:`M = |F'^{+} F|^\top`,

    .. math::
        \frac{1}{2L(L-1)} \Bigl[\sum_i \Bigl(\sum_j \frac{m_{ij}}{\max_j m_{ij}} - 1\Bigr)
        + \sum_j \Bigl(\sum_i \frac{m_{ij}}{\max_i m_{ij}} - 1\Bigr)\Bigr]

    Parameters
    ----------
    estimate
        Components, spots x L: exactly as many as there are true factors.
    truth
        True factors, spots x L, rows in the same order.

    Returns
    -------
    0 if each component is a scaled factor, at most 1; lower is better. 0 for a single factor.

    Raises
    ------
    ValueError
        If the numbers of columns differ or the columns of one array are linearly dependent.

    Examples
    --------
    >>> import numpy as np
    >>> truth = np.eye(4)[:, :2]
    >>> round(amari_error(truth[:, ::-1] * 2, truth), 9), round(amari_error(truth @ [[1, 1], [1, -1]], truth), 9)
    (0.0, 1.0)

    References
    ----------
    .. [1] Amari, Cichocki and Yang (1996), A new learning algorithm for blind signal separation, Advances in Neural
       Information Processing Systems 8, 757-763.
    """
    truth, estimate = in_one_order(truth=truth, estimate=estimate)
    estimate, truth = matrix("estimate", estimate), matrix("truth", truth)
    same_length(estimate=estimate, truth=truth)
    n_factors = same_width(estimate=estimate, truth=truth)
    for name, array in (("estimate", estimate), ("truth", truth)):
        rank = basis(_varying(array)).shape[1]
        if rank < n_factors:
            msg = f"{name} must have linearly independent columns, got rank {rank} of {n_factors} after centring"
            raise ValueError(msg)
    if n_factors == 1:
        return 0.0
    return mixing(estimate - estimate.mean(axis=0), truth - truth.mean(axis=0))


def explained(columns: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Share of each target's variance in the span of some columns, all with mean 0, the targets with length 1, or 0: then NaN."""
    shares = (basis(columns).T @ target) ** 2
    return only_varying(np.clip(shares.sum(axis=0), 0, 1), target)


def angles(columns: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Principal angles between the spans of columns with mean 0."""
    from scipy import linalg

    return linalg.subspace_angles(basis(columns), basis(target))


def mixing(columns: np.ndarray, target: np.ndarray) -> float:
    """Amari error of columns with mean 0."""
    n_factors = columns.shape[1]
    product = np.abs(np.linalg.pinv(columns) @ target).T
    rows = (product / product.max(axis=1, keepdims=True)).sum() - n_factors
    others = (product / product.max(axis=0, keepdims=True)).sum() - n_factors
    return float((rows + others) / (2 * n_factors * (n_factors - 1)))


def basis(columns: np.ndarray) -> np.ndarray:
    """Orthonormal basis of what columns of length 1 span."""
    left, values, _ = np.linalg.svd(columns, full_matrices=False)
    # The unit columns carry rounding noise of about eps each, whatever their number of rows.
    return left[:, values > len(values) * 1e-12]


def _varying(array: np.ndarray) -> np.ndarray:
    """Centred columns of length 1, without constant ones: their span depends on neither scale nor order."""
    columns, constant = unit_columns(array)
    return columns[:, ~constant]
