"""Measurements as a sparse float32 matrix, never dense on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from spsim._random import Stream
from spsim.likelihoods import Likelihood
from spsim.sampling._compressed_rows import CompressedRows
from spsim.sampling._plan import plan_classes, plan_means
from spsim.sampling._tile_by_tile import Draw, filled
from spsim.sampling._uniforms import TILE_SPOTS

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def sample_classes_csr(
    likelihood: Likelihood,
    means: np.ndarray,
    spot_class: np.ndarray,
    feature_class: np.ndarray,
    *,
    stream: Stream,
    first_spot: int = 0,
    shape_scales: np.ndarray | None = None,
) -> csr_matrix:
    """Sample the counts of :func:`sample_classes`, from the same parameters, as a sparse matrix.

    Returns
    -------
    Spots x features, float32, sorted indices, no stored zeros.

    Examples
    --------
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import Poisson
    >>> from spsim.sampling import sample_classes_csr
    >>> counts = sample_classes_csr(Poisson(), [[0.5]], [0, 0], [0, 0, 0], stream=stream(seed_sequence(0), "peaks"))
    >>> counts.toarray()
    array([[0., 2., 0.],
           [0., 0., 1.]], dtype=float32)
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


def sample_means_csr(
    likelihood: Likelihood,
    mean_rows: Callable[[int, int], np.ndarray],
    size: tuple[int, int],
    *,
    stream: Stream,
    first_spot: int = 0,
    shape_scales: np.ndarray | None = None,
) -> csr_matrix:
    """Sample the counts of :func:`sample_means`, from the same parameters, as a sparse matrix.

    Returns
    -------
    Spots x features, float32, sorted indices, no stored zeros.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim._random import seed_sequence, stream
    >>> from spsim.likelihoods import Poisson
    >>> from spsim.sampling import sample_means_csr
    >>> means = np.linspace(0, 1, 8).reshape(2, 4)
    >>> peaks = stream(seed_sequence(0), "peaks")
    >>> sample_means_csr(Poisson(), lambda start, stop: means[start:stop], (2, 4), stream=peaks).toarray()
    array([[0., 1., 0., 2.],
           [0., 1., 1., 0.]], dtype=float32)
    """
    draw = plan_means(likelihood, mean_rows, size, stream=stream, first_spot=first_spot, shape_scales=shape_scales)
    return _collect(draw, size, first_spot)


def _collect(draw: Draw, size: tuple[int, int], first_spot: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    rows = CompressedRows(size, *draw.expected_nonzeros())
    buffer = np.empty((min(TILE_SPOTS, size[0]), size[1]), draw.dtype)
    for start, stop, settled in filled(draw, size, first_spot, lambda start, stop: buffer[: stop - start]):
        rows.append(start, buffer[: stop - start])
        if settled is not None:
            rows.settle(settled[2], placeholder=draw.placeholder)
    result = csr_matrix(rows.arrays(), shape=size)
    result.has_sorted_indices = result.has_canonical_format = True
    return result
