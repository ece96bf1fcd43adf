"""Knobs of perturbations, knock-down and the cell cycle that shares alone do not see: independence, order, form.

Bounds are 5 standard errors, a false-alarm rate of 6e-7 each.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from effect_worlds import source
from spsim._random import Purpose, uniforms
from spsim.factors import CellCycle, KnockDown, Perturbations, SignedGraded
from spsim.truth import Observations

N = 30_000


def drawn(recipe, n: int = N, *, position: int = 0, seed: int = 0):
    return recipe.factors(replace(Observations(name="cell", n=n), position=position), source(seed))


def independent(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether two codes occur together as often as the product of their shares."""
    joint = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(joint, (first, second), 1 / len(first))
    expected = joint.sum(axis=1)[:, None] * joint.sum(axis=0)
    return bool((np.abs(joint - expected) < 5 * np.sqrt(expected / len(first))).all())


def test_guide_batch_and_success_are_independent() -> None:
    """22 pairs of categories: false-alarm rate 1e-5. Two that come from one word fail by far."""
    factors = drawn(Perturbations(2, n_guides=3, n_batches=4, efficiency=0.6, concentration=math.inf))
    guide, batch = factors.labels["guide_id"].codes, factors.labels["batch"].codes
    perturbed = factors.label.codes > 0
    works = factors.values.any(axis=1).astype(int)
    assert independent(factors.label.codes, batch) and independent(guide % 3, batch)
    assert independent(factors.label.codes, guide % 3)
    assert independent(batch[perturbed], works[perturbed]) and independent(guide[perturbed] % 3, works[perturbed])
    assert independent(factors.label.codes[perturbed] - 1, works[perturbed]) and not independent(guide, works)


@pytest.mark.parametrize(("n_guides", "n_batches"), [(1, 1), (4, 5)])
def test_guides_and_batches_are_as_many_as_said_and_equally_likely(n_guides, n_batches) -> None:
    factors = drawn(Perturbations(2, n_guides=n_guides, n_batches=n_batches, control="ntc", names=["x", "y"]))
    guide, batch = factors.labels["guide_id"], factors.labels["batch"]
    shares = np.bincount(batch.codes, minlength=n_batches) / N
    assert len(shares) == n_batches == len(batch.names)
    assert np.abs(shares - 1 / n_batches).max() <= 5 * np.sqrt((1 - 1 / n_batches) / n_batches / N)
    shares = np.bincount(guide.codes, minlength=3 * n_guides) / N
    expected = 1 / (3 * n_guides)
    assert np.abs(shares - expected).max() < 5 * np.sqrt(expected / N)
    assert guide.names == tuple(f"{name}_guide_{k + 1}" for name in ("ntc", "x", "y") for k in range(n_guides))
    table = factors.own_tables["guide_efficiency"]
    assert (
        table.rows == guide.names[n_guides:] and table.columns["target"].tolist() == ["x"] * n_guides + ["y"] * n_guides
    )


def test_without_control_or_without_others_everybody_is_what_is_left() -> None:
    assert not (drawn(Perturbations(3, control_share=0.0), 500).label.codes == 0).any()
    assert not drawn(Perturbations(3, control_share=1.0), 500).label.codes.any()


def test_another_set_of_cells_has_the_same_guides_and_numbers_of_its_own() -> None:
    recipe = Perturbations(4, n_guides=2)
    first, second = (drawn(recipe, position=k) for k in (0, 1))
    for name in ("guide_id", "batch"):
        assert independent(first.labels[name].codes, second.labels[name].codes)
    stated = [own.own_tables["guide_efficiency"].columns["efficiency"] for own in (first, second)]
    assert np.array_equal(*stated)


def test_how_well_guides_work_is_not_read_off_the_first_cells() -> None:
    """Every fourth guide would have the word of a cell's batch, were they drawn from the same ones."""
    factors = drawn(Perturbations(2000, n_guides=2, n_batches=10), 1000)
    stated = factors.own_tables["guide_efficiency"].columns["efficiency"]
    for place in range(4):
        assert abs(np.corrcoef(stated[place::4], factors.labels["batch"].codes)[0, 1]) < 5 / np.sqrt(1000)


def test_targets_are_drawn_and_no_share_is_a_plain_zero() -> None:
    """3 × 50 places of 1,000, uniform: standard error of their mean 24."""
    targets = [np.flatnonzero(KnockDown().loadings(1000, 50, source(seed)).any(axis=1)) for seed in range(3)]
    assert abs(np.mean(targets) - 499.5) < 120 and len({tuple(own) for own in targets}) == 3
    loadings = KnockDown(0).loadings(6, 4, source())
    assert not loadings.any() and not np.signbit(loadings).any()
    order = np.argmax(KnockDown().loadings(1000, 50, source()) != 0, axis=0)
    assert (np.diff(order) < 0).any() and (np.diff(order) > 0).any()


def test_the_cycle_is_half_a_wave_through_each_phase() -> None:
    """Mean and mean square of half a wave are 2/π and 1/2; a quarter of the phase lies below sin π/8."""
    for shares in ((0.5, 0.3, 0.2), (1.0, 1.0, 3.0)):
        factors = drawn(CellCycle(shares))
        assert factors.label.names == ("G1", "S", "G2M") and factors.columns == ("S", "G2M")
        assert not factors.label.is_known
        for k in (0, 1):
            own = factors.values[factors.label.codes == k + 1, k]
            n = len(own)
            assert abs(n / N - shares[k + 1] / sum(shares)) < 5 * np.sqrt(0.25 / N)
            assert abs(own.mean() - 2 / np.pi) < 5 * 0.308 / np.sqrt(n)
            assert abs((own**2).mean() - 0.5) < 5 * 0.354 / np.sqrt(n) and own.max() <= 1
            assert abs((own < np.sin(np.pi / 8)).mean() - 0.25) < 5 * np.sqrt(0.1875 / n)
            assert not factors.values[factors.label.codes != k + 1, k].any()


def test_a_plain_loop_gives_the_same_cycle() -> None:
    """From nothing at the border of a phase to its middle and back."""
    factors = drawn(CellCycle((2, 1, 1)), 400)
    for u, code, values in zip(
        uniforms(source(), Purpose.FACTORS, 400), factors.label.codes, factors.values, strict=True
    ):
        assert code == (0 if u < 0.5 else 1 if u < 0.75 else 2)
        expected = [math.sin(math.pi * (u - 0.25 * (k + 1)) / 0.25) if code == k else 0.0 for k in (1, 2)]
        assert values == pytest.approx(expected, abs=1e-6)


def test_another_set_of_cells_is_elsewhere_in_the_cycle() -> None:
    first, second = (drawn(CellCycle(), position=k).label.codes for k in (0, 1))
    assert independent(first, second)


def test_which_way_a_feature_goes_says_nothing_of_its_weight_and_its_programs() -> None:
    loadings = SignedGraded(down_fraction=0.3, overlap=0.4).loadings(N, 4, source())
    down, sizes = (loadings.sum(axis=1) < 0).astype(int), np.abs(loadings)
    assert independent(down, sizes.argmax(axis=1)) and independent(down, (sizes > 0).sum(axis=1) - 1)
    assert abs(np.corrcoef(down, sizes.max(axis=1))[0, 1]) < 5 / np.sqrt(N)
