"""Masks of the measurement: which entries were dropped, which are foreground."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from spsim import sampling
from spsim._keywords import refuses_unknown
from spsim._random import seed_from_json, stream
from spsim.likelihoods import from_dict
from spsim.slots import modality_params, read_index, read_params, switch_of

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame


@refuses_unknown()
def dropout_mask(adata: AnnData) -> DataFrame:
    """Return which entries of a modality were dropped.

    The mask is not stored: it follows from the seed and each entry's position, so it is right for filtered and shuffled
    objects too.

    Parameters
    ----------
    adata
        One modality of a simulated object.

    Returns
    -------
    Spots × features, bool; all false for a likelihood without dropout.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.
    TypeError
        A MuData instead of one of its modalities.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = sps.datasets.quilt(n_spatial=50, dropout_rate=0.3)["rna"]
    >>> dropped = sps.get.dropout_mask(rna)
    >>> bool((rna.X[dropped] == 0).all()), round(float(dropped.mean(axis=None)), 1)
    (True, 0.3)
    """
    return _mask(adata, sampling.dropout_mask)


@refuses_unknown()
def foreground_mask(adata: AnnData) -> DataFrame:
    """Return which entries of a modality are foreground, where an effect or a mixture says so.

    The mask is not stored: it follows from the seed and each entry's position, so it is right for filtered and shuffled
    objects too.

    Parameters
    ----------
    adata
        One modality of a simulated object, with a :class:`spsim.factors.Foreground` (then its entries) or measured as
        :class:`spsim.likelihoods.NegativeBinomialMixture`.

    Returns
    -------
    Spots × features, bool.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.
    TypeError
        A MuData instead of one of its modalities, or one with neither.

    Examples
    --------
    >>> import spsim as sps
    >>> mixture = sps.likelihoods.NegativeBinomialMixture(foreground_probability=0.25)
    >>> protein = sps.datasets.quilt(n_spatial=50, likelihood=mixture)["rna"]
    >>> round(float(sps.get.foreground_mask(protein).mean(axis=None)), 2)
    0.25
    """
    import pandas as pd

    switch = switch_of(adata)
    if switch is None:
        return _mask(adata, sampling.foreground_mask)
    return pd.DataFrame(switch.is_on(), index=adata.obs_names, columns=adata.var_names)


def _mask(adata: AnnData, mask_of: Callable[..., Any]) -> DataFrame:
    import pandas as pd

    record = modality_params(adata)
    source = stream(seed_from_json(read_params(adata)["seeds"]["counts"]), record["name"])
    spots, features = read_index(adata)
    mask = mask_of(from_dict(record["likelihood"]), spots=spots, features=features, stream=source)
    return pd.DataFrame(mask, index=adata.obs_names, columns=adata.var_names)
