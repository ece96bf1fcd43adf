"""The mean and its classes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spsim.truth import Block, Mean, domains, mean_classes, placed


def block(name: str, factors: np.ndarray, loadings: np.ndarray, scale: str = "mean") -> Block:
    columns = tuple(f"{name}_{k}" for k in range(factors.shape[1]))
    return Block(name=name, columns=columns, factors=factors, loadings=loadings, scale=scale)


@pytest.fixture
def model() -> Mean:
    rng = np.random.default_rng(0)
    return Mean(
        baseline=0.2,
        blocks=(
            block(
                "spatial",
                rng.integers(0, 2, (60, 4)).astype(np.float32),
                np.eye(4, dtype=np.float32)[rng.integers(0, 4, 30)] * 11,
            ),
            block(
                "nonspatial",
                rng.integers(0, 2, (60, 2)).astype(np.float32),
                np.eye(2, dtype=np.float32)[rng.integers(0, 2, 30)] * 9,
            ),
        ),
    )


def test_the_mean_is_the_papers_formula_entry_by_entry(model) -> None:
    mean = model.rows()
    assert mean.dtype == np.float64
    for i, j in [(0, 0), (7, 3), (59, 29)]:
        terms = [float(b.factors[i, k]) * float(b.loadings[j, k]) for b in model.blocks for k in range(len(b.columns))]
        assert mean[i, j] == pytest.approx(0.2 + sum(terms), rel=1e-15)
    assert np.array_equal(model.rows(10, 20), mean[10:20])


def test_classes_reproduce_the_mean(model) -> None:
    classes = mean_classes(model, most=4096)
    assert classes is not None
    assert np.allclose(classes.means[classes.spot_class][:, classes.feature_class], model.rows(), rtol=1e-15)
    assert len(classes.means) <= 64 and classes.means.shape[1] <= 8


def test_too_many_classes_are_declined(model) -> None:
    assert mean_classes(model, most=10) is None


def test_many_factors_do_not_overflow_the_packing() -> None:
    rng = np.random.default_rng(1)
    factors = rng.integers(0, 2, (200, 90)).astype(np.float32)
    factors[100:] = factors[:100]
    # The first column is what an overflow would push out.
    factors[100:, 0] = 1 - factors[:100, 0]
    model = Mean(baseline=0, blocks=(block("spatial", factors, np.ones((1, 90), np.float32)),))
    classes = mean_classes(model, most=4096)
    assert classes is not None
    assert len(np.unique(classes.spot_class)) == 200


def test_domains_name_overlaps_in_factor_order() -> None:
    factors = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0.2, 0.9]])
    label = domains(factors, ["a", "b"])
    assert [label.names[code] for code in label.codes] == ["background", "a", "b", "a+b", "b"]
    assert label.names == ("background", "a", "b", "a+b")


def test_domains_without_background_have_no_such_category() -> None:
    assert domains(np.array([[1.0], [1.0]]), ["a"]).names == ("a",)


def plain(model: Mean, i: int, j: int) -> float:
    """The mean of one entry, term by term."""
    terms = {"mean": 0.0, "log": 0.0}
    for own in model.blocks:
        for k in range(len(own.columns)):
            terms[own.scale] += float(own.factors[i, k]) * float(own.loadings[j, k])
    baseline = float(np.broadcast_to(model.baseline, model.shape[1])[j])
    value = (baseline + terms["mean"]) * np.exp(terms["log"])
    for sizes in model.sizes.values():
        value *= float(sizes[i])
    for efficiencies in model.efficiencies.values():
        value *= float(efficiencies[j])
    return value


@pytest.mark.parametrize("scales", [("mean", "log"), ("log", "mean"), ("log", "log"), ("mean", "mean")])
@pytest.mark.parametrize("baseline", [0.3, "vector"])
def test_blocks_of_both_scales_sizes_and_baselines(scales, baseline) -> None:
    rng = np.random.default_rng(1)
    blocks = tuple(
        block(str(n), rng.random((20, 2)).astype(np.float32), rng.normal(size=(9, 2)).astype(np.float32), scale)
        for n, scale in enumerate(scales)
    )
    model = Mean(
        baseline=rng.random(9).astype(np.float32) if baseline == "vector" else baseline,
        blocks=blocks,
        sizes={"a": rng.random(20).astype(np.float32), "b": rng.random(20).astype(np.float32)},
        efficiencies={"e": rng.random(9).astype(np.float32)},
    )
    mean = model.rows()
    for i, j in [(0, 0), (3, 8), (19, 4)]:
        assert mean[i, j] == pytest.approx(plain(model, i, j), rel=1e-13)
    assert np.allclose(model.rows(5, 11), mean[5:11], rtol=1e-14)


@pytest.mark.parametrize("scale", ["mean", "log"])
def test_a_block_of_zeros_changes_no_bit(model, scale) -> None:
    rng = np.random.default_rng(2)
    zeros = block("zero", rng.random((60, 5)).astype(np.float32), np.zeros((30, 5), np.float32), scale)
    more = Mean(baseline=0.2, blocks=(model.blocks[0], zeros, model.blocks[1]))
    assert np.array_equal(more.rows(), model.rows())
    assert len(mean_classes(more, most=4096).means) == len(mean_classes(model, most=4096).means)


def test_a_mean_of_zeros_is_its_baseline() -> None:
    nothing = block("spatial", np.ones((6, 2), np.float32), np.zeros((3, 2), np.float32))
    assert np.array_equal(Mean(baseline=0.5, blocks=(nothing,)).rows(1, 4), np.full((3, 3), 0.5))
    per_feature = np.array([1, 2, 2], np.float32)
    model = Mean(baseline=per_feature, blocks=(nothing,))
    assert np.array_equal(model.rows(), np.tile(per_feature, (6, 1)))
    classes = mean_classes(model, most=9)
    assert np.array_equal(classes.means[classes.spot_class][:, classes.feature_class], model.rows())
    assert classes.means.shape == (1, 2)


def test_classes_know_features_by_their_baseline_too() -> None:
    rng = np.random.default_rng(3)
    factors = rng.integers(0, 2, (40, 2)).astype(np.float32)
    loadings = np.eye(2, dtype=np.float32)[rng.integers(0, 2, 12)]
    model = Mean(baseline=np.repeat([0.5, 1.5, 2.5], 4).astype(np.float32), blocks=(block("s", factors, loadings),))
    classes = mean_classes(model, most=4096)
    assert np.array_equal(classes.means[classes.spot_class][:, classes.feature_class], model.rows())


def test_a_part_goes_back_to_its_place() -> None:
    rng = np.random.default_rng(4)
    whole = Mean(
        baseline=rng.random(8).astype(np.float32),
        blocks=(block("s", rng.random((10, 2)).astype(np.float32), rng.random((8, 2)).astype(np.float32), "log"),),
        sizes={"a": rng.random(10).astype(np.float32)},
        efficiencies={"e": rng.random(8).astype(np.float32)},
    )
    rows, columns = rng.permutation(10)[:6], rng.permutation(8)[:5]
    own = whole.blocks[0]
    part = Mean(
        baseline=whole.baseline[columns],
        blocks=(block("s", own.factors[rows], own.loadings[columns], "log"),),
        sizes={"a": whole.sizes["a"][rows]},
        efficiencies={"e": whole.efficiencies["e"][columns]},
    )
    again = placed(part, observations=rows, features=columns, n_features=8)
    assert again.shape == (rows.max() + 1, 8)
    assert np.array_equal(again.rows()[rows][:, columns], part.rows())
    assert placed(whole, observations=np.arange(10), features=np.arange(8), n_features=8) is whole


EFFECTS = {
    "sizes": {"sizes": {"a": np.linspace(0.5, 3, 60, dtype=np.float32)}},
    "efficiencies": {"efficiencies": {"e": np.linspace(4, 0.25, 30, dtype=np.float32)}},
}


@pytest.mark.parametrize("effects", EFFECTS.values(), ids=EFFECTS)
def test_a_mean_with_an_effect_has_no_classes(model, effects) -> None:
    assert mean_classes(replace(model, **effects), most=4096) is None


def test_classes_are_counted_by_pairs(model) -> None:
    classes = mean_classes(model, most=4096)
    assert mean_classes(model, most=classes.means.size) is not None
    assert mean_classes(model, most=classes.means.size - 1) is None
