"""Estimated dropout and foreground against the simulated masks, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import get, metrics
from spsim._keywords import refuses_unknown
from spsim._objects import as_dense
from spsim.slots import raw_layer
from spsim.tl._features import layer_of
from spsim.tl._layer import default_key, find_layer
from spsim.tl._names import truth_rows
from spsim.tl._store import chosen_key, stored
from spsim.tl._undefined import one_kind, warn_undefined

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def dropout_detection(
    data: AnnData | MuData,
    key: str | None = None,
    *,
    estimate: DataFrame | None = None,
    truth: AnnData | MuData | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Score estimated probabilities of dropout, among the zeros, against the simulated mask.

    Parameters
    ----------
    data
        Object with probabilities in ``layers`` of a modality.
    key
        Key of the layer; ``"rna:p_dropout"`` means ``layers["p_dropout"]`` of the modality ``rna``.
    estimate
        Table of observations × features in place of a layer, in any order: aligned by both of its labels, which must be
        those of the modality. anndata drops the labels of a table that enters ``layers`` and takes its rows and columns as
        they come; here they are kept.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation and feature name.
    key_added
        Key to write; ``f"{key}_dropout_detection"`` by default, ``"dropout_detection"`` for a table.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score of :func:`spsim.metrics.dropout_detection`, column ``score``, over the spots of the estimate and all
    features that the truth has of the modality: those that ``data`` lost have probability 0. Also written to
    ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such layer, or no truth.
    ValueError
        Names that do not align, neither or both of ``key`` and ``estimate``, probabilities outside [0, 1], or a modality without dropout.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = sps.datasets.quilt(n_spatial=50, dropout_rate=0.3)["rna"]
    >>> rna.layers["p_dropout"] = sps.get.dropout_mask(rna).to_numpy(float)
    >>> sps.tl.dropout_detection(rna, "p_dropout").loc["auroc", "score"]
    np.float64(1.0)
    """
    found = find_layer(data, key, estimate, truth)
    rows = truth_rows(found.names, found.part)
    dropout = get.dropout_mask(found.part).to_numpy()
    if not dropout.any():
        msg = f"the truth of {key or 'estimate'!r} must have dropout to detect, got none in {dropout.shape[0]} spots × {dropout.shape[1]} features"
        raise ValueError(msg)
    counts = as_dense(raw_layer(found.part)[rows])
    scores = metrics.dropout_detection(layer_of(found, as_dense(found.values)), dropout[rows], counts=counts)
    warn_undefined(one_kind(scores["share"], "dropout", int(scores["n"])))
    return stored(data, _table(scores), chosen_key(key_added, default_key(key, "dropout_detection")), copy=copy)


@refuses_unknown()
def foreground_detection(
    data: AnnData | MuData,
    key: str | None = None,
    *,
    estimate: DataFrame | None = None,
    truth: AnnData | MuData | None = None,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Score estimated probabilities of foreground against the simulated membership.

    Parameters
    ----------
    data
        Object with probabilities in ``layers`` of a modality.
    key
        Key of the layer; ``"protein:p_foreground"`` means ``layers["p_foreground"]`` of the modality ``protein``.
    estimate
        Table of observations × features in place of a layer, in any order: aligned by both of its labels, which must be
        those of the modality. anndata drops the labels of a table that enters ``layers`` and takes its rows and columns as
        they come; here they are kept.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation and feature name.
    key_added
        Key to write; ``f"{key}_foreground_detection"`` by default, ``"foreground_detection"`` for a table.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score of :func:`spsim.metrics.foreground_detection`, column ``score``, over the spots of the estimate and all
    features that the truth has of the modality: those that ``data`` lost have probability 0. Also written to
    ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such layer, or no truth.
    TypeError
        A modality that has no :class:`spsim.factors.Foreground` and is not measured as a mixture.
    ValueError
        Names that do not align, neither or both of ``key`` and ``estimate``, or probabilities outside [0, 1].

    Examples
    --------
    >>> import spsim as sps
    >>> mixture = sps.likelihoods.NegativeBinomialMixture(foreground_probability=0.3)
    >>> protein = sps.datasets.quilt(n_spatial=50, likelihood=mixture)["rna"]
    >>> protein.layers["p_foreground"] = (protein.X > 5).astype(float)
    >>> bool(sps.tl.foreground_detection(protein, "p_foreground").loc["auroc", "score"] > 0.6)
    True
    """
    found = find_layer(data, key, estimate, truth)
    rows = truth_rows(found.names, found.part)
    mask = get.foreground_mask(found.part).to_numpy()[rows]
    scores = metrics.foreground_detection(layer_of(found, as_dense(found.values)), mask)
    warn_undefined(one_kind(scores["share"], "foreground", int(scores["n"])))
    return stored(data, _table(scores), chosen_key(key_added, default_key(key, "foreground_detection")), copy=copy)


def _table(scores: dict[str, float]) -> DataFrame:
    import pandas as pd

    return pd.DataFrame({"score": scores})
