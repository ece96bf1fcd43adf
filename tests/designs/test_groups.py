"""What slices belong to: conditions, donors, runs."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import RNA, made, same
from spsim.designs import Crop, Slices

GROUPS = {"condition": ["control", "treated", "control", "treated"], "run": ["b", "a", "a", "b"]}


def test_groups_are_known_labels_of_the_spots_of_their_slices() -> None:
    mdata = made(Crop(share=0.2), n_slices=4, groups=GROUPS)
    for name, values in GROUPS.items():
        of = dict(zip(["slice_1", "slice_2", "slice_3", "slice_4"], values, strict=True))
        for part in (mdata, mdata["rna"], sps.get.without_truth(mdata), sps.get.without_truth(mdata)["rna"]):
            assert part.obs[name].tolist() == [of[own] for own in part.obs["slice"]]
        assert mdata.obs[name].cat.categories.tolist() == list(dict.fromkeys(values))


def test_groups_change_nothing() -> None:
    for seed in range(3):
        same(made(n_slices=4, groups=GROUPS, rng=seed), made(n_slices=4, rng=seed))


def test_only_slices_keep_places_apart() -> None:
    """Spots of two slices of one condition are no neighbours: neighbours are looked for within slices."""
    from spsim.slots import recorded_groups

    assert recorded_groups(made(n_slices=4, groups=GROUPS)) == "slice"


def test_types_can_differ_between_conditions() -> None:
    """Shares of 4 types in 3 × 2 × 20,000 spots: standard errors of at most 0.0035 each; five of them allowed."""
    types = sps.factors.CellTypes(n_types=4, by="condition", concentration=1.0)
    modality = RNA | {"loadings": {"cell_type": {"name": "Markers"}}}
    for seed in range(3):
        mdata = made(
            n_slices=4, groups=GROUPS, factors={"cell_type": types}, modalities=[modality], n_side=100, rng=seed
        )
        wanted = sps.get.table(mdata, "cell_type_composition")
        for name in ("control", "treated"):
            drawn = mdata.obs["cell_type"][mdata.obs["condition"] == name].value_counts(normalize=True)
            assert np.abs(drawn[wanted.columns] - wanted.loc[name]).max() < 5 * 0.0036
        assert np.abs(wanted.loc["control"] - wanted.loc["treated"]).max() > 5 * 0.0036


def test_groups_go_through_json() -> None:
    design = Slices(n_slices=4, groups=GROUPS)
    assert Slices(**{k: v for k, v in design.to_dict().items() if k != "name"}) == design
    same(made(design=design), sps.datasets.replay(made(design=design)))


@pytest.mark.parametrize(
    ("groups", "error", "message"),
    [
        (["a", "b"], TypeError, "groups must be a mapping"),
        ({"condition": ["a"]}, ValueError, r"groups\['condition'\] must be a list of one category per slice \(2\)"),
        ({"condition": "ab"}, ValueError, "must be a list of one category per slice"),
        ({"slice": ["a", "b"]}, ValueError, "slice"),
        ({"condition": ["a", 2]}, TypeError, r"category of groups\['condition'\]"),
    ],
)
def test_bad_groups_are_refused_by_name(groups, error, message) -> None:
    with pytest.raises(error, match=message):
        Slices(groups=groups)


@pytest.mark.parametrize("name", ["domain", "x", "spsim_index"])
def test_groups_take_no_name_that_is_taken(name) -> None:
    with pytest.raises(ValueError, match=name):
        made(groups={name: ["a", "b"]})
