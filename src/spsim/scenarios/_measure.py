"""Stage two: measure a mean as a modality says."""

from __future__ import annotations

from typing import Any

import numpy as np

from spsim._deviates import normal_deviates
from spsim._objects import as_dense
from spsim._random import Purpose, Stream, stream, uniforms
from spsim.likelihoods import ContinuousLikelihood, with_shapes
from spsim.scenarios._modality import Modality
from spsim.scenarios._observe import observe
from spsim.scenarios._unmeasured import without_unmeasured
from spsim.truth import Mean, Measurement


def measure(mean: Mean, modality: Modality, *, seed: np.random.SeedSequence, sparse: bool = False) -> Measurement:
    """Measure a mean as a modality says."""
    is_count = not isinstance(modality.likelihood, ContinuousLikelihood)
    if sparse and not is_count:
        msg = f"sparse=True needs counts, but modality {modality.name!r} is measured as {modality.likelihood!r}"
        raise ValueError(msg)
    source = stream(seed, modality.name)
    raw = _observed(mean, modality, seed, sparse=sparse)
    if mean.panel is not None:
        raw = without_unmeasured(raw, mean.panel)
    if not (modality.noise_mean or modality.noise_sd):
        return Measurement(raw=raw, is_count=is_count)
    values = _with_noise(as_dense(raw), modality, source)
    return Measurement(raw=raw, is_count=is_count, values=values)


def _observed(mean: Mean, modality: Modality, seed: np.random.SeedSequence, *, sparse: bool) -> Any:
    """Measure; what only the drawn sizes or the values of a user's pattern make too large is refused by its fields."""
    likelihood = modality.likelihood if mean.shapes is None else with_shapes(modality.likelihood, mean.shapes)
    try:
        with np.errstate(over="ignore"):
            return observe(mean, likelihood, seed=seed, name=modality.name, sparse=sparse)
    except ValueError as error:
        msg = (
            f"modality {modality.name!r} cannot be measured: {error}; lower expression_mean, background_mean, "
            "library_size, efficiency_sd, effects, or the values of the pattern (factors, pixels)"
        )
        raise ValueError(msg) from error


def _with_noise(counts: np.ndarray, modality: Modality, source: Stream) -> np.ndarray:
    """Add noise; each feature has its own run of words, so that fewer spots or features are a prefix."""
    values = np.empty(counts.shape, np.float32)
    for feature, column in enumerate(counts.T):
        deviates = normal_deviates(uniforms(source, Purpose.NOISE, len(column), tile=feature))
        values[:, feature] = column + (modality.noise_mean + modality.noise_sd * deviates)
    return values
