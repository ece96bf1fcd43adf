"""Ladders: one field from rung to rung, and depth apart from fold."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.datasets import depth_ladder, fold_ladder, realism_ladder

LADDERS = (realism_ladder, depth_ladder, fold_ladder)


def fields(scenario) -> dict:
    record = scenario.model_dump(mode="json")
    (modality,) = record.pop("modalities")
    return {**record, **{f"modality {name}": value for name, value in modality.items()}}


def differing(first, second) -> set[str]:
    a, b = fields(first), fields(second)
    return {name for name in a if a[name] != b[name]}


@pytest.mark.parametrize("ladder", LADDERS)
def test_rungs_differ_from_the_one_before_in_one_field(ladder) -> None:
    rungs = list(ladder().values())
    steps = [differing(first, second) for first, second in zip(rungs, rungs[1:], strict=False)]
    assert [len(step) for step in steps] == [1] * (len(rungs) - 1)
    expected = {
        realism_ladder: ["n_flat", "library_size", "likelihood", "loadings", "effects", "effects", "layout"],
        depth_ladder: ["library_size"] * 4,
        fold_ladder: ["expression_mean"] * 4,
    }
    assert [step.pop().removeprefix("modality ") for step in steps] == expected[ladder]
    # Two rungs apart, two fields differ, unless it is the same one again.
    assert len(differing(rungs[0], rungs[2])) == (2 if ladder is realism_ladder else 1)


@pytest.mark.parametrize("ladder", LADDERS)
def test_every_rung_is_simulated_and_differs_in_its_counts(ladder) -> None:
    made = [sps.simulate(rung, rng=1)["rna"] for rung in ladder().values()]
    for first, second in zip(made, made[1:], strict=False):
        assert first.shape != second.shape or not np.array_equal(first.X, second.X)
    for rung in ladder().values():
        assert sps.Scenario.from_json(rung.to_json()) == rung


def signal(adata) -> float:
    """Mean fold of a spatial feature where its factor is on, over where it is off."""
    mean, factors = sps.get.mean(adata).to_numpy(), adata.obsm["spatial_factors"] > 0.5
    mean = mean / mean.sum(axis=1, keepdims=True)
    loadings = adata.varm["spatial_loadings"]
    rows = [j for j in range(adata.n_vars) if (loadings[j] > 0).sum() == 1]
    off = ~factors.any(axis=1)
    return float(np.median([mean[factors[:, loadings[j].argmax()], j].mean() / mean[off, j].mean() for j in rows]))


def test_depth_and_fold_move_apart() -> None:
    """Totals fall with depth and stay on the ladder of folds; folds the other way round."""
    for ladder, levels in ((depth_ladder, [160.0, 40.0]), (fold_ladder, [2.0, 0.25])):
        high, low = (sps.simulate(rung)["rna"] for rung in ladder(levels).values())
        totals = [float(np.median(sps.get.mean(part).sum(axis=1))) for part in (high, low)]
        folds = [signal(part) for part in (high, low)]
        if ladder is depth_ladder:
            assert totals[0] == pytest.approx(4 * totals[1], rel=1e-4) and folds[0] == pytest.approx(folds[1], rel=1e-4)
        else:
            assert totals[0] == pytest.approx(totals[1], rel=1e-4) and folds[0] > 1.5 * folds[1] > 1


def test_levels_are_median_totals_and_mean_weights() -> None:
    """Totals vary smoothly: over 3 seeds and two slices the standard error of their mean logarithm is 0.05, five allowed.
    Weights of 300 features are Gamma ones with the shape 2, a fifth of them twice; 3 seeds."""
    for name, rung in depth_ladder([340.0, 21.25]).items():
        level = float(name.removeprefix("depth_"))
        made = [sps.simulate(rung, rng=rng)["rna"] for rng in range(3)]
        sizes = np.concatenate([np.log(sps.get.mean(part).sum(axis=1) / level) for part in made])
        assert abs(sizes.mean()) < 0.25 and 0.25 < sizes.std() < 0.55
    for name, rung in fold_ladder([3.0, 0.5]).items():
        level = float(name.removeprefix("fold_"))
        loadings = np.concatenate([sps.simulate(rung, rng=rng)["rna"].varm["spatial_loadings"] for rng in range(3)])
        own = loadings[loadings > 0]
        assert abs(own.mean() / level - 1) < 5 * 0.71 / np.sqrt(len(own)) and len(own) > 3 * 300


def test_layers_of_realism_do_what_they_are_called() -> None:
    made = {name: sps.simulate(rung, rng=1)["rna"] for name, rung in realism_ladder().items()}
    assert [int((part.var["kind"] == "flat").sum()) for part in made.values()] == [0] + [100] * 7
    assert [sps.get.mean(part).sum(axis=1).std() > 20 for part in made.values()] == [False] * 2 + [True] * 6
    responds = [
        np.any(part.varm["nuisance_loadings"]) if "nuisance_loadings" in part.varm else False for part in made.values()
    ]
    assert responds == [False] * 4 + [True] * 4
    assert ["spillover_weights" in part.obsp for part in made.values()] == [False] * 5 + [True] * 3
    batches = [part.varm["batch_loadings"].std() if "batch_loadings" in part.varm else 0 for part in made.values()]
    assert batches[:6] == [0] * 6 and np.allclose(batches[6:], 0.3, atol=0.055)  # 800 deviates, 7 standard errors


def test_expression_mean_alone_moves_both() -> None:
    """Without normalised rows, as in quilt: what the docstring warns of."""
    high, low = (sps.datasets.quilt(12, n_spatial=50, expression_mean=level)["rna"] for level in (2.0, 0.5))
    assert high.X.sum() > 2 * low.X.sum() and signal(high) > 1.2 * signal(low)


def test_the_last_rung_takes_the_places_of_a_tissue() -> None:
    places = np.random.default_rng(0).random((90, 2)) * 12
    rungs = realism_ladder(layout=places)
    own, default = rungs["layout"], realism_ladder()["layout"]
    assert sps.simulate(own).n_obs == 2 * 90 and differing(own, default) == {"layout"}
    assert rungs["batch"] == realism_ladder()["batch"]


def test_rungs_of_levels_that_are_close_have_names_of_their_own() -> None:
    assert list(depth_ladder([1000001.5, 1000001, 0.00001])) == ["depth_1000001.5", "depth_1000001", "depth_0.00001"]


@pytest.mark.parametrize("ladder", [depth_ladder, fold_ladder])
@pytest.mark.parametrize(
    ("levels", "error", "message"),
    [
        ([1, 2], ValueError, "levels must fall from easy to hard"),
        ([2, 2], ValueError, "levels must fall from easy to hard"),
        ([], ValueError, "levels must fall from easy to hard"),
        ([1, 0], ValueError, "levels must be a finite number above 0"),
        (3, TypeError, "levels must be several"),
    ],
)
def test_levels_that_are_none_are_refused(ladder, levels, error, message) -> None:
    with pytest.raises(error, match=message):
        ladder(levels)


def test_places_that_are_none_are_refused() -> None:
    with pytest.raises(TypeError, match="layout must be a layout of spsim.patterns"):
        realism_ladder(layout=3)
