"""Estimate the size of a data set before anything is drawn."""

from __future__ import annotations

from spsim.scenarios._scenario import Scenario

# X and layers["counts"], float32; kept means are float64. CSR costs 8 bytes per non-zero: at the densities of the
# published scenarios (0.16 to 0.61) about as much as half a dense matrix.
BYTES_DENSE, BYTES_SPARSE, BYTES_MEAN, BYTES_TRUTH = 8, 4, 8, 4


def check_memory(scenario: Scenario, *, sparse: bool, keep_mean: bool) -> None:
    """Refuse a data set that cannot fit into this machine's free memory."""
    import psutil

    n_features = sum(modality.n_features for modality in scenario.modalities)
    n_columns = len(scenario.factor_names) + sum(m.n_nonspatial_factors for m in scenario.modalities)
    per_entry = (BYTES_SPARSE if sparse else BYTES_DENSE) + BYTES_MEAN * keep_mean
    n_observations = sum(scenario.n_observations.values())
    needed = n_observations * (n_features * per_entry + n_columns * BYTES_TRUTH)
    available = psutil.virtual_memory().available
    if needed > available:
        msg = (
            f"{n_observations} spots (n_side, layout) × {n_features} features (n_spatial, n_mixed, n_nonspatial) "
            f"need about {needed / 2**30:.3g} GiB, but {available / 2**30:.3g} GiB are free"
        )
        raise ValueError(msg)
