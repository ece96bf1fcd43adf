"""Stage two: measure a mean as a modality says."""

from __future__ import annotations

import numpy as np

from spsim._deviates import normal_deviates
from spsim._random import Purpose, Stream, stream, uniforms
from spsim.likelihoods import ContinuousLikelihood
from spsim.scenarios._modality import Modality
from spsim.scenarios._observe import observe
from spsim.truth import Mean, Measurement


def measure(mean: Mean, modality: Modality, *, seed: np.random.SeedSequence, sparse: bool = False) -> Measurement:
    """Measure a mean as a modality says."""
    is_count = not isinstance(modality.likelihood, ContinuousLikelihood)
    if sparse and not is_count:
        msg = f"sparse=True needs counts, but modality {modality.name!r} is measured as {modality.likelihood!r}"
        raise ValueError(msg)
    source = stream(seed, modality.name)
    raw = observe(mean, modality.likelihood, source=source, sparse=sparse)
    if not (modality.noise_mean or modality.noise_sd):
        return Measurement(raw=raw, is_count=is_count)
    dense: np.ndarray = raw if isinstance(raw, np.ndarray) else raw.toarray()
    noise = modality.noise_mean + modality.noise_sd * _normal(dense.shape, source)
    return Measurement(raw=raw, is_count=is_count, values=(dense + noise).astype(np.float32))


def _normal(shape: tuple[int, ...], source: Stream) -> np.ndarray:
    """Standard normal deviates; each feature has its own run of words, so that fewer spots or features are a prefix."""
    n_spots, n_features = shape
    columns = [uniforms(source, Purpose.NOISE, n_spots, tile=feature) for feature in range(n_features)]
    return normal_deviates(np.column_stack(columns))
