"""A reconstructed mean against the true one, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import get, metrics
from spsim._keywords import refuses_unknown
from spsim._objects import as_dense
from spsim.get._signed import is_signed
from spsim.tl._features import layer_of, over_features
from spsim.tl._layer import default_key, find_layer
from spsim.tl._lookup import Found
from spsim.tl._names import truth_rows
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from numpy.typing import ArrayLike
    from pandas import DataFrame


@refuses_unknown()
def reconstruction(
    data: AnnData | MuData,
    key: str | None = None,
    *,
    estimate: DataFrame | None = None,
    shape: ArrayLike | None = None,
    truth: AnnData | MuData | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare a modality's reconstructed mean with the true mean, not with the counts.

    Parameters
    ----------
    data
        Object with a reconstruction in ``layers`` of a modality, on the scale of the counts.
    key
        Key of the layer; ``"rna:denoised"`` means ``layers["denoised"]`` of the modality ``rna``.
    estimate
        Table of observations × features in place of a layer, in any order: aligned by both of its labels, which must be
        those of the modality. anndata drops the labels of a table that enters ``layers`` and takes its rows and columns as
        they come; here they are kept.
    shape
        Shape of the negative binomial, one for all features or one per feature; adds ``d2_nb`` and ``deviance_nb``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation and feature name.
    key_added
        Key to write; ``f"{key}_reconstruction"`` by default, ``"reconstruction"`` for a table.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score of :func:`spsim.metrics.reconstruction`: ``score`` over the spots of the estimate and all features
    that the truth has of the modality, ``median`` of the features whose true mean varies (NaN if none does), ``n`` spots
    and ``n_features``. A feature that ``data`` lost counts as its true mean over the spots, which explains nothing of it:
    D2 and correlation are 0. Where the likelihood measures real numbers of either sign (:class:`spsim.likelihoods.Gaussian`)
    the scores are ``d2_gaussian``, ``rmse`` and ``pearson``. Also written to ``uns[key_added]``,
    and a table of features × scores, with ``constant`` (the true mean does not vary), to
    ``uns[f"{key_added}_features"]``.

    Raises
    ------
    KeyError
        No such layer, or no truth.
    ValueError
        Names that do not align, neither or both of ``key`` and ``estimate``, values that are missing, or negative where
        the likelihood measures none; a ``shape`` for real numbers.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = sps.datasets.quilt(n_side=12)["rna"]
    >>> rna.layers["denoised"] = sps.get.mean(rna).to_numpy() * 1.1
    >>> sps.tl.reconstruction(rna, "denoised").loc["pearson", "score"].round(3)
    np.float64(1.0)
    >>> other_order = sps.get.mean(rna).iloc[::-1]
    >>> sps.tl.reconstruction(rna, estimate=other_order).loc["rmse", "score"]
    np.float64(0.0)
    """
    import pandas as pd

    found = find_layer(data, key, estimate, truth)
    mean = get.mean(found.part).to_numpy()[truth_rows(found.names, found.part)]
    whole = layer_of(found, as_dense(found.values), lacking=mean.mean(axis=0))
    result = metrics.reconstruction(whole, mean, shape=_shapes(shape, found), signed=is_signed(found.part))
    features = pd.DataFrame(result.per_feature, index=found.part.var_names.astype(str))
    table = pd.DataFrame({"score": result.overall, "median": features[~result.constant].median()})
    table = table.assign(n=result.n, n_features=len(features))
    features["constant"] = result.constant
    return stored(data, table, chosen_key(key_added, default_key(key, "reconstruction")), copy=copy, features=features)


def _shapes(shape: ArrayLike | None, found: Found) -> ArrayLike | None:
    """Shapes of all features of the truth, the median for those that the estimate lacks: they take part in no D2."""
    names = found.where.var_names
    if shape is None or np.shape(shape) != (len(names),):
        return shape
    values = np.asarray(shape)
    return over_features(values, names, found.part.var_names, lacking=np.median(values))
