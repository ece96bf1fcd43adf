"""Measurements as a dense float32 matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from spsim._random import Stream
from spsim.likelihoods import Likelihood
from spsim.sampling._plan import plan_classes, plan_means
from spsim.sampling._tile_by_tile import Draw, filled
from spsim.sampling._uniforms import TILE_SPOTS


def sample_classes(
    likelihood: Likelihood,
    means: np.ndarray,
    spot_class: np.ndarray,
    feature_class: np.ndarray,
    *,
    stream: Stream,
    first_spot: int = 0,
    shape_scales: np.ndarray | None = None,
) -> np.ndarray:
    r"""Sample counts whose mean depends on the class of the spot and the class of the feature.

    .. math:: Y_{ij} = F^{-1}(U_{ij}; \mu_{c(i), d(j)})

    where :math:`U_{ij}` is a 64-bit uniform that depends on the stream, spot and feature only. So any range of spots
    regenerates alone, fewer spots or features are a part of the larger matrix, and two calls with one stream and other
    means or another likelihood are comonotone: good for paired comparisons, useless as replicates.

    Parameters
    ----------
    likelihood
        The distribution of a count given its mean.
    means
        Mean per class of spot (rows) and class of feature (columns), finite and not below the lowest one of the
        likelihood; 0 gives counts of 0.
    spot_class
        Row of ``means`` for each spot.
    feature_class
        Column of ``means`` for each feature.
    stream
        Seed and name of the numbers.
    first_spot
        Position of the first spot in the whole data set.
    shape_scales
        What the shape of the likelihood is multiplied with in each spot, if anything: one number above 0 per spot (where
        all means are 0, any). A sum of counts with means :math:`\ell_c \mu` and shape :math:`r` has the variance of the
        shape :math:`r (\sum_c \ell_c)^2 / \sum_c \ell_c^2`, and its distribution where all :math:`\ell_c` are equal. For
        a likelihood of shape 1 these are the shapes themselves.

    Returns
    -------
    Spots x features, float32, C order. Counts above 2**24 are rounded to the nearest float32.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import NegativeBinomial
    >>> from spsim.sampling import sample_classes
    >>> means = np.array([[0.2, 9.2], [9.2, 0.2]])
    >>> sample_classes(NegativeBinomial(), means, [0, 0, 1], [0, 0, 1, 1], stream=stream(seed_sequence(0), "rna"))
    array([[ 1.,  0.,  9., 21.],
           [ 0.,  0.,  4.,  3.],
           [ 2., 12.,  0.,  0.]], dtype=float32)
    """
    draw = plan_classes(
        likelihood,
        means,
        spot_class,
        feature_class,
        stream=stream,
        first_spot=first_spot,
        shape_scales=shape_scales,
    )
    return _collect(draw, (len(spot_class), len(feature_class)), first_spot)


def sample_means(
    likelihood: Likelihood,
    mean_rows: Callable[[int, int], np.ndarray],
    size: tuple[int, int],
    *,
    stream: Stream,
    first_spot: int = 0,
    shape_scales: np.ndarray | None = None,
) -> np.ndarray:
    r"""Sample counts that each have a mean of their own.

    The counts are those of :func:`sample_classes` wherever the means are the same.

    Parameters
    ----------
    likelihood
        The distribution of a count given its mean.
    mean_rows
        Function of (start, stop) that returns the means of these spots, (stop - start) x features, finite and not
        below the lowest one of the likelihood. It is called for a few rows at a time, so the means never exist as a whole.
    size
        Number of spots and features.
    stream
        Seed and name of the numbers.
    first_spot
        Position of the first spot in the whole data set.
    shape_scales
        What the shape of the likelihood is multiplied with in each spot, if anything: one number above 0 per spot (where
        all means are 0, any). A sum of counts with means :math:`\ell_c \mu` and shape :math:`r` has the variance of the
        shape :math:`r (\sum_c \ell_c)^2 / \sum_c \ell_c^2`, and its distribution where all :math:`\ell_c` are equal. For
        a likelihood of shape 1 these are the shapes themselves.

    Returns
    -------
    Spots x features, float32, C order.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import NegativeBinomial
    >>> from spsim.sampling import sample_means
    >>> means = np.linspace(0, 30, 12).reshape(3, 4)
    >>> rna = stream(seed_sequence(0), "rna")
    >>> sample_means(NegativeBinomial(), lambda start, stop: means[start:stop], (3, 4), stream=rna)
    array([[ 0.,  1.,  5., 19.],
           [10.,  9.,  8.,  8.],
           [ 7., 30., 33., 28.]], dtype=float32)
    """
    draw = plan_means(likelihood, mean_rows, size, stream=stream, first_spot=first_spot, shape_scales=shape_scales)
    return _collect(draw, size, first_spot)


def _collect(draw: Draw, size: tuple[int, int], first_spot: int) -> np.ndarray:
    result = np.empty(size, np.float32)
    # Filling a small tile and copying it touches the large memory once, from one end to the other.
    tile = None if draw.dtype == result.dtype else np.empty((min(TILE_SPOTS, size[0]), size[1]), draw.dtype)
    rows = (lambda start, stop: result[start:stop]) if tile is None else (lambda start, stop: tile[: stop - start])
    for start, stop, settled in filled(draw, size, first_spot, rows):
        if tile is not None:
            result[start:stop] = tile[: stop - start]
        if settled is not None:
            at, features, values = settled
            result[at, features] = values
    return result
