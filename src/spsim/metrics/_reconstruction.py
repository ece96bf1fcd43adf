"""How close a reconstructed mean is to the true one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import NEARLY_CONSTANT, as_array, non_negative, real_array, squarable

BLOCK = 4_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Reconstruction:
    """What :func:`reconstruction` found."""

    overall: dict[str, float]
    """One value per score, over all spots and features."""
    per_feature: dict[str, np.ndarray]
    """The same scores, one entry per feature."""
    constant: np.ndarray
    """Features whose true mean is the same at all spots: nothing to explain, so their D2 and correlation are NaN."""
    n: int
    """Number of spots."""


def reconstruction(
    estimate: ArrayLike, mean: ArrayLike, *, shape: ArrayLike | None = None, signed: bool = False
) -> Reconstruction:
    r"""Compare an estimated mean with the true mean, not with the counts.

    Against the counts of the spots a method was fitted to, the true mean itself scores worse than an overfit.

    .. math::
        d_{Poisson} &= 2 \bigl[ y \log\tfrac{y}{\mu} - (y - \mu) \bigr] \\
        d_{NB} &= 2 \bigl[ y \log\tfrac{y}{\mu} - (y + r) \log\tfrac{y + r}{\mu + r} \bigr]

    with the true mean :math:`y`, the estimate :math:`\mu` and the shape :math:`r` (variance
    :math:`\mu + \mu^2 / r`). The deviance is the mean of :math:`d`;
    :math:`D^2 = 1 - \sum d(\mu) / \sum d(\bar y_j)` compares it with each feature's mean over the spots. Values of either sign,
    such as intensities, have :math:`d_{Gaussian} = (y - \mu)^2`.

    Parameters
    ----------
    estimate
        Spots x features, on the scale of the counts; not negative unless ``signed``.
    mean
        True mean, spots x features; not negative unless ``signed``.
    shape
        Shape of the negative binomial, above 0: one for all or one per feature. Adds the scores ending in ``_nb``.
    signed
        Whether values are real numbers of either sign, which have no Poisson deviance and no logarithm.

    Returns
    -------
    The scores ``d2_poisson``, ``deviance_poisson``, ``rmse``, ``pearson``, ``rmse_log1p``, ``pearson_log1p`` and, with
    a shape, ``d2_nb`` and ``deviance_nb``, overall and per feature; ``d2_gaussian``, ``rmse`` and ``pearson`` if
    ``signed``. An estimate of 0 where the truth is above 0 has an infinite deviance. Correlation over all entries knows
    features apart by their means: read that of each feature.

    Examples
    --------
    >>> import numpy as np
    >>> mean = np.array([[1.0, 4.0], [3.0, 4.0]])
    >>> result = reconstruction(np.array([[1.0, 4.0], [3.0, 6.0]]), mean)
    >>> result.overall["rmse"], result.per_feature["d2_poisson"], result.constant
    (1.0, array([ 1., nan]), array([False,  True]))
    """
    mean, estimate = in_one_order(mean=mean, estimate=estimate)
    mean, estimate, shape = in_one_order(axis=1, mean=mean, estimate=estimate, shape=shape)
    estimate, mean = as_array("estimate", estimate), as_array("mean", mean)
    if estimate.shape != mean.shape or mean.ndim != 2 or not mean.size:
        msg = f"estimate and mean must be non-empty matrices of the same shape, got {estimate.shape} and {mean.shape}"
        raise ValueError(msg)
    if _validate.flag("signed", signed) and shape is not None:
        msg = f"shape is that of counts, which are not signed, got {_validate.shown(shape)}: leave one of both out"
        raise ValueError(msg)
    n_spots, n_features = mean.shape
    shapes = None if shape is None else _shapes(shape, n_features)
    # Blocks of features: the temporary arrays of a whole 100,000 x 1,000 matrix would not fit beside it.
    blocks = [
        _sums(
            _checked("estimate", estimate, part, signed=signed),
            _checked("mean", mean, part, signed=signed),
            shape=None if shapes is None else shapes[part],
            signed=signed,
        )
        for part in np.array_split(np.arange(n_features), 1 + mean.size // BLOCK)
        if len(part)
    ]
    sums = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    overall = _scores(_pooled(sums, n_spots), mean.size)
    return Reconstruction(
        overall={name: float(value[0]) for name, value in overall.items()},
        per_feature=_scores(sums, n_spots),
        constant=sums["constant"],
        n=n_spots,
    )


def _shapes(shape: ArrayLike, n_features: int) -> np.ndarray:
    values = real_array("shape", shape)
    if values.shape not in ((), (n_features,)) or values.min(initial=np.inf) <= 0:
        msg = f"shape must be one number above 0 or one per feature ({n_features}), got {values.tolist()}"
        raise ValueError(msg)
    return np.broadcast_to(values, n_features)


def _checked(name: str, array: np.ndarray, features: np.ndarray, *, signed: bool) -> np.ndarray:
    values = squarable(name, array[:, features])
    return values if signed else non_negative(name, values)


def _sums(estimate: np.ndarray, mean: np.ndarray, *, shape: np.ndarray | None, signed: bool) -> dict[str, np.ndarray]:
    """Everything the scores need, summed over spots: one entry per feature."""
    from scipy.special import kl_div, rel_entr

    average = mean.mean(axis=0)
    constant = np.abs(mean - average).max(axis=0) <= NEARLY_CONSTANT * np.abs(average)
    if signed:
        moments = _moments("", estimate, mean)
        null = np.where(constant, 0, moments["yy"])
        return {"constant": constant, "deviance_gaussian": moments["squared"], "null_gaussian": null, **moments}
    sums = {
        "constant": constant,
        "deviance_poisson": 2 * kl_div(mean, estimate).sum(axis=0),
        "null_poisson": np.where(constant, 0, 2 * kl_div(mean, average).sum(axis=0)),
        **_moments("", estimate, mean),
        **_moments("_log1p", np.log1p(estimate), np.log1p(mean)),
    }
    if shape is not None:
        spread = rel_entr(mean + shape, estimate + shape), rel_entr(mean + shape, average + shape)
        sums["deviance_nb"] = 2 * (rel_entr(mean, estimate) - spread[0]).sum(axis=0)
        sums["null_nb"] = np.where(constant, 0, 2 * (rel_entr(mean, average) - spread[1]).sum(axis=0))
    return sums


def _moments(ending: str, estimate: np.ndarray, mean: np.ndarray) -> dict[str, np.ndarray]:
    centres = estimate.mean(axis=0), mean.mean(axis=0)
    columns = [
        np.where(np.abs(array - centre).max(axis=0) <= NEARLY_CONSTANT * np.abs(centre), 0, array - centre)
        for array, centre in zip((estimate, mean), centres, strict=True)
    ]
    return {
        f"squared{ending}": ((estimate - mean) ** 2).sum(axis=0),
        f"centre_x{ending}": centres[0],
        f"centre_y{ending}": centres[1],
        **{
            f"{name}{ending}": np.einsum("ij,ij->j", columns[i], columns[j])
            for name, i, j in (("xx", 0, 0), ("yy", 1, 1), ("xy", 0, 1))
        },
    }


def _pooled(sums: dict[str, np.ndarray], n_spots: int) -> dict[str, np.ndarray]:
    """The sums over all entries at once: moments gain what lies between the features."""
    pooled = {name: values.sum(keepdims=True) for name, values in sums.items()}
    pooled["constant"] = sums["constant"].all(keepdims=True)
    for ending in _endings(sums):
        x, y = (sums[f"centre_{axis}{ending}"] - sums[f"centre_{axis}{ending}"].mean() for axis in "xy")
        for name, between in (("xx", x @ x), ("yy", y @ y), ("xy", x @ y)):
            pooled[f"{name}{ending}"] = pooled[f"{name}{ending}"] + n_spots * between
    return pooled


def _scores(sums: dict[str, np.ndarray], n_entries: int) -> dict[str, np.ndarray]:
    scores = {}
    for model in ("gaussian", "poisson", "nb"):
        if f"null_{model}" in sums:
            deviance, null = sums[f"deviance_{model}"], sums[f"null_{model}"]
            d2 = np.where(null > 0, 1 - deviance / np.where(null > 0, null, 1), 0.0)
            scores[f"d2_{model}"] = np.where(sums["constant"], np.nan, d2)  # there is nothing to explain
            if model != "gaussian":  # it is the square of the rmse
                scores[f"deviance_{model}"] = deviance / n_entries
    for ending in _endings(sums):
        scale = np.sqrt(sums[f"xx{ending}"] * sums[f"yy{ending}"])
        scores[f"rmse{ending}"] = np.sqrt(sums[f"squared{ending}"] / n_entries)
        pearson = np.clip(sums[f"xy{ending}"] / np.where(scale > 0, scale, np.inf), -1, 1)
        scores[f"pearson{ending}"] = np.where(sums[f"yy{ending}"] > 0, pearson, np.nan)
    return scores


def _endings(sums: dict[str, np.ndarray]) -> list[str]:
    """Of the scales on which there are moments."""
    return [ending for ending in ("", "_log1p") if f"squared{ending}" in sums]
