"""Ecotypes: the share outside, one per region, and along gradients; types that a sample lacks."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import source
from spsim.factors import CellTypes, Ecotypes
from spsim.patterns import Gradient, Voronoi
from spsim.truth import Factors, Observations

RNA = {"name": "rna", "n_mixed": 4}


def made(recipe, *, pattern=None, rng=0, factors=None, **fields):
    pattern = Voronoi(3, names=["a", "b", "c"]) if pattern is None else pattern
    top = {"pattern": pattern, "n_side": 40, "factors": {"ecotype": recipe, **(factors or {})}, "modalities": [RNA]}
    return sps.simulate(sps.Scenario(**(top | fields)), rng=rng)


@pytest.mark.parametrize("outside", [0.0, 0.2, 0.6, 1.0])
def test_a_share_of_cells_is_outside_and_the_rest_in_that_of_the_region(outside) -> None:
    """3 × 1,600 cells: standard error 0.007 at most, five allowed; a share half as large again is told apart."""
    shares = []
    for rng in range(3):
        obs = made(Ecotypes(outside=outside), rng=rng).obs
        is_in = (obs["ecotype"] != "outside").to_numpy()
        assert (obs["ecotype"].astype(str) == obs["domain"].astype(str))[is_in].all()
        shares.append(1 - is_in.mean())
    assert np.mean(shares) == pytest.approx(outside, abs=0.036)
    if 0 < outside < 1:
        assert np.mean(shares) != pytest.approx(1.5 * outside, abs=0.036)


def test_along_gradients_an_ecotype_becomes_frequent() -> None:
    """In ten strips of 3 × 160 cells the share is that of the factor, 0.8 F; standard error 0.023, five allowed."""
    found = []
    for rng in range(3):
        mdata = made(Ecotypes(outside=0.2), pattern=Gradient(angle=[0], names=["right"]), rng=rng)
        strip = (mdata.obs["x"] // 4).to_numpy(int)
        found.append([(mdata.obs["ecotype"] == "right").to_numpy()[strip == k].mean() for k in range(10)])
    factor = [mdata.obsm["spatial_factors"][strip == k].mean() for k in range(10)]
    assert np.mean(found, axis=0) == pytest.approx(0.8 * np.array(factor), abs=0.115)
    assert np.mean(found, axis=0) != pytest.approx(np.full(10, 0.4), abs=0.115)


def test_a_plain_loop_gives_the_same_labels() -> None:
    from spsim._random import Purpose, seed_sequence, stream, uniforms

    mdata = made(Ecotypes(outside=0.3), pattern=Gradient(angle=[0, 90], names=["right", "down"]))
    drawn = uniforms(stream(seed_sequence(0), "factors:ecotype"), Purpose.FACTORS, mdata.n_obs)
    for factors, u, label in zip(mdata.obsm["spatial_factors"], drawn, mdata.obs["ecotype"], strict=True):
        right, down = (0.7 * float(f) / max(1.0, float(factors[0]) + float(factors[1])) for f in factors)
        assert label == ("right" if u < right else "down" if u < right + down else "outside")


def test_another_set_of_cells_draws_for_itself() -> None:
    """2 × 20,000 cells of one region: shares of both outside are independent, five standard errors."""
    regions = {"spatial": Factors(columns=("a",), values=np.ones((20_000, 1), np.float32))}
    first, second = (
        Ecotypes(outside=0.4).factors(Observations(name="cell", n=20_000, factors=regions, position=k), source())
        for k in (0, 1)
    )
    both = np.mean((first.label.codes == 1) & (second.label.codes == 1))
    assert abs(both - 0.16) < 5 * np.sqrt(0.16 * 0.84 / 20_000)


def test_a_factor_must_not_be_called_outside() -> None:
    with pytest.raises(ValueError, match="names of spatial factors must not be 'outside'"):
        made(Ecotypes(), pattern=Voronoi(2, names=["a", "outside"]))
    with pytest.raises(ValueError, match="no label 'domain'"):
        sps.Scenario(
            pattern=None, factors={"ecotype": Ecotypes()}, modalities=[{"name": "rna", "n_mixed": 0, "n_flat": 3}]
        )


def test_types_are_absent_from_a_sample_and_from_no_other() -> None:
    design = sps.designs.Samples(3)
    types = CellTypes(3, by="ecotype", absent={"sample_2": ["type_1"]}, absent_by="sample")
    lacking, whole = (
        made(Ecotypes(), design=design, factors={"cell_type": recipe}, n_side=20)
        for recipe in (types, CellTypes(3, by="ecotype"))
    )
    composition = sps.get.table(lacking, "cell_type_composition")
    lacking, whole = lacking.obs, whole.obs
    at = (lacking["sample"] == "sample_2").to_numpy()
    assert "type_1" not in set(lacking["cell_type"][at]) and "type_1" in set(whole["cell_type"][at])
    assert lacking["cell_type"][~at].equals(whole["cell_type"][~at])
    # The others take its place in proportion; 80 cells or more per ecotype: standard error 0.056, five allowed.
    for name, own in lacking[at].groupby("ecotype", observed=True):
        expected = composition.loc[name, "type_2"] / composition.loc[name, ["type_2", "type_3"]].sum()
        assert (own["cell_type"] == "type_2").mean() == pytest.approx(expected, abs=0.28)
    with pytest.raises(ValueError, match="absent, by category of 'sample', must be one of 'sample_1'"):
        made(
            Ecotypes(),
            design=design,
            factors={"cell_type": CellTypes(absent={"typo": ["type_1"]}, absent_by="sample")},
        )
