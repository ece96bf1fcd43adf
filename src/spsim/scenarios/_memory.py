"""Estimate the memory that a data set takes while it is made, and refuse one that does not fit, before it is drawn."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spsim.likelihoods import CountLikelihood
from spsim.scenarios._modality import Modality
from spsim.scenarios._scenario import Scenario
from spsim.truth import Mean, Truth

# Bytes, measured at up to a million spots or features (tests/scenarios/test_memory.py repeats it). A spot and a feature
# have a name, positions and columns of tables; values are float32, those of CSR have a column (int32) beside them.
SPOT, SPOT_OF_MODALITY, FEATURE = 110, 70, 190
VALUE, NONZERO, MEAN = 4, 8, 8
# Of a factor in a spot: while a pattern draws it, while switches are drawn, and for good.
DRAWN_SPATIAL, DRAWN_NONSPATIAL, FACTOR = 24, 16, 4
# Boxes of the surface of counts between many shapes.
MANY_SHAPES = 56 * 2**20
# Spots and features of which the share of counts above 0 is taken.
SAMPLED = 64


def check_memory(scenario: Scenario, *, sparse: bool, keep_mean: bool) -> None:
    """Refuse a data set that cannot fit into this machine's free memory; of sparse counts only the least is known."""
    shares = {m.name: _least_share(m) for m in scenario.modalities} if sparse else None
    _refuse_beyond(scenario, needed_memory(scenario, shares, keep_mean=keep_mean))


def check_counts_memory(scenario: Scenario, truth: Truth, *, keep_mean: bool) -> None:
    """Refuse sparse counts that cannot fit, as soon as their means are known."""
    shares = {m.name: nonzero_share(truth.means[m.name], m) for m in scenario.modalities}
    _refuse_beyond(scenario, needed_memory(scenario, shares, keep_mean=keep_mean))


def needed_memory(scenario: Scenario, shares: Mapping[str, float] | None, *, keep_mean: bool) -> int:
    """Return the largest number of bytes held at once; ``shares`` of counts above 0 where they are sparse."""
    n_spots, n_factors = scenario.n_spots, len(scenario.factor_names)
    modalities = scenario.modalities
    tables = n_spots * (SPOT + 2 * FACTOR * n_factors)
    for modality in modalities:
        n_drawn = modality.n_nonspatial_factors
        tables += n_spots * (SPOT_OF_MODALITY + 2 * FACTOR * n_factors + 3 * FACTOR * n_drawn)
        tables += modality.n_features * (FEATURE + 2 * FACTOR * (n_factors + n_drawn))
    drawn = n_spots * max(DRAWN_SPATIAL * n_factors, *(DRAWN_NONSPATIAL * m.n_nonspatial_factors for m in modalities))
    sizes = [_Sizes(modality, n_spots, shares) for modality in modalities]
    return max(drawn, tables + max(_while_measured(sizes), _while_assembled(sizes, keep_mean=keep_mean)))


def nonzero_share(model: Mean, modality: Modality) -> float:
    """Return the share of counts above 0, from a grid of spots and features."""
    spots, features = (np.linspace(0, size - 1, min(size, SAMPLED)).astype(np.intp) for size in model.shape)
    mean = model.linked(spots, features)
    for sizes in model.sizes.values():
        mean = mean * sizes[spots, None]
    for efficiencies in model.efficiencies.values():
        mean = mean * efficiencies[features]
    return _share_above_0(modality, mean, features)


class _Sizes:
    """Bytes of what is measured of a modality: raw values, noisy ones beside them, and what that takes meanwhile."""

    def __init__(self, modality: Modality, n_spots: int, shares: Mapping[str, float] | None) -> None:
        self.n_entries = n_spots * modality.n_features
        self.is_noisy = bool(modality.noise_mean or modality.noise_sd)
        self.is_sparse = shares is not None
        self.raw = VALUE * self.n_entries if shares is None else int(NONZERO * shares[modality.name] * self.n_entries)
        self.noisy = VALUE * self.n_entries * self.is_noisy
        self.work = MANY_SHAPES if _has_many_shapes(modality) else 0
        if self.is_noisy and self.is_sparse:
            self.work += VALUE * self.n_entries  # noise is added to dense values


def _while_measured(sizes: list[_Sizes]) -> int:
    """One modality after the other."""
    held, most = 0, 0
    for own in sizes:
        held += own.raw + own.noisy
        most = max(most, held + own.work)
    return most


def _while_assembled(sizes: list[_Sizes], *, keep_mean: bool) -> int:
    """One modality after the other; a mean is formed in two arrays of its size, before X is copied."""
    held = sum(own.raw + own.noisy for own in sizes)
    most = held
    for own in sizes:
        mean = MEAN * own.n_entries * keep_mean
        most = max(most, held + 2 * mean)
        held += mean + (0 if own.is_noisy else own.raw)
        most = max(most, held)
    return most


def _least_share(modality: Modality) -> float:
    """Share of counts above 0 where every factor is off."""
    if modality.link != "identity":
        return 0.0
    return _share_above_0(modality, np.full((1, 1), modality.background_mean), np.zeros(1, np.intp))


def _share_above_0(modality: Modality, mean: np.ndarray, features: np.ndarray) -> float:
    if not isinstance(modality.likelihood, CountLikelihood):
        return 1.0
    share = float(np.mean(modality.likelihood.take(features).survival(mean, np.zeros(mean.shape))))
    return share if np.isfinite(share) else 1.0


def _has_many_shapes(modality: Modality) -> bool:
    shape = getattr(modality.likelihood, "shape", None)
    return isinstance(shape, tuple) and len(set(shape)) > 8


def _refuse_beyond(scenario: Scenario, needed: int) -> None:
    import psutil

    available = psutil.virtual_memory().available
    if needed > available:
        n_features = sum(modality.n_features for modality in scenario.modalities)
        n_drawn = sum(modality.n_nonspatial_factors for modality in scenario.modalities)
        msg = (
            f"{scenario.n_spots} spots (n_side, layout, n_cells) × {n_features} features (n_spatial, n_mixed, n_nonspatial, "
            f"n_flat), with "
            f"{len(scenario.factor_names)} spatial factors (pattern) and {n_drawn} others (n_nonspatial_factors), need "
            f"about {needed / 2**30:.3g} GiB, but {available / 2**30:.3g} GiB are free"
        )
        raise ValueError(msg)
