"""Types and domains that one modality cannot tell apart."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import RNA, made
from spsim.factors import CellTypes, Graded, Markers, Signed, SignedGraded

WORLD = {"factors": {"cell_type": CellTypes(n_types=3, names=("A", "B", "C"))}}


@pytest.mark.parametrize("rule", [Markers, Graded, SignedGraded])
def test_features_respond_to_both_as_to_either(rule) -> None:
    plain, confused = (
        made(top=WORLD, n_nonspatial=200, loadings={"cell_type": rule(confuse=pairs)})["rna"]
        for pairs in ((), [("A", "B")])
    )
    before, after = (world.varm["cell_type_loadings"] for world in (plain, confused))
    assert np.array_equal(after[:, 0], after[:, 1]) and np.array_equal(after[:, 2], before[:, 2])
    either = np.where(np.abs(before[:, 0]) >= np.abs(before[:, 1]), before[:, 0], before[:, 1])
    assert np.array_equal(after[:, 0], either)
    assert not np.array_equal(before[:, 0], before[:, 1])
    mean = sps.get.mean(confused)
    means = {name: mean[(confused.obs["cell_type"] == name).to_numpy()] for name in "ABC"}
    # What differs between A and B is what differs by chance within A: the other factors are independent of types.
    of_types = {name: confused.obsm["cell_type_factors"][:, k] @ np.ones(len(mean)) for k, name in enumerate("ABC")}
    assert min(of_types.values()) > 5 and set(means) == set("ABC")
    assert np.array_equal(plain.obsm["cell_type_factors"], confused.obsm["cell_type_factors"])


def test_signed_loadings_keep_their_law() -> None:
    """Of 4,000 loadings: 5 standard errors, false-alarm rate 6e-7 each; the larger one in value or in size has another law."""
    drawn = np.random.default_rng(0).normal(size=(4000, 2)).astype(np.float32)
    rule = Signed(confuse=[("A", "B")])
    both = rule.alike(drawn, ("A", "B"))
    assert np.array_equal(both[:, 0], both[:, 1])

    def as_drawn(values: np.ndarray) -> bool:
        return bool(abs(values.mean()) < 5 / np.sqrt(4000) and abs(values.var() - 1) < 5 * np.sqrt(2 / 4000))

    assert as_drawn(both[:, 0]) and not as_drawn(drawn.max(axis=1))
    assert not as_drawn(np.where(np.abs(drawn[:, 0]) > np.abs(drawn[:, 1]), drawn[:, 0], drawn[:, 1]))
    # A feature that responds to the second one only keeps its response.
    assert rule.alike(np.array([[0.0, -0.5, 2.0]], np.float32), ("A", "B", "C")).tolist() == [[-0.5, -0.5, 2.0]]


def test_features_that_go_down_respond_to_both_too() -> None:
    """A response is not lost for being below the 0 of the other type."""
    plain, confused = (
        made(top=WORLD, n_nonspatial=400, loadings={"cell_type": SignedGraded(overlap=0.3, confuse=pairs)})["rna"]
        for pairs in ((), [("A", "B")])
    )
    before, after = (world.varm["cell_type_loadings"] for world in (plain, confused))
    larger = np.where(np.abs(before[:, 0]) > np.abs(before[:, 1]), before[:, 0], before[:, 1])
    assert np.array_equal(after[:, 0], larger) and np.array_equal(after[:, 1], larger)
    assert np.array_equal(after[:, 2], before[:, 2])
    assert (larger < 0).sum() > 60 < (larger > 0).sum()
    assert not np.signbit(after[after == 0]).any()


def test_one_modality_tells_apart_what_another_does_not() -> None:
    modalities = [
        RNA | {"loadings": {"cell_type": Markers(confuse=[("A", "B")])}},
        RNA | {"name": "protein", "loadings": {"cell_type": Markers(confuse=[("B", "C")])}},
    ]
    mdata = sps.simulate(sps.Scenario(n_side=8, **WORLD, modalities=modalities))
    equal = {
        name: [
            (a, b)
            for a in range(3)
            for b in range(a)
            if np.array_equal(adata.varm["cell_type_loadings"][:, a], adata.varm["cell_type_loadings"][:, b])
        ]
        for name, adata in mdata.mod.items()
    }
    assert equal == {"rna": [(1, 0)], "protein": [(2, 1)]}


def test_domains_are_confused_the_same_way() -> None:
    rule = {"spatial": Graded(overlap=0.2, confuse=[("block_1", "block_3")])}
    loadings = made(n_spatial=100, loadings=rule)["rna"].varm["spatial_loadings"]
    assert np.array_equal(loadings[:, 0], loadings[:, 2]) and not np.array_equal(loadings[:, 0], loadings[:, 1])
    log = made(n_spatial=100, loadings=rule, link="log")["rna"].varm["spatial_loadings"]
    assert np.array_equal(log[:, 0], log[:, 2]) and (log < 0).any()


def test_chains_of_pairs_are_followed() -> None:
    for pairs in ([("A", "B"), ("B", "C")], [("B", "C"), ("A", "B")], [("A", "C"), ("B", "D"), ("C", "B")]):
        names = sorted({name for pair in pairs for name in pair})
        loadings = Markers(confuse=pairs).alike(np.eye(len(names), dtype=np.float32), names)
        assert np.array_equal(loadings, np.ones((len(names),) * 2))


def test_a_feature_of_two_types_belongs_to_none_of_them() -> None:
    assert "cell_type_factor" in made(top=WORLD, loadings={"cell_type": Markers()})["rna"].var
    assert "cell_type_factor" not in made(top=WORLD, loadings={"cell_type": Markers(confuse=[("A", "B")])})["rna"].var


@pytest.mark.parametrize(
    ("pairs", "error", "message"),
    [
        ([("A",)], TypeError, "confuse must be a list of pairs of names"),
        ("AB", TypeError, "confuse must be a list of pairs of names"),
        ([("A", "A")], ValueError, "confuse must hold pairs of two different names, got 'A' twice"),
        ([("A", 3)], TypeError, "confuse must be a text"),
    ],
)
def test_bad_pairs_are_refused(pairs, error, message) -> None:
    with pytest.raises(error, match=message):
        Markers(confuse=pairs)


def test_names_that_nobody_gives_are_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"name in confuse must be one of 'A', 'B', 'C', got 'D'"):
        made(top=WORLD, loadings={"cell_type": Markers(confuse=[("A", "D")])})


def test_pairs_go_through_json() -> None:
    rule = Markers(confuse=[("A", "B")])
    scenario = sps.Scenario(**WORLD, modalities=[RNA | {"loadings": {"cell_type": rule}}])
    assert sps.Scenario.from_json(scenario.to_json()) == scenario
    assert hash(rule) == hash(Markers(confuse=[["A", "B"]]))
