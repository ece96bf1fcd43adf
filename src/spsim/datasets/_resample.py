"""The same truth, measured again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from spsim._keywords import refuses_unknown
from spsim._objects import annotated
from spsim._random import RNGLike, seed_sequence
from spsim.scenarios import remeasure, remeasure_modality

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

    Data = TypeVar("Data", AnnData, MuData)


@refuses_unknown()
def resample(mdata: Data, *, rng: RNGLike = None) -> Data:
    """Measure the same truth again: new counts, nothing else changes.

    Counts are a pure function of seed, modality, spot and feature. A filtered or shuffled object therefore gets the
    counts that the same rows and columns of the complete object would get, and the seed that an object was made with
    gives its own counts back.

    Parameters
    ----------
    mdata
        A simulated object or one modality of it, complete or not; it is not changed.
    rng
        Seed of the new counts (SPEC 7); ``None`` draws one and records it.

    Returns
    -------
    A new object with new ``X`` and ``layers["counts"]``; everything that was computed from the old counts (other
    layers, embeddings, graphs) is left out. One modality gets the counts that it has in the whole object for that seed.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_spatial=50)
    >>> again = sps.datasets.resample(mdata, rng=1)
    >>> bool((again["rna"].X != mdata["rna"].X).any())
    True
    >>> bool((sps.datasets.resample(again, rng=0)["rna"].X == mdata["rna"].X).all())
    True
    """
    seed = seed_sequence(rng)
    return remeasure(mdata, seed) if hasattr(annotated("mdata", mdata), "mod") else remeasure_modality(mdata, seed)
