"""Groups by the name of a column: where it is found, what the record says, and what joined objects score."""

from __future__ import annotations

import anndata
import numpy as np
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import metrics, tl
from spsim.slots import without_pulling
from worlds import record_groups

N = 100


def slice_of(rng: int):
    """One slice, with labels and an embedding."""
    adata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], n_side=10, rng=rng)["rna"]
    noise = np.random.default_rng(rng)
    adata.obs["l"] = np.where(noise.random(N) < 0.3, "z", adata.obs["domain"].astype(str))
    adata.obsm["X"] = adata.obsm["spatial_factors"] + noise.normal(0, 0.5, (N, 4))
    adata.obsm["X_pca"] = np.log1p(adata.X)[:, :5]
    return adata


@pytest.fixture(scope="module")
def slices():
    return slice_of(1), slice_of(2)


@pytest.fixture
def joined(slices):
    """Two slices that lie on each other, as ``anndata.concat`` leaves them, with the record of the first."""
    return anndata.concat(dict(zip("ab", slices, strict=True)), label="slice", index_unique="-", uns_merge="first")


@pytest.mark.parametrize("uns_merge", [None, "same", "first"])
@pytest.mark.parametrize("index_unique", [None, "-"])
@pytest.mark.filterwarnings("ignore:Observation names are not unique")
def test_a_joined_object_scores_as_the_mean_of_its_slices(slices, uns_merge, index_unique) -> None:
    c = anndata.concat(
        dict(zip("ab", slices, strict=True)), label="slice", index_unique=index_unique, uns_merge=uns_merge
    )
    table = tl.domain_continuity(c, "l", groups="slice")
    alone = [tl.domain_continuity(part, "l", copy=True) for part in slices]
    for column in ("score", "truth"):
        np.testing.assert_allclose(table[column], (alone[0][column] + alone[1][column]) / 2, rtol=1e-12)
    assert (table["n"] == 2 * N).all()
    with pytest.raises(ValueError, match="200 of 200 spots that share their position with another; pass groups="):
        tl.domain_continuity(c, "l")


def test_purity_and_jaccard_are_the_means_of_the_slices(slices, joined) -> None:
    options = {"n_neighbors": 7, "copy": True}
    for call in (
        lambda data, **k: tl.neighborhood_purity(data, "X", n_chance=0, **options, **k).loc["all", "score"],
        lambda data, **k: tl.neighborhood_jaccard(data, "X", reference_key="X_pca", **options, **k)["score"].item(),
        lambda data, **k: tl.neighborhood_jaccard(data, "X", reference_key="spatial", **options, **k)["score"].item(),
    ):
        assert call(joined, groups="slice") == pytest.approx(np.mean([call(part) for part in slices]), abs=1e-12)


CALLS = {
    "factor_recovery": lambda m, **k: tl.factor_recovery(m, "X", n_chance=4, **k),
    "variance_recovered": lambda m, **k: tl.variance_recovered(m, "X", n_chance=4, **k),
    "subspace_angles": lambda m, **k: tl.subspace_angles(m, "X", n_chance=4, **k),
    "amari_error": lambda m, **k: tl.amari_error(m, "X", n_chance=4, **k),
    "pairwise_distance_correlation": lambda m, **k: tl.pairwise_distance_correlation(m, "X", n_chance=4, **k),
    "neighborhood_purity": lambda m, **k: tl.neighborhood_purity(m, "X", n_neighbors=5, n_chance=4, **k),
    "factor_kind": lambda m, **k: tl.factor_kind(m, "X", kinds=["shared"] * 4, n_chance=4, **k),
    "domain_agreement": lambda m, **k: tl.domain_agreement(m, "l", n_chance=4, **k),
    "domain_continuity": lambda m, **k: tl.domain_continuity(m, "l", **k),
    "neighborhood_jaccard": lambda m, **k: tl.neighborhood_jaccard(m, "X", reference_key="X_pca", n_neighbors=5, **k),
    "evaluate": lambda m, **k: tl.evaluate(m, ["X", "l"], n_chance=4, **k),
}


@pytest.mark.parametrize("name", CALLS)
def test_one_group_is_no_groups(slices, name) -> None:
    one = slices[0].copy()
    one.obs["all"] = 7
    without, within = CALLS[name](one, copy=True), CALLS[name](one, groups="all", copy=True)
    assert_frame_equal(within, without, check_exact=True)


@pytest.mark.parametrize("name", CALLS)
def test_the_recorded_label_is_the_default_and_a_column_of_the_same_name_goes_first(joined, name) -> None:
    named = CALLS[name](joined, groups="slice", copy=True)
    if name != "neighborhood_jaccard" and name != "factor_kind":
        with pytest.raises(ValueError, match="pass groups="):
            CALLS[name](joined, copy=True)
    record_groups(joined, "slice")
    assert_frame_equal(CALLS[name](joined, copy=True), named)
    joined.obs["other"] = np.arange(2 * N) // N
    assert_frame_equal(CALLS[name](joined, groups="other", copy=True), named)


def test_the_column_may_lie_with_the_estimate_or_with_the_truth(joined) -> None:
    expected = tl.domain_continuity(joined, "l", groups="slice", copy=True)
    blind = sps.get.without_truth(joined)[np.random.default_rng(0).permutation(2 * N)].copy()
    assert_frame_equal(tl.domain_continuity(blind, "l", truth=joined, groups="slice"), expected)
    del blind.obs["slice"]
    assert_frame_equal(tl.domain_continuity(blind, "l", truth=joined, groups="slice"), expected)
    record_groups(joined, "slice")
    assert_frame_equal(tl.domain_continuity(blind, "l", truth=joined), expected)
    # What stands beside the estimate is meant first: there, all spots are one slice.
    blind.obs["slice"] = "one"
    with pytest.raises(ValueError, match="200 of 200 spots of the group 'one'"):
        tl.domain_continuity(blind, "l", truth=joined)


def test_columns_of_a_modality_and_of_the_top_are_found(mdata) -> None:
    mdata.obs["half"] = np.where(mdata.obs["x"] < 6, "left", "right")
    expected = tl.domain_continuity(mdata, "guess", groups="half", copy=True)
    with without_pulling():
        rna = mdata["rna"]
        rna.obs["guess"], rna.obs["side"] = mdata.obs["guess"].to_numpy(), mdata.obs["half"].to_numpy()
    assert_frame_equal(tl.domain_continuity(mdata, "rna:guess", groups="half", copy=True), expected)
    assert_frame_equal(tl.domain_continuity(mdata, "rna:guess", groups="side", copy=True), expected)
    assert_frame_equal(tl.domain_continuity(mdata, "guess", groups="rna:side", copy=True), expected)
    assert (expected["score"] != tl.domain_continuity(mdata, "guess", copy=True)["score"]).any()


@pytest.mark.parametrize(
    ("groups", "error", "message"),
    [
        ("slic", KeyError, "groups in obs: no .*slic.*; there are .*did you mean .*slice"),
        ("gaps", ValueError, "groups must not be missing, got 1 missing of 200"),
        ("some", ValueError, r"groups: obs\['some'\] has no value for 100 of 200 spots, among them"),
    ],
)
def test_columns_that_are_no_groups_are_refused(joined, groups, error, message) -> None:
    joined.obs["gaps"] = [None, *joined.obs["slice"].astype(str)[1:]]
    blind = sps.get.without_truth(joined)
    half = joined[:N].copy()
    half.obs["some"] = 1
    truth = joined.copy()
    if groups == "some":
        with pytest.raises(error, match=message):
            group_column(half, joined)
        return
    with pytest.raises(error, match=message):
        tl.domain_continuity(blind, "l", truth=truth, groups=groups)


def group_column(half, joined) -> None:
    from spsim.tl._groups import group_labels

    group_labels("some", joined.obs_names, joined, (half,))


def test_without_places_the_null_is_a_permutation(joined) -> None:
    del joined.obsm["spatial"]
    for groups in (None, "slice"):
        options = {"n_chance": 6, "groups": groups, "copy": True, "rng": 3}
        labels = None if groups is None else joined.obs["slice"]
        table = tl.factor_recovery(joined, "X", **options)
        truth = joined.obsm["spatial_factors"]
        chance = metrics.factor_chance(joined.obsm["X"], truth, None, groups=labels, n_draws=6, rng=3)
        np.testing.assert_allclose(table["chance"], chance.mean, rtol=1e-9)
        assert (table["null"] == "permutation").all()
        table = tl.domain_agreement(joined, "l", **options)
        chance = metrics.domain_chance(joined.obs["l"], joined.obs["domain"], None, groups=labels, n_draws=6, rng=3)
        assert table["chance"].to_dict() == pytest.approx(chance) and set(table["null"]) == {"permutation"}
    with pytest.warns(
        UserWarning, match="evaluate left out 'l': chaos .needs places, but the truth has no coordinates"
    ):
        table = tl.evaluate(joined, ["X", "l"], n_chance=2)
    assert set(table["null"]) == {"permutation"} and not set(table["score"]) & {"chaos", "pas", "moran", "geary"}
    assert joined.uns["evaluate_left_out"]["score"].tolist() == ["chaos", "pas", "moran", "geary"]
    with pytest.raises(KeyError, match="for the spots' places: no 'spatial'"):
        tl.domain_continuity(joined, "l")


@pytest.mark.parametrize(
    ("layout", "null"),
    [
        (None, "toroidal_shift"),
        (sps.patterns.Hexagonal(n_rows=12, n_columns=10), "toroidal_shift"),
        (sps.patterns.Uniform(n_spots=120), "matched_variogram"),
    ],
)
def test_tables_name_their_null(layout, null) -> None:
    mdata = sps.datasets.multiomics(
        [{"name": "rna", "n_spatial": 20}], layout=layout, **({} if layout else {"n_side": 11})
    )
    mdata.obsm["X"], mdata.obs["l"] = mdata.obsm["spatial_factors"], mdata.obs["domain"]
    for call in (tl.factor_recovery, tl.variance_recovered, tl.subspace_angles, tl.neighborhood_purity):
        assert set(call(mdata, "X", n_chance=2, copy=True)["null"]) == {null}
        assert "null" not in call(mdata, "X", n_chance=0, copy=True)
    table = tl.evaluate(mdata, ["X"], n_chance=2, copy=True)
    assert set(table["null"]) == {null}
    # Labels are shifted off lattices too.
    assert set(tl.domain_agreement(mdata, "l", n_chance=2, copy=True)["null"]) == {"toroidal_shift"}


def test_blocks_of_validation_spots_lie_within_a_group(joined) -> None:
    tl.split(joined, validation_fraction=0.4, block_size=5, groups="slice", rng=1)
    picked = joined.obs["split"].to_numpy() == "validation"
    cells = (joined.obsm["spatial"] // 5).astype(int) @ [2, 1]
    blocks = {
        (name, cell): set(picked[(joined.obs["slice"] == name) & (cells == cell)]) for name in "ab" for cell in range(4)
    }
    assert all(len(kinds) == 1 for kinds in blocks.values())
    chosen = [block for block, kinds in blocks.items() if kinds == {True}]
    assert {name for name, _ in chosen} == {"a", "b"} and len(chosen) == 4
    # Without groups a block is the same place in both slices.
    tl.split(joined, validation_fraction=0.4, block_size=5, rng=1)
    picked = joined.obs["split"].to_numpy() == "validation"
    assert (picked[:N] == picked[N:]).all()
