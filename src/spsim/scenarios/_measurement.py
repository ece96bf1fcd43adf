"""What is measured of one modality."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from spsim._random import Purpose, Stream, stream, uniforms
from spsim.factors import MeanModel, normal_deviates
from spsim.likelihoods import ContinuousLikelihood
from spsim.scenarios._modality import Modality
from spsim.scenarios._observe import observe

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    Counts: TypeAlias = np.ndarray | csr_matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurement:
    """What a likelihood gave, and what X holds if that is something else.

    Parameters
    ----------
    raw
        Spots × features, float32.
    is_count
        Whether these are counts.
    values
        Content of ``X`` where it is not the raw measurement.
    layers
        What else was published of the measurement.
    """

    raw: Counts
    is_count: bool = True
    values: np.ndarray | None = None
    layers: dict[str, np.ndarray] = field(default_factory=dict)

    def part(self, spots: np.ndarray, features: np.ndarray) -> Measurement:
        """Return some spots and features."""
        values = None if self.values is None else self.values[spots][:, features]
        return replace(self, raw=self.raw[spots][:, features], values=values)


def measure(model: MeanModel, modality: Modality, *, seed: np.random.SeedSequence, sparse: bool = False) -> Measurement:
    """Measure a mean as a modality says."""
    is_count = not isinstance(modality.likelihood, ContinuousLikelihood)
    if sparse and not is_count:
        msg = f"sparse=True needs counts, but modality {modality.name!r} is measured as {modality.likelihood!r}"
        raise ValueError(msg)
    source = stream(seed, modality.name)
    raw = _observed(model, modality, source, sparse=sparse)
    if not (modality.noise_mean or modality.noise_sd):
        return Measurement(raw=raw, is_count=is_count)
    values = _with_noise(raw if isinstance(raw, np.ndarray) else raw.toarray(), modality, source)
    return Measurement(raw=raw, is_count=is_count, values=values)


def _observed(model: MeanModel, modality: Modality, source: Stream, *, sparse: bool) -> Counts:
    """Measure; what only the drawn sizes or the values of a user's pattern make too large is refused by its fields."""
    try:
        with np.errstate(over="ignore"):
            return observe(model, modality.likelihood, source=source, sparse=sparse)
    except ValueError as error:
        msg = (
            f"modality {modality.name!r} cannot be measured: {error}; lower expression_mean, background_mean, "
            "library_size, efficiency_sd, or the values of the pattern (factors, pixels)"
        )
        raise ValueError(msg) from error


def _with_noise(counts: np.ndarray, modality: Modality, source: Stream) -> np.ndarray:
    """Add noise; each feature has its own run of words, so that fewer spots or features are a prefix."""
    values = np.empty(counts.shape, np.float32)
    for feature, column in enumerate(counts.T):
        deviates = normal_deviates(uniforms(source, Purpose.NOISE, len(column), tile=feature))
        values[:, feature] = column + (modality.noise_mean + modality.noise_sd * deviates)
    return values
