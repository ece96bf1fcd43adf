"""What the seed knows about an entry: whether it was lost, and to which part of a mixture it belongs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from spsim._random import Stream
from spsim._validate import shown
from spsim.likelihoods import CountLikelihood, Likelihood, NegativeBinomialMixture
from spsim.sampling._checks import checked_likelihood, checked_positions
from spsim.sampling._uniforms import STRIP_FEATURES, TILE_SPOTS, TileLanes, lanes_at, uniforms_at
from spsim.sampling._walk import pieces

_LOWER_BITS = 48
# What one lane by a scattered counter costs, in lanes drawn one after the other.
_SCATTERED_COST = 100


def dropout_mask(likelihood: Likelihood, *, spots: np.ndarray, features: np.ndarray, stream: Stream) -> np.ndarray:
    r"""Tell which entries are structural zeros, :math:`U_{ij} < \pi`.

    A zero outside the mask is a zero of the count distribution itself.

    Parameters
    ----------
    likelihood
        The likelihood the data were sampled with. Those without dropout lose nothing.
    spots, features
        Positions in the data set as it was simulated, in any order: the rows and columns of the result.
    stream
        Seed and name the data were sampled with.

    Returns
    -------
    Spots x features, bool.

    Examples
    --------
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import ZeroInflatedPoisson
    >>> from spsim.sampling import dropout_mask
    >>> rna = stream(seed_sequence(0), "rna")
    >>> dropout_mask(ZeroInflatedPoisson(dropout_rate=0.5), spots=[0, 1], features=[0, 1, 2], stream=rna)
    array([[False,  True, False],
           [ True,  True,  True]])
    """
    likelihood = checked_likelihood(likelihood)
    lost = likelihood.kept()[1] if isinstance(likelihood, CountLikelihood) else 0.0
    return _below(lost, checked_positions("spots", spots), checked_positions("features", features), stream)


def foreground_mask(
    likelihood: NegativeBinomialMixture, *, spots: np.ndarray, features: np.ndarray, stream: Stream
) -> np.ndarray:
    r"""Tell which entries of a mixture are foreground, :math:`U_{ij} \ge 1 - p`.

    Parameters
    ----------
    likelihood
        The mixture the data were sampled with; others have no foreground (``TypeError``).
    spots, features
        Positions in the data set as it was simulated, in any order: the rows and columns of the result.
    stream
        Seed and name the data were sampled with.

    Returns
    -------
    Spots x features, bool.

    Examples
    --------
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import NegativeBinomialMixture
    >>> from spsim.sampling import foreground_mask
    >>> protein = stream(seed_sequence(0), "protein")
    >>> mixture = NegativeBinomialMixture(foreground_probability=0.3)
    >>> foreground_mask(mixture, spots=[0, 1], features=[0, 1, 2], stream=protein)
    array([[False, False, False],
           [ True, False, False]])
    """
    if not isinstance(likelihood, NegativeBinomialMixture):
        msg = (
            f"likelihood must be a NegativeBinomialMixture to have a foreground, got {shown(likelihood)}; a modality with the "
            "effect spsim.factors.Foreground has one, too"
        )
        raise TypeError(msg)
    background = 1.0 - likelihood.foreground_probability
    return ~_below(background, checked_positions("spots", spots), checked_positions("features", features), stream)


def _below(probability: float, spots: np.ndarray, features: np.ndarray, source: Stream) -> np.ndarray:
    """Compare uniforms with a probability: by lanes, and by all bits where a lane is half and half."""
    bound = round(probability * 2.0**64)
    if bound in (0, 2**64) or not (len(spots) and len(features)):
        return np.full((len(spots), len(features)), bound > 0)
    lane, rest = divmod(bound, 1 << _LOWER_BITS)
    below = np.empty((len(spots), len(features)), bool)
    tied = [np.empty(0, np.intp)]
    for rows, lanes in _lanes(spots, features, source):
        below[rows] = lanes < lane
        at, columns = np.nonzero(lanes == lane)
        tied.append(rows[at] * len(features) + columns)
    rows, columns = np.divmod(np.concatenate(tied), len(features))
    for piece in pieces(len(rows) if rest else 0, 1):
        at, of = rows[piece], columns[piece]
        below[at, of] = uniforms_at(source, spots[at], features[of]) < np.uint64(bound)
    return below


def _lanes(spots: np.ndarray, features: np.ndarray, source: Stream) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield rows of the result and their lanes: tiles that are wanted in part only are not drawn as a whole."""
    first, stop = features.min() // STRIP_FEATURES, features.max() // STRIP_FEATURES + 1
    order = np.argsort(spots, kind="stable")
    tiles, starts = np.unique(spots[order] // TILE_SPOTS, return_index=True)
    few = (stop - first) * TILE_SPOTS * STRIP_FEATURES / (_SCATTERED_COST * len(features))
    scattered, lanes = [np.empty(0, np.intp)], TileLanes(source)
    for tile, rows in zip(tiles, np.split(order, starts[1:]), strict=True):
        if len(rows) < few:
            scattered.append(rows)
            continue
        lanes.go_to(int(tile), first=int(first))
        wanted = lanes.next(int(stop - first))[spots[rows] % TILE_SPOTS].reshape(len(rows), -1)
        yield rows, wanted.take(features - first * STRIP_FEATURES, axis=1)
    rows = np.concatenate(scattered)
    for piece in pieces(len(rows), len(features)):
        at, of = np.repeat(spots[rows[piece]], len(features)), np.tile(features, len(rows[piece]))
        yield rows[piece], lanes_at(source, at, of).reshape(-1, len(features))
