"""Scores of labels and neighbourhoods against any label of the truth."""

from __future__ import annotations

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from oracles import metrics_labels, metrics_space
from spsim import metrics, tl
from spsim.slots import without_pulling
from worlds import made

N = 300
LABELS = {
    "domain_agreement": lambda m, **k: tl.domain_agreement(m, "rna:guess", n_chance=3, **k),
    "domain_continuity": lambda m, **k: tl.domain_continuity(m, "rna:guess", **k),
    "neighborhood_purity": lambda m, **k: tl.neighborhood_purity(m, "rna:E", n_neighbors=7, n_chance=3, **k),
    "evaluate": lambda m, **k: tl.evaluate(m, ["rna:E", "rna:guess"], n_chance=3, **k),
}
pytestmark = pytest.mark.filterwarnings("ignore:evaluate left out")


@pytest.mark.parametrize("name", LABELS)
def test_the_domains_are_the_default(cells, name) -> None:
    assert_frame_equal(LABELS[name](cells, label="domain"), LABELS[name](cells), check_exact=True)


@pytest.mark.parametrize("world", ["types", "everything"])
def test_agreement_with_any_label(world) -> None:
    mdata = made(world)
    rng = np.random.default_rng(1)
    rna = mdata["rna"]
    rna.obs["guess"] = np.where(rng.random(rna.n_obs) < 0.3, "z", rna.obs["cell_type"].astype(str))
    table = tl.domain_agreement(mdata, "rna:guess", label="cell_type")
    labels, truth = rna.obs["guess"].tolist(), rna.obs["cell_type"].tolist()
    assert table.loc["ari", "score"] == pytest.approx(metrics_labels.adjusted_rand(labels, truth))
    assert table.loc["mi", "score"] == pytest.approx(metrics_labels.mutual_information(labels, truth))
    assert table.loc["mi", "ceiling"] == pytest.approx(metrics_labels.mutual_information(truth, truth))
    assert (table["ceiling"].drop(["mi", "n"]) == 1).all()
    assert list(table) == ["score", "ceiling", "chance", "null"]  # cell types have no background
    groups = rna.obs["slice"].to_numpy() if world == "everything" else None
    chance = metrics.domain_chance(labels, truth, rna.obsm["spatial"], groups=groups)
    assert table["chance"].to_dict() == pytest.approx(chance)


def test_agreement_with_what_an_experimenter_knows(cells) -> None:
    cells.obs["guess"] = cells.obs["slice"].astype(str)
    assert tl.domain_agreement(cells, "guess", label="slice").loc["ari", "score"] == 1


def test_a_label_with_a_background_has_a_foreground(cells) -> None:
    for part in (cells, cells["rna"]):
        part.obs["cell_type"] = part.obs["cell_type"].cat.rename_categories({"type_1": "background"})
    table = tl.domain_agreement(cells, "rna:guess", label="cell_type")
    inside = (cells.obs["cell_type"] != "background").to_numpy()
    labels, truth = cells["rna"].obs["guess"][inside].tolist(), cells.obs["cell_type"][inside].tolist()
    assert table.loc["ari", "foreground"] == pytest.approx(metrics_labels.adjusted_rand(labels, truth))
    assert table.loc["ari", "foreground_ceiling"] == 1


def test_continuity_beside_any_label(cells) -> None:
    table = tl.domain_continuity(cells, "rna:guess", label="cell_type")
    rna = cells["rna"]
    points, groups = rna.obsm["spatial"].tolist(), rna.obs["slice"].tolist()
    for column, labels in (("score", rna.obs["guess"]), ("truth", rna.obs["cell_type"])):
        expected = metrics_space.mean_of_groups(metrics_space.chaos, groups, labels.tolist(), points)
        assert table.loc["chaos", column] == pytest.approx(expected)


def test_purity_of_any_label(cells) -> None:
    table = tl.neighborhood_purity(cells, "rna:E", label="cell_type", n_neighbors=5, n_chance=3)
    rna = cells["rna"]
    expected = metrics_space.mean_of_groups(
        lambda embedding, labels: metrics_space.purity(embedding, labels, 5),
        rna.obs["slice"].tolist(),
        rna.obsm["E"].tolist(),
        rna.obs["cell_type"].tolist(),
    )
    assert table["score"].tolist() == [pytest.approx(expected)] and list(table.index) == ["all"]


@pytest.mark.parametrize("name", LABELS)
def test_shuffled_blind_copies_score_the_same_against_any_label(cells, name) -> None:
    expected = LABELS[name](cells, label="cell_type", copy=True)
    with without_pulling():
        blind = sps.get.without_truth(cells)[np.random.default_rng(3).permutation(N)].copy()
    assert_frame_equal(LABELS[name](blind, label="cell_type", truth=cells), expected, rtol=1e-6, atol=1e-9)


def test_joined_objects_keep_their_labels(cells) -> None:
    import anndata

    parts = [cells["rna"].copy() for _ in range(2)]
    parts[1].uns["spsim"] = {**parts[1].uns["spsim"], "params": "of another object"}
    joined = anndata.concat(dict(zip("ab", parts, strict=True)), label="run", index_unique="-", uns_merge="same")
    joined.obs["both"] = joined.obs["run"].astype(str) + joined.obs["slice"].astype(str)
    twice = tl.domain_agreement(joined, "guess", label="cell_type", groups="both")
    once = tl.domain_agreement(cells["rna"], "guess", label="cell_type")
    assert twice.loc["homogeneity", "score"] == pytest.approx(once.loc["homogeneity", "score"])


def test_what_fits_no_label_is_refused(cells) -> None:
    with pytest.raises(ValueError, match=r"visible says which factors make the domains; label='cell_type'"):
        tl.domain_agreement(cells, "rna:guess", label="cell_type", visible=["block_1"])
    cells.obs["cell_type"] = cells.obs["cell_type"].where(np.arange(N) > 2)
    with pytest.raises(ValueError, match="label 'cell_type' must say what each spot is, but 3 of 300 have none"):
        tl.domain_agreement(cells, "rna:guess", label="cell_type")
    with pytest.raises(KeyError, match="label: no 'program'; there are 'slice', 'domain', 'cell_type'"):
        tl.domain_continuity(cells, "rna:guess", label="program")
