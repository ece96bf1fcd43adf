"""Detection: its size, its absence, its categories."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.factors import Detection


def made(*effects, rng=0, n_slices=3):
    modality = {"name": "rna", "n_mixed": 30, "effects": list(effects)}
    scenario = sps.Scenario(n_side=4, design=sps.designs.Slices(n_slices=n_slices), modalities=[modality])
    return sps.simulate(scenario, rng=rng)


def test_zero_is_absence_bit_for_bit() -> None:
    zero, none = made(Detection(by="slice", sd=0)), made()
    assert np.array_equal(zero["rna"].X, none["rna"].X)
    assert np.array_equal(sps.get.mean(zero["rna"]), sps.get.mean(none["rna"]))


def test_every_category_has_one_share_for_all_features() -> None:
    with_, without = made(Detection(by="slice", sd=0.6)), made()
    ratio = sps.get.mean(with_["rna"]).to_numpy() / sps.get.mean(without["rna"]).to_numpy()
    assert np.allclose(ratio, with_["rna"].obs["detection"].to_numpy()[:, None], rtol=1e-6)
    shares = with_["rna"].obs.groupby(with_["rna"].obs["slice"], observed=True)["detection"]
    assert (shares.nunique() == 1).all() and shares.first().nunique() == 3


@pytest.mark.parametrize("sd", [0.2, 1.0])
def test_sd_is_that_of_the_logarithm(sd) -> None:
    """3 seeds × 400 shares: their standard deviation has a relative standard error of 0.02; 5 of them allowed."""
    drawn = [made(Detection(by="slice", sd=sd), rng=seed, n_slices=400)["rna"].obs for seed in range(3)]
    logs = np.log(np.concatenate([obs["detection"].groupby(obs["slice"], observed=True).first() for obs in drawn]))
    assert abs(logs.std() / sd - 1) < 0.1 < abs((2 * logs).std() / sd - 1)
    assert abs(logs.mean()) < 5 * sd / np.sqrt(1200)


def test_categories_are_a_prefix_and_resampling_keeps_them() -> None:
    few, many = made(Detection(by="slice"), n_slices=2), made(Detection(by="slice"), n_slices=5)
    assert np.array_equal(few["rna"].obs["detection"], many["rna"].obs["detection"][:32])
    part = many[::-2].copy()
    again, whole = sps.datasets.resample(part, rng=1), sps.datasets.resample(many, rng=1)
    assert np.array_equal(again["rna"].X, whole["rna"][again.obs_names].X)
    assert "detection" not in sps.get.without_truth(many)["rna"].obs


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"sd": -1}, ValueError, "sd must be a finite number of at least 0"),
        ({"by": 3}, TypeError, "by must be a text"),
    ],
)
def test_bad_detection_is_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Detection(**({"by": "slice"} | fields))


def test_unknown_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="Detection of modality 'rna': no label 'batch'; there are 'slice', 'domain'"):
        made(Detection(by="batch"))
