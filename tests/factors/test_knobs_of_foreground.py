"""Knobs of foreground away from their defaults: the whole distribution of folds, and which probability goes where.

Bounds are 5 standard errors, a false-alarm rate of 6e-7 each, unless said.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest, norm

import spsim as sps
from effect_worlds import source
from spsim.factors import Foreground
from spsim.truth import Label, Observations

N_FEATURES, N_TYPES = 4000, 4


def switches(**fields):
    types = Label(codes=np.arange(8) % N_TYPES, names=("A", "B", "C", "D"))
    cells = Observations(name="cell", n=8, labels={"type": types, "other": types})
    return [Foreground(by="type", **fields).switch(cells, N_FEATURES, source(seed)) for seed in range(3)]


def below(fold: float, sd: float, least: float, most: float):
    """Share of folds below a value: each half of the log-normal distribution is cut by itself."""

    def share(x):
        z, low, high = (norm.cdf(np.log(np.asarray(v) / fold) / sd) for v in (x, least, most))
        return np.where(z < 0.5, 0.5 * (z - low) / (0.5 - low), 0.5 + 0.5 * (z - 0.5) / (high - 0.5))

    return share


@pytest.mark.parametrize(
    ("fold", "fold_sd", "fold_range"), [(4.0, 0.5, (2, 15)), (6.0, 0.2, (0.5, 60)), (3.0, 1.0, (1, 9))]
)
def test_folds_have_the_whole_distribution(fold, fold_sd, fold_range) -> None:
    """Kolmogorov and Smirnov's distance over 12,000 folds: 0.025 is passed by chance in one of 10⁶ tests."""
    folds = np.concatenate([own.fold for own in switches(fold=fold, fold_sd=fold_sd, fold_range=fold_range)])
    assert fold_range[0] <= folds.min() and folds.max() <= fold_range[1]
    assert kstest(folds, below(fold, fold_sd, *fold_range)).statistic < 0.025
    for wrong in ((1.1 * fold, fold_sd), (fold, 2 * fold_sd)):
        assert kstest(folds, below(*wrong, *fold_range)).statistic > 0.025
    assert len(np.unique(folds)) > 10_000


def test_without_spread_all_folds_are_the_median() -> None:
    assert {float(value) for own in switches(fold=3.0, fold_sd=0.0) for value in own.fold} == {3.0}
    assert all((own.fold == 5).all() for own in switches(fold=5.0, fold_sd=0.7, fold_range=(5, 5)))


@pytest.mark.parametrize(("share", "levels", "negative"), [(0.3, (0.2, 0.5), 0.1), (0.6, (0.7,), 0.0)])
def test_probabilities_are_those_that_are_asked_for_and_types_are_independent(share, levels, negative) -> None:
    """12,000 features × 4 types; two levels of a feature agree as often as chance has it."""
    made = switches(share=share, levels=levels, negative=negative)
    probability = np.vstack([own.probability for own in made])
    n = len(probability)
    assert set(np.unique(probability)) == {np.float32(p) for p in (negative, *levels)}
    for column in probability.T:
        for level in levels:
            own = share / len(levels)
            assert abs((column == np.float32(level)).mean() - own) < 5 * np.sqrt(own * (1 - own) / n)
    positive = probability > np.float32(negative)
    for a in range(N_TYPES):
        for b in range(a):
            both = positive[:, a] & positive[:, b]
            assert abs(both.mean() - share**2) < 5 * np.sqrt(share**2 * (1 - share**2) / n)
            agree = (probability[:, a] == probability[:, b])[both].mean()
            assert abs(agree - 1 / len(levels)) <= 5 * np.sqrt((1 - 1 / len(levels)) / len(levels) / both.sum())


def test_folds_say_nothing_of_probabilities() -> None:
    made = switches()
    fold, probability = np.concatenate([own.fold for own in made]), np.vstack([own.probability for own in made])
    for column in probability.T:
        assert abs(np.corrcoef(fold, column)[0, 1]) < 5 / np.sqrt(len(fold))


def test_entries_are_on_by_the_type_they_name_alone() -> None:
    """Types follow one label, batches another; a cell without a type is all background, each entry draws for itself."""
    n = 3000
    types = Label(codes=np.where(np.arange(n) % 3 == 2, -1, np.arange(n) % 3), names=("A", "B"))
    labels = {"a_first": Label(codes=np.arange(n) // 1500, names=("x", "y")), "type": types}
    recipe = Foreground(by="type", share=1.0, levels=(0.2, 0.8), negative=0.0, key="bound")
    switch = recipe.switch(Observations(name="cell", n=n, labels=labels), 20, source())
    is_on = switch.is_on()
    assert switch.name == "bound" and switch.by == "type" and not is_on[types.codes == -1].any()
    for code in (0, 1):
        own = is_on[types.codes == code]
        assert (np.abs(own.mean(axis=0) - switch.probability[:, code]) < 5 * np.sqrt(0.16 / len(own))).all()
        same = np.corrcoef(own.T)[np.triu_indices(20, 1)]
        assert np.abs(same).max() < 5.5 / np.sqrt(len(own))
    assert np.array_equal(switch.rows(7, 90), np.where(is_on[7:90], switch.fold.astype(float), 1.0))
    assert np.array_equal(switch.is_on(500), is_on[500:]) and np.array_equal(switch.is_on(0, 4), is_on[:4])


def test_a_switch_of_another_name_is_written_there() -> None:
    effect = Foreground(by="cell_type", key="bound", negative=1.0)
    protein = {"name": "protein", "n_nonspatial": 4, "effects": [effect]}
    types = {"cell_type": sps.factors.CellTypes(3)}
    adata = sps.simulate(sps.Scenario([protein], pattern=None, n_side=4, factors=types))["protein"]
    assert adata.varm["bound_probability"].shape == (4, 3) and (adata.var["bound_fold"] >= 2).all()
    assert "foreground_fold" not in adata.var and sps.get.foreground_mask(adata).shape == (16, 4)
