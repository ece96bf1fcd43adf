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
    raw = observe(model, modality.likelihood, source=source, sparse=sparse)
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
