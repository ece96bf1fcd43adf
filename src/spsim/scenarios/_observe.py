"""Stage two: measure a mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim._random import Stream, stream
from spsim.likelihoods import Likelihood
from spsim.sampling import sample_classes, sample_classes_csr, sample_means, sample_means_csr
from spsim.truth import Mean, mean_classes

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Up to this many (spot class, feature class) pairs are looked up in tables; beyond, each entry has its own mean. Both
# ways give the same integers, so the number may change.
MOST_CLASSES = 4096


def observe(
    mean: Mean, likelihood: Likelihood, *, seed: np.random.SeedSequence, name: str, sparse: bool = False
) -> np.ndarray | csr_matrix:
    """Return the counts of a mean: a pure function of seed, modality, spot and feature."""
    if mean.parts is None:
        return _counts(mean, likelihood, stream(seed, name), sparse=sparse)
    types = next(block.columns for block in mean.blocks if block.name == mean.parts.block)
    total: Any = 0
    for column, scales in enumerate(mean.parts.shape_scales.T):
        own = stream(seed, f"{name}:{types[column]}")
        total = total + _counts(
            mean.part(column), likelihood, own, sparse=sparse, shape_scales=scales if _has_shape(likelihood) else None
        )
    return total


def _has_shape(likelihood: Likelihood) -> bool:
    return hasattr(likelihood, "shape")


def _counts(
    mean: Mean, likelihood: Likelihood, source: Stream, *, sparse: bool, shape_scales: np.ndarray | None = None
) -> np.ndarray | csr_matrix:
    classes = mean_classes(mean, most=MOST_CLASSES)
    if classes is None:
        sample = sample_means_csr if sparse else sample_means
        return sample(likelihood, mean.rows, mean.shape, stream=source, shape_scales=shape_scales)
    draw = sample_classes_csr if sparse else sample_classes
    return draw(
        likelihood,
        classes.means,
        classes.spot_class,
        classes.feature_class,
        stream=source,
        shape_scales=shape_scales,
    )
