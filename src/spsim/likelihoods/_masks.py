"""Which entries were dropped, or are foreground: recomputed from the seed alone."""

from __future__ import annotations

import numpy as np

from spsim._random import Stream
from spsim.likelihoods._base import Likelihood
from spsim.likelihoods._negative_binomial_mixture import NegativeBinomialMixture
from spsim.likelihoods._uniforms import TILE_FEATURES, TILE_SPOTS, refine, tile_lanes


def dropout_mask(likelihood: Likelihood, spots: np.ndarray, features: np.ndarray, *, stream: Stream) -> np.ndarray:
    r"""Return which entries are structural zeros, :math:`U < \pi`.

    Parameters
    ----------
    likelihood
        A likelihood; one without dropout has no structural zeros.
    spots, features
        Positions in the simulated object, whole numbers in any order.
    stream
        The modality's stream of the counts seed.

    Returns
    -------
    Spots × features, bool.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import ZeroInflatedPoisson, dropout_mask
    >>> rna = stream(seed_sequence(0), "rna")
    >>> dropout_mask(ZeroInflatedPoisson(dropout_rate=0.5), np.arange(2), np.arange(3), stream=rna).shape
    (2, 3)
    """
    return _below(getattr(likelihood, "dropout_rate", 0.0), spots, features, stream)


def foreground_mask(
    likelihood: NegativeBinomialMixture, spots: np.ndarray, features: np.ndarray, *, stream: Stream
) -> np.ndarray:
    r"""Return which entries of a mixture are foreground, :math:`U \ge 1 - p`.

    Parameters
    ----------
    likelihood
        A mixture of background and foreground.
    spots, features
        Positions in the simulated object, whole numbers in any order.
    stream
        The modality's stream of the counts seed.

    Returns
    -------
    Spots × features, bool.

    Raises
    ------
    TypeError
        A likelihood that is no mixture.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import NegativeBinomialMixture, foreground_mask
    >>> protein = stream(seed_sequence(0), "protein")
    >>> mixture = NegativeBinomialMixture(foreground_probability=1.0)
    >>> bool(foreground_mask(mixture, np.arange(2), np.arange(3), stream=protein).all())
    True
    """
    if not isinstance(likelihood, NegativeBinomialMixture):
        msg = f"likelihood must be a NegativeBinomialMixture to have a foreground, got {likelihood!r}"
        raise TypeError(msg)
    return ~_below(1.0 - likelihood.foreground_probability, spots, features, stream)


def _below(probability: float, spots: np.ndarray, features: np.ndarray, stream: Stream) -> np.ndarray:
    """Whether U < probability; the lower 48 bits are drawn only where the upper 16 leave it open."""
    threshold = round(probability * 2**64)
    upper = _lanes(spots, features, stream)
    below = upper < threshold >> 48
    rows, columns = np.nonzero(upper == threshold >> 48)
    if threshold % 2**48 and len(rows):
        uniforms = refine(stream, upper[rows, columns], spots[rows], features[columns])
        below[rows, columns] = uniforms < np.uint64(threshold)
    return below


def _lanes(spots: np.ndarray, features: np.ndarray, stream: Stream) -> np.ndarray:
    lanes = np.empty((len(spots), len(features)), np.uint32)  # holds 2**16 too, the bound of probability 1
    n_feature_tiles = -(-(int(np.max(features, initial=0)) + 1) // TILE_FEATURES)
    tiles = spots // TILE_SPOTS
    for tile in np.unique(tiles):
        here = np.flatnonzero(tiles == tile)
        drawn = tile_lanes(stream, int(tile), n_feature_tiles).reshape(TILE_SPOTS, -1)
        lanes[here] = drawn[spots[here] % TILE_SPOTS][:, features]
    return lanes
