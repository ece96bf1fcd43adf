"""Perturbations, knock-down, the cell cycle and signed loadings: every knob does what it says, measured."""

from __future__ import annotations

import math

import numpy as np
import pytest

import spsim as sps
from spsim._random import seed_sequence, stream
from spsim.factors import CellCycle, Graded, KnockDown, Perturbations, SignedGraded
from spsim.truth import Observations

N = 40_000


def source(name: str = "x"):
    return stream(seed_sequence(0), name)


def drawn(recipe, n: int = N):
    return recipe.factors(Observations(name="cell", n=n), source())


@pytest.mark.parametrize("share", [None, 0.4])
def test_control_and_perturbations_have_their_shares(share) -> None:
    """5 standard errors of a share, false-alarm rate 6e-7 for each of 5."""
    label = drawn(Perturbations(4, control_share=share)).label
    own = 0.2 if share is None else share
    found = np.bincount(label.codes, minlength=5) / N
    expected = np.array([own, *[(1 - own) / 4] * 4])
    assert label.names[0] == "control" and label.is_known
    assert (np.abs(found - expected) < 5 * np.sqrt(expected / N)).all()
    assert abs(found[0] - (0.4 if share is None else 0.2)) > 5 * np.sqrt(0.4 / N)


@pytest.mark.parametrize("efficiency", [0.3, 0.8])
def test_guides_work_in_their_share_of_cells(efficiency) -> None:
    """Each of 6 guides: 5 standard errors of a share, false-alarm rate 4e-6."""
    factors = drawn(Perturbations(3, n_guides=2, efficiency=efficiency, concentration=20))
    guide, works = factors.labels["guide_id"], factors.values.any(axis=1)
    stated = factors.own_tables["guide_efficiency"].columns["efficiency"]
    assert len(set(stated.tolist())) == 6
    for number, share in enumerate(stated):
        own = guide.codes == number + 2
        error = 5 * np.sqrt(0.25 / own.sum())
        assert (
            abs(works[own].mean() - share)
            < error
            < abs(works[own].mean() - (1 - share) if abs(share - 0.5) > 0.1 else 1)
        )
    escaped = factors.labels["escaped"].codes == 1
    assert np.array_equal(escaped, (factors.label.codes > 0) & ~works) and not escaped[factors.label.codes == 0].any()
    assert not factors.labels["escaped"].is_known and factors.labels["batch"].is_known and guide.is_known


def test_guides_agree_as_much_as_their_concentration_says() -> None:
    """The sd of a Beta with mean m and concentration k is sqrt(m (1 - m) / (k + 1)); 600 guides, 5 relative errors."""
    for concentration in (5.0, 40.0):
        recipe = Perturbations(200, n_guides=3, efficiency=0.7, concentration=concentration)
        stated = drawn(recipe, 10).own_tables["guide_efficiency"].columns["efficiency"]
        assert abs(stated.mean() - 0.7) < 5 * stated.std() / np.sqrt(600)
        assert abs(stated.std() / np.sqrt(0.21 / (concentration + 1)) - 1) < 0.15
    for efficiency, other in ((1.0, 10.0), (0.0, 10.0), (0.6, math.inf)):
        recipe = Perturbations(2, efficiency=efficiency, concentration=other)
        assert (drawn(recipe, 10).own_tables["guide_efficiency"].columns["efficiency"] == efficiency).all()
    assert not (drawn(Perturbations(2, efficiency=1.0)).labels["escaped"].codes == 1).any()


def test_batches_hold_all_perturbations_and_guides_belong_to_one() -> None:
    factors = drawn(Perturbations(3, n_guides=2, n_batches=2))
    counts = np.zeros((2, 4))
    np.add.at(counts, (factors.labels["batch"].codes, factors.label.codes), 1)
    assert counts.min() > 0.4 * N / 8
    guide = factors.labels["guide_id"]
    of = {name.rpartition("_guide_")[0] for name in guide.names}
    assert of == set(factors.label.names)
    assert all(
        guide.names[g].startswith(factors.label.names[t]) for g, t in zip(guide.codes, factors.label.codes, strict=True)
    )


def test_cells_are_a_prefix_of_more() -> None:
    few, many = (drawn(Perturbations(3), n) for n in (30, 500))
    assert few.values.tobytes() == many.values[:30].tobytes()
    assert np.array_equal(few.labels["guide_id"].codes, many.labels["guide_id"].codes[:30])


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_targets_lose_their_share_where_a_guide_works_and_nothing_else_does(share) -> None:
    def made(rule):
        scenario = sps.Scenario(
            pattern=None,
            design=sps.designs.Dissociated(400),
            factors={"perturbation": Perturbations(3)},
            modalities=[{"name": "rna", "n_nonspatial": 20, "loadings": {"perturbation": rule}}],
        )
        return sps.simulate(scenario)["rna"]

    with_, plain = made(KnockDown(share)), made(KnockDown(0))
    ratio = sps.get.mean(with_).to_numpy() / sps.get.mean(plain).to_numpy()
    target = with_.var["perturbation_factor"]
    expected = np.ones(ratio.shape)
    for k, name in enumerate(("target_1", "target_2", "target_3")):
        expected[np.ix_(with_.obsm["perturbation_factors"][:, k] == 1, (target == name).to_numpy())] = 1 - share
    assert np.allclose(ratio, expected, rtol=1e-6) and (expected < 1).any()
    # What its cells are called is not what happened in them.
    called = ratio[(with_.obs["perturbation"] == "target_1").to_numpy()][:, (target == "target_1").to_numpy()]
    assert {round(float(r), 3) for r in called.ravel()} == {1.0, round(1 - share, 3)}
    assert sps.datasets.resample(sps.datasets.perturbseq(3, n_cells=60, knock_down=share), rng=5).n_obs == 60


def test_there_is_a_feature_for_each_target() -> None:
    loadings = KnockDown().loadings(5, 5, source())
    assert (loadings != 0).sum(axis=1).tolist() == (loadings != 0).sum(axis=0).tolist() == [1] * 5
    with pytest.raises(ValueError, match="one feature for each of the 6 factors, its target, got 5 features"):
        KnockDown().loadings(5, 6, source())
    assert not KnockDown(0).loadings(5, 6, source()).any()
    with pytest.raises(ValueError, match="share must be below 1"):
        KnockDown(1.0)


def test_activations_have_no_target_and_the_others_keep_theirs() -> None:
    names = ("a", "b", "c")
    all_of_them = KnockDown().loadings(9, 3, source())
    spared = KnockDown(without=["b"]).alike(all_of_them, names)
    assert not spared[:, 1].any() and np.array_equal(spared[:, ::2], all_of_them[:, ::2]) and all_of_them[:, 1].any()
    with pytest.raises(ValueError, match=r"name in without must be one of 'a', 'b', 'c', got 'd'"):
        KnockDown(without=["d"]).alike(all_of_them, names)
    rna = sps.datasets.perturbseq(network="hsc_shape", n_cells=100)["rna"]
    hit = [
        name
        for name, own in zip(
            sps.get.loadings(rna, block="perturbation"), rna.varm["perturbation_loadings"].T, strict=True
        )
        if own.any()
    ]
    assert len(hit) == 11 and all(name.endswith("_knock_out") for name in hit)


def test_phases_have_their_shares_and_factors_are_high_inside_them() -> None:
    """5 standard errors of a share, false-alarm rate 2e-6."""
    factors = drawn(CellCycle(shares=[5, 3, 2]))
    found = np.bincount(factors.label.codes) / N
    assert (np.abs(found - [0.5, 0.3, 0.2]) < 5 * np.sqrt(0.25 / N)).all()
    assert (np.abs(found - 1 / 3) > 5 * np.sqrt(0.25 / N)).all()
    inside = factors.values > 0
    assert np.array_equal(inside, factors.label.codes[:, None] == [1, 2]) or (
        (inside != (factors.label.codes[:, None] == [1, 2])).mean() < 1e-3
    )
    # The mean of a half wave is 2/pi.
    assert np.allclose([factors.values[inside[:, k], k].mean() for k in (0, 1)], 2 / np.pi, atol=0.02)
    with pytest.raises(ValueError, match="shares must be three numbers"):
        CellCycle(shares=[1, 1])


@pytest.mark.parametrize("down", [0.0, 0.3, 1.0])
def test_signed_loadings_are_graded_ones_with_signs_on_the_logarithm(down) -> None:
    """5 standard errors of a share, false-alarm rate 6e-7."""
    signed = SignedGraded(down_fraction=down, overlap=0.3).loadings(N, 4, source())
    plain = Graded(overlap=0.3).loadings(N, 4, source())
    assert np.array_equal(np.abs(signed), plain) and SignedGraded.scale == "log"
    assert abs((signed.sum(axis=1) < 0).mean() - down) < 5 * np.sqrt(0.25 / N)
    assert not np.signbit(signed[signed == 0]).any()
