"""A nuisance on the scale of the mean: the same field, uniform on [0, 1], which may spill over."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

import spsim as sps
from spsim.factors import Graded, Normal, Nuisance, Spillover

RNA = {"name": "rna", "n_mixed": 30}


def made(nuisance, rule, rng=0, **fields):
    modality = RNA | {"loadings": {"nuisance": rule}} | fields
    return sps.simulate(sps.Scenario([modality], n_side=30, factors={"nuisance": nuisance}), rng=rng)


def test_it_is_the_normal_field_made_uniform() -> None:
    plain = made(Nuisance(length=2), Normal(sd=0.1)).obsm["nuisance_factors"]
    positive = made(Nuisance(length=2, positive=True), Graded()).obsm["nuisance_factors"]
    assert np.allclose(ndtr(plain.astype(float)), positive, atol=1e-6) and not np.allclose(plain, positive)
    # Of 3 × 2 × 900 values with correlation over 2 spots, about 200 are independent: standard error 0.02, five allowed.
    every = np.concatenate(
        [made(Nuisance(length=2, positive=True), Graded(), rng).obsm["nuisance_factors"] for rng in range(3)]
    )
    assert every.min() > 0 and every.max() < 1
    assert [np.quantile(every, share) for share in (0.25, 0.5, 0.75)] == pytest.approx([0.25, 0.5, 0.75], abs=0.1)


def test_it_spills_over_where_one_on_the_logarithm_must_not() -> None:
    spills = {"effects": [Spillover(share=0.2, width=1.0)]}
    rna = made(Nuisance(length=2, positive=True), Graded(), **spills)["rna"]
    mixed, own = rna.obsm["nuisance_factors_mixed"], rna.obsm["nuisance_factors"]
    assert np.isfinite(mixed).all() and not np.allclose(mixed, own) and (sps.get.mean(rna) > 0).all().all()
    with pytest.raises(ValueError, match="spillover sums observations that differ in 'nuisance'"):
        made(Nuisance(length=2), Normal(sd=0.3), **spills)


def test_the_flag_is_a_flag() -> None:
    with pytest.raises(TypeError, match="positive must be"):
        Nuisance(positive="yes")
