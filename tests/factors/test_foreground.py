"""Foreground: shares, folds and controls are those that are asked for, and follow a modality everywhere."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.factors import Foreground, Spillover

TYPES = {"cell_type": {"name": "CellTypes", "n_types": 4, "names": ["A", "B", "C", "D"]}}
PROTEIN = {
    "name": "protein",
    "n_nonspatial": 60,
    "n_flat": 5,
    "n_nonspatial_factors": 1,
    "expression_mean": 0.0,
    "background_mean": 7.4,
    "background_sd": 0.5,
}


def made(*, rng=0, more=(), fields=None, n_side=20, **foreground):
    effects = [Foreground(by="cell_type", **foreground)]
    modality = PROTEIN | {"effects": effects} | (fields or {})
    return sps.simulate(sps.Scenario(n_side=n_side, pattern=None, factors=TYPES, modalities=[modality, *more]), rng=rng)


def pooled(what, n_seeds: int = 20, **fields) -> np.ndarray:
    return np.concatenate([np.ravel(what(made(rng=seed, n_side=2, **fields)["protein"])) for seed in range(n_seeds)])


def is_near(share: float, expected: float, n: int) -> bool:
    """Within five standard errors of a share: false alarm once in 10⁶ tests."""
    return abs(share - expected) < 5 * np.sqrt(expected * (1 - expected) / n)


@pytest.mark.parametrize("share", [0.2, 0.4, 0.7])
def test_types_are_positive_as_often_as_said_and_each_level_is_as_likely(share) -> None:
    """20 × 60 × 4 entries."""
    levels = (0.3, 0.6, 0.9)
    values = pooled(lambda a: a.varm["foreground_probability"][:60], share=share, levels=levels, negative=0.02)
    n, found = len(values), {round(float(v), 3) for v in np.unique(values)}
    assert found == {0.02, *levels}
    for level in levels:
        own = np.isclose(values, level).mean()
        assert is_near(own, share / 3, n) and not is_near(own, share / 2, n)
    assert is_near(np.isclose(values, 0.02).mean(), 1 - share, n)


def test_folds_have_the_median_and_the_range() -> None:
    """2,000 folds: half of them below the median within five standard errors; a cut of the whole curve moves it to 4.2."""
    folds = pooled(lambda a: a.var["foreground_fold"][:60], n_seeds=34)
    assert folds.min() >= 2 and folds.max() <= 15
    assert is_near((folds < 4).mean(), 0.5, len(folds)) and not is_near((folds < 4.4).mean(), 0.5, len(folds))
    # Half below is cut at 2, which lies 1.39 standard deviations down: quartiles of the cut halves.
    lower = folds[folds < 4]
    assert np.log(lower).mean() == pytest.approx(np.log(4) - 0.5 * 0.597, abs=0.03)
    assert np.log(lower).mean() != pytest.approx(np.log(4) - 0.5 * 0.798, abs=0.03)  # the uncut half


def test_folds_are_what_the_mean_is_multiplied_with_where_the_mask_says_so() -> None:
    adata = made()["protein"]
    mask = sps.get.foreground_mask(adata)
    mean, fold = sps.get.mean(adata).to_numpy(), adata.var["foreground_fold"].to_numpy(float)
    baseline = adata.var["baseline"].to_numpy(float)
    assert np.allclose(mean, baseline * np.where(mask, fold, 1.0), rtol=1e-6)
    assert not np.allclose(mean, baseline * np.where(~mask, fold, 1.0), rtol=1e-2)
    assert mask.index.equals(adata.obs_names) and mask.columns.equals(adata.var_names)
    asked = adata.varm["foreground_probability"].T[adata.obs["cell_type"].cat.codes]
    for level in (0.02, 0.3, 0.6, 0.9):
        own = mask.to_numpy()[np.isclose(asked, level)]
        assert is_near(own.mean(), level, own.size) and not is_near(own.mean(), level + 0.05, own.size)


def test_isotype_controls_are_never_foreground() -> None:
    adata = made(negative=0.5)["protein"]
    assert (adata.var["kind"] == "isotype").tolist() == [False] * 60 + [True] * 5
    assert adata.var["kind"].cat.categories.tolist() == ["spatial", "mixed", "nonspatial", "isotype"]
    mask = sps.get.foreground_mask(adata).to_numpy()
    assert not mask[:, 60:].any() and mask[:, :60].any(axis=0).all()
    assert not adata.varm["foreground_probability"][60:].any() and (adata.var["foreground_fold"][60:] == 1).all()
    plain = made(fields={"effects": []})["protein"]
    assert set(plain.var["kind"].cat.categories) == {"spatial", "mixed", "nonspatial", "flat"}
    assert np.array_equal(adata.X[:, 60:], plain.X[:, 60:])


def test_confused_types_have_one_probability_and_entries_of_their_own() -> None:
    plain, confused = (made(confuse=pairs)["protein"] for pairs in ((), [("A", "B")]))
    before, after = (adata.varm["foreground_probability"] for adata in (plain, confused))
    assert np.array_equal(after[:, 0], after[:, 1]) and np.array_equal(after[:, 0], before[:, :2].max(axis=1))
    assert np.array_equal(after[:, 2:], before[:, 2:]) and not np.array_equal(before[:, 0], before[:, 1])


def test_fewer_features_and_cells_are_a_prefix() -> None:
    whole, narrow = made()["protein"], made(fields={"n_nonspatial": 20, "n_flat": 0})["protein"]
    for values in (lambda a: a.varm["foreground_probability"], lambda a: a.var["foreground_fold"].to_numpy()):
        assert np.array_equal(values(whole)[:20], values(narrow))
    masks = [sps.get.foreground_mask(adata).to_numpy()[:, :20] for adata in (whole, narrow)]
    assert np.array_equal(*masks)


def test_a_part_has_the_mask_and_mean_of_the_whole_also_where_a_type_is_gone() -> None:
    adata = made()["protein"]
    rng = np.random.default_rng(0)
    for rows in (rng.permutation(400)[:90], np.flatnonzero(adata.obs["cell_type"] != "B")):
        columns = rng.permutation(65)[:20]
        part = adata[rows][:, columns].copy()
        assert np.array_equal(sps.get.mean(part), sps.get.mean(adata).iloc[rows, columns])
        assert sps.get.foreground_mask(part).equals(sps.get.foreground_mask(adata).iloc[rows, columns])
    assert "B" not in part.obs["cell_type"].cat.categories


def test_modalities_with_the_same_antibodies_share_these_but_not_who_is_foreground() -> None:
    again = PROTEIN | {"name": "again", "features_of": "protein", "effects": [Foreground(by="cell_type")]}
    mdata = made(more=[again])
    first, second = mdata["protein"], mdata["again"]
    assert np.array_equal(first.varm["foreground_probability"], second.varm["foreground_probability"])
    assert first.var["foreground_fold"].tolist() == second.var["foreground_fold"].tolist()
    masks = [sps.get.foreground_mask(adata).to_numpy() for adata in (first, second)]
    assert not np.array_equal(*masks)
    ratio = sps.get.mean(second).to_numpy() / second.var["baseline"].to_numpy(float)
    assert np.array_equal(ratio > 1.5, masks[1])


def test_neither_nor_is_refused_and_so_is_what_spills() -> None:
    with pytest.raises(TypeError, match="must be a NegativeBinomialMixture to have a foreground"):
        sps.get.foreground_mask(made(fields={"effects": []})["protein"])
    with pytest.raises(ValueError, match="must not go with a switch"):
        made(fields={"effects": [Foreground(by="cell_type"), Spillover(share=0.2)]})


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"share": 1.2}, ValueError, "share must be a probability"),
        ({"negative": -0.1}, ValueError, "negative must be a probability"),
        ({"levels": ()}, ValueError, "levels must hold at least one probability"),
        ({"levels": (0.5, 2)}, ValueError, "levels must be a probability"),
        ({"fold": 1.0}, ValueError, r"fold must lie in fold_range \(2 to 15\), got 1"),
        ({"fold_range": (5, 2)}, ValueError, "fold_range must be two numbers, the smaller one first"),
        ({"fold_range": (2,)}, ValueError, "fold_range must be two numbers"),
        ({"fold_sd": -1}, ValueError, "fold_sd must be"),
        ({"confuse": "AB"}, TypeError, "confuse must be a list of pairs"),
        ({"confuse": [("A", "E")]}, ValueError, "name in confuse must be one of 'A', 'B', 'C', 'D', got 'E'"),
        ({"key": "a/b"}, ValueError, "key must be a text without"),
    ],
)
def test_bad_values_are_refused(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        made(**fields)
