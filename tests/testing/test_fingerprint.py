"""Pinned data of the fixtures: users set thresholds on them.

A change here moves the thresholds of every user. Where it is on purpose, paste what ``python tests/testing/test_fingerprint.py``
prints into ``spsim.testing`` and into this file, and say so in the changelog.
"""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.testing import FINGERPRINTS, fingerprint
from spsim.testing._recipes import RECIPES, refuse_other_data

# Written down a second time, so that no edit of the package alone can change what users were promised.
PINNED = {
    "spsim_quilt": {
        "counts": "75808ab1dfe1824f5cc51e1f9c69ba270ca70e02362b5221fc08294c296a9a29",
        "truth": "29194a1b434f44c8678c5657d1ade9f61c8da954bec062252c0b35ab3db35d36",
    },
    "spsim_multiomics": {
        "counts": "cdf5c72f1e55df2e2b4c317cb25637f84f77812e9c5b0e2236742a108aa557eb",
        "truth": "1de6d2aad33b44cd28928bcb76552616271b4531eb50eb278ab48213b7252d97",
    },
    "spsim_quilt_hard": {
        "counts": "ac56c3022f0b81f9e10fc265fc7944564a92307783715fff85b23c138e3438bf",
        "truth": "d751b09920969f080d333d7a26c2a6878c8c4606a97b2283b5380b8893423bb2",
    },
    "spsim_null": {
        "counts": "fc79a59cc1f435e90306be67c4f5020ac99fe95c9183af94da021accca4302bc",
        "truth": "cb0b9220fb10735a9c6e63eb7c2492d715f0eab2455ee5ef3857b40bf555a44f",
    },
}


@pytest.mark.parametrize("name", list(PINNED))
def test_data_are_the_pinned_ones(name) -> None:
    assert fingerprint(RECIPES[name]()) == PINNED[name]


def test_every_fixture_is_pinned() -> None:
    assert {name: dict(parts) for name, parts in FINGERPRINTS.items()} == PINNED
    assert list(RECIPES) == list(PINNED)


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        FINGERPRINTS["spsim_quilt"]["counts"] = ""
    with pytest.raises(TypeError):
        RECIPES["spsim_quilt"] = RECIPES["spsim_null"]


def small():
    return sps.datasets.multiomics([{"name": "rna", "n_mixed": 20}, {"name": "atac", "n_mixed": 15}], n_side=6)


CHANGES = {
    "one count of the second modality": ("counts", lambda m: m["atac"].layers["counts"].__setitem__((3, 1), 99)),
    "a factor": ("truth", lambda m: m.obsm["spatial_factors"].__setitem__((0, 0), 2)),
    "a coordinate": ("truth", lambda m: m.obsm["spatial"].__setitem__((0, 0), 2)),
    "a non-spatial factor": ("truth", lambda m: m["rna"].obsm["nonspatial_factors"].__setitem__((0, 0), 7)),
    "a spatial loading": ("truth", lambda m: m["atac"].varm["spatial_loadings"].__setitem__((2, 3), 7)),
    "a non-spatial loading": ("truth", lambda m: m["rna"].varm["nonspatial_loadings"].__setitem__((0, 0), 7)),
    "a domain": ("truth", lambda m: setattr(m, "obs", m.obs.assign(domain=m.obs["domain"].to_numpy()[::-1]))),
    "the names of the spots": ("truth", lambda m: setattr(m.obs, "index", [f"s{i}" for i in range(36)])),
    "the names of the features": ("truth", lambda m: setattr(m["rna"].var, "index", [f"f{i}" for i in range(20)])),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_each_change_is_seen_in_its_part(change) -> None:
    part, apply = CHANGES[change]
    before, mdata = fingerprint(small()), small()
    apply(mdata)
    after = fingerprint(mdata)
    assert {name for name in before if before[name] != after[name]} == {part}


def test_what_users_add_is_not_seen() -> None:
    mdata = small()
    mdata.obsm["X_mine"] = np.ones((36, 2))
    mdata["rna"].obs["mine"] = "a"
    mdata["rna"].X[:] = 0
    assert fingerprint(mdata) == fingerprint(small())


def test_sparse_counts_have_the_same_hash() -> None:
    assert fingerprint(sps.datasets.quilt(sparse=True)) == PINNED["spsim_quilt"]


def test_what_has_no_fingerprint() -> None:
    with pytest.raises(KeyError, match="its truth was taken out"):
        fingerprint(sps.get.without_truth(small()))
    with pytest.raises(TypeError, match="mdata must be a MuData, got AnnData"):
        fingerprint(small()["rna"])


def test_other_data_stop_the_fixture() -> None:
    refuse_other_data("spsim_null", PINNED["spsim_null"])
    message = (
        "spsim_null came out with other counts than this version of spsim promises, so thresholds set on it do not"
    )
    with pytest.raises(RuntimeError, match=message):
        refuse_other_data("spsim_null", PINNED["spsim_null"] | {"counts": "0"})


if __name__ == "__main__":
    for name, recipe in RECIPES.items():
        print(f'    "{name}": {fingerprint(recipe())},')


def test_real_values_have_a_hash() -> None:
    mdata = sps.datasets.rna_and_image(5, n_side=6)
    before = fingerprint(mdata)
    assert before == fingerprint(sps.datasets.replay(mdata))
    mdata["image"].layers["raw"][0, 0] += 1
    assert fingerprint(mdata)["counts"] != before["counts"] and fingerprint(mdata)["truth"] == before["truth"]
