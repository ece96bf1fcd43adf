"""A shape that falls with the mean of a feature."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import spsim as sps
from effect_worlds import made
from spsim.factors import Depth, Spillover
from spsim.likelihoods import NegativeBinomial, NegativeBinomialMixture, Trend, ZeroInflatedNegativeBinomial, from_dict

FEATURES = {"n_mixed": 0, "n_flat": 300, "n_nonspatial": 0, "background_mean": 5.0, "background_sd": 1.0}


@pytest.mark.parametrize(("shape", "slope", "at"), [(10, 0.5, 1), (2, -0.3, 4), (100, 2.0, 10)])
def test_shapes_follow_the_means_of_features(shape, slope, at) -> None:
    likelihood = NegativeBinomial(shape=Trend(shape=shape, slope=slope, at=at))
    adata = made(likelihood=likelihood, background_sd=0.8, library_size={"sd": 0.5})["rna"]
    means = sps.get.mean(adata).to_numpy().mean(axis=0)
    assert np.allclose(adata.var["shape"], shape * (means / at) ** -slope, rtol=1e-5)
    assert not np.allclose(adata.var["shape"], shape * (means / at) ** slope, rtol=1e-2)
    assert adata.var["shape"].dtype == np.float32


@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_counts_have_the_variance_of_their_shapes(slope) -> None:
    """3 seeds × 300 flat features × 64 spots: squared deviations over their variance, 4.5 standard errors by simulation.

    The standard error comes from the features, which are independent: false-alarm rate 7e-6.
    """
    ratios, wrong = [], []
    for seed in range(3):
        trend = Trend(shape=2.0, slope=slope, at=5.0)
        adata = made(likelihood=NegativeBinomial(shape=trend), rng=seed, **FEATURES)["rna"]
        mean = sps.get.mean(adata).to_numpy()
        shapes = 2.0 * (mean[0] / 5.0) ** -slope
        squares = (adata.X - mean) ** 2
        ratios.append((squares / (mean + mean**2 / shapes)).mean(axis=0))
        wrong.append((squares / (mean + mean**2 / 2.0)).mean(axis=0)[mean[0] > 10])
    values = np.concatenate(ratios)
    error = 4.5 * values.std() / np.sqrt(len(values))
    assert abs(values.mean() - 1) < error < 0.2
    if slope:  # a wrong variant: one shape for all
        flat = np.concatenate(wrong)
        assert abs(flat.mean() - 1) > 4.5 * flat.std() / np.sqrt(len(flat))


@pytest.mark.parametrize(
    "likelihood",
    [
        lambda s: NegativeBinomial(shape=s),
        lambda s: ZeroInflatedNegativeBinomial(shape=s, dropout_rate=0.3),
        lambda s: NegativeBinomialMixture(shape=s, foreground_probability=0.4),
    ],
)
def test_without_a_slope_it_is_one_shape_bit_for_bit(likelihood) -> None:
    with_, plain = (made(likelihood=likelihood(s))["rna"] for s in (Trend(shape=7.0, slope=0.0), 7.0))
    assert np.array_equal(with_.X, plain.X) and "shape" not in with_.var
    steep = made(likelihood=likelihood(Trend(shape=7.0, slope=0.5)))["rna"]
    given = made(likelihood=likelihood(steep.var["shape"].tolist()))["rna"]
    assert np.array_equal(steep.X, given.X) and not np.array_equal(steep.X, plain.X)


def test_means_of_zero_and_extremes_have_shapes() -> None:
    shapes = Trend(shape=10, slope=10).shapes(np.array([0.0, 1e-30, 1e30, 1.0]))
    assert shapes.tolist() == [10.0, np.float32(1e12), np.float32(1e-6), 10.0]


def test_parts_keep_the_shapes_that_were_simulated() -> None:
    """Filtering observations changes the means of features, not their shapes."""
    mdata = made(Spillover(share=0.2), likelihood=NegativeBinomial(shape=Trend(slope=0.7)), background_sd=0.8)
    part = mdata[np.arange(50, 3, -5)].copy()
    part.mod["rna"] = part["rna"][:, np.arange(40, 0, -3)].copy()
    part.update()
    again, of_part = (sps.datasets.resample(world, rng=3)["rna"] for world in (mdata, part))
    assert np.array_equal(of_part.X, again[of_part.obs_names, of_part.var_names].X)
    assert np.array_equal(sps.datasets.resample(mdata, rng=0)["rna"].X, mdata["rna"].X)
    assert "shape" not in sps.get.without_truth(mdata)["rna"].var


def test_twins_of_another_depth_have_shapes_of_their_means() -> None:
    mdata = made(likelihood=NegativeBinomial(shape=Trend(slope=0.5)), library_size=Depth(sd=0.3))
    deep = sps.datasets.twin(mdata, library_size=Depth(median=4.0, sd=0.3))
    assert np.allclose(deep["rna"].var["shape"] * 2, mdata["rna"].var["shape"], rtol=1e-5)


def test_masks_and_means_need_no_shape() -> None:
    likelihood = ZeroInflatedNegativeBinomial(shape=Trend(slope=0.5), dropout_rate=0.4)
    adata = made(likelihood=likelihood)["rna"]
    assert not adata.X[sps.get.dropout_mask(adata).to_numpy()].any()


def test_it_goes_through_json_and_files() -> None:
    likelihood = NegativeBinomial(shape=Trend(slope=0.25, at=3))
    record = json.loads(json.dumps(likelihood.to_dict()))
    assert record["shape"] == {"name": "Trend", "shape": 10.0, "slope": 0.25, "at": 3.0}
    assert from_dict(record) == likelihood and hash(from_dict(record)) == hash(likelihood)
    scenario = sps.Scenario(modalities=[{"name": "rna", "likelihood": record}])
    assert sps.Scenario.from_json(scenario.to_json()) == scenario and scenario.modalities[0].likelihood == likelihood


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"shape": 0}, ValueError, "shape must be a finite number above 0"),
        ({"shape": math.inf}, ValueError, "shape must be"),
        ({"at": -1}, ValueError, "at must be a finite number above 0"),
        ({"slope": 11}, ValueError, "slope must be at most 10"),
        ({"slope": "a"}, TypeError, "slope must be"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Trend(**fields)


def test_records_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="shape name must be one of 'Trend', got 'Trent'"):
        NegativeBinomial(shape={"name": "Trent"})
    with pytest.raises(ValueError, match="Trend has no parameter 'sloe' .did you mean 'slope'"):
        NegativeBinomial(shape={"name": "Trend", "sloe": 1})
