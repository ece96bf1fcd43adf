"""The randomness contract, and what each knob does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

import spsim as sps

RNA = {"name": "rna", "n_spatial": 60, "n_mixed": 40, "n_nonspatial": 30}
PROTEIN = {"name": "protein", "n_mixed": 25}


def made(*modalities, rng=0, **fields):
    return sps.simulate(sps.Scenario(n_side=12, modalities=list(modalities), **fields), rng=rng)


def arrays(adata) -> dict[str, np.ndarray]:
    return {"X": adata.X, **dict(adata.obsm), **dict(adata.varm)}


def assert_equal(left, right, *, but: tuple[str, ...] = ()) -> None:
    for key, value in arrays(left).items():
        assert np.array_equal(value, arrays(right)[key]) != (key in but), key


def test_two_calls_are_equal_and_two_seeds_are_not() -> None:
    assert_equal(made(RNA)["rna"], made(RNA)["rna"])
    different = ("X", "nonspatial_factors", "spatial_loadings", "nonspatial_loadings")
    assert_equal(made(RNA)["rna"], made(RNA, rng=1)["rna"], but=different)


def test_other_modalities_change_nothing() -> None:
    alone = made(RNA)["rna"]
    for mdata in (made(RNA, PROTEIN), made(PROTEIN, RNA)):
        assert_equal(alone, mdata["rna"])
    assert_equal(made(RNA, PROTEIN)["protein"], made(PROTEIN)["protein"])


def test_dropout_changes_counts_only_and_keeps_survivors_comonotone() -> None:
    plain, dropped = made(RNA)["rna"], made(RNA | {"dropout_rate": 0.5})["rna"]
    assert_equal(plain, dropped, but=("X",))
    # U < 0.5 is dropped; what is left is a monotone function of the same U: it never exceeds the plain count.
    assert (dropped.X <= plain.X).all()


def test_zero_effects_give_the_data_without_them() -> None:
    assert_equal(made(RNA)["rna"], made(RNA | {"dropout_rate": 0.0})["rna"])


def test_features_of_the_last_kind_are_a_prefix() -> None:
    many, few = made(RNA)["rna"], made(RNA | {"n_nonspatial": 10})["rna"]
    assert np.array_equal(few.X, many.X[:, :110])
    assert np.array_equal(few.varm["nonspatial_loadings"], many.varm["nonspatial_loadings"][:110])


def test_rows_of_the_same_coordinates_are_a_prefix() -> None:
    coordinates = np.random.default_rng(0).uniform(size=(300, 2))
    factors = np.random.default_rng(1).gamma(2, size=(300, 2))

    def on(n_spots: int):
        pattern = sps.patterns.FactorMatrix(factors=factors[:n_spots], coordinates=coordinates[:n_spots])
        return sps.simulate(sps.Scenario(pattern=pattern, modalities=[RNA]))["rna"]

    assert np.array_equal(on(170).X, on(300).X[:170])
    assert np.array_equal(on(170).obsm["nonspatial_factors"], on(300).obsm["nonspatial_factors"][:170])


def test_sparse_counts_are_the_same_numbers() -> None:
    scenario = sps.Scenario(n_side=12, modalities=[RNA | {"dropout_rate": 0.5}])
    dense, csr = (sps.simulate(scenario, sparse=flag)["rna"] for flag in (False, True))
    assert isinstance(csr.X, sparse.csr_matrix) and csr.X.dtype == np.float32
    assert np.array_equal(csr.X.toarray(), dense.X)
    assert np.array_equal(csr.layers["counts"].toarray(), dense.X)


def test_counts_and_x_are_two_copies() -> None:
    adata = made(RNA)["rna"]
    adata.X[:] = -1
    assert adata.layers["counts"].min() == 0


def test_keep_mean_keeps_what_get_mean_computes() -> None:
    adata = sps.simulate(sps.Scenario(n_side=12, modalities=[RNA]), keep_mean=True)["rna"]
    assert np.array_equal(adata.layers["mean"], sps.get.mean(adata).to_numpy())


def test_the_numpy_generator_in_use_is_left_alone() -> None:
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    made(RNA, PROTEIN)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_nonspatial_factors_are_own_or_shared() -> None:
    own, shared = made(RNA, PROTEIN), made(RNA, PROTEIN, shared_nonspatial=True)
    assert not np.array_equal(own["rna"].obsm["nonspatial_factors"], own["protein"].obsm["nonspatial_factors"])
    assert np.array_equal(shared["rna"].obsm["nonspatial_factors"], shared["protein"].obsm["nonspatial_factors"])
    # Own ones are independent: correlation of 144 × 3 pairs, 4 standard errors.
    pairs = [own[m].obsm["nonspatial_factors"].ravel() for m in ("rna", "protein")]
    assert abs(np.corrcoef(*pairs)[0, 1]) < 4 / np.sqrt(432)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"n_spatial": 200, "expression_mean": 5}, {"on": 5.2, "off": 0.2}),
        ({"n_spatial": 200, "background_mean": 3}, {"on": 23, "off": 3}),
        ({"n_spatial": 200, "expression_mean": 0}, {"on": 0.2, "off": 0.2}),
        ({"n_mixed": 200, "spatial_fraction": 1.0}, {"on": 20.2, "off": 0.2}),
    ],
)
def test_knobs_set_the_mean_they_name(fields, expected) -> None:
    """Mean count where a feature's factor is on and off, within 4.5 standard errors (false-alarm rate 7e-6 each)."""
    adata = sps.datasets.ggblocks(**fields)["rna"]
    main = adata.var["spatial_factor"].cat.codes.to_numpy()
    is_on = adata.obsm["spatial_factors"][:, main] > 0
    for state, where in (("on", is_on), ("off", ~is_on)):
        mean = expected[state]
        error = np.sqrt((mean + mean**2 / 10) / where.sum())
        assert abs(adata.X[where].mean() - mean) < 4.5 * error
        assert abs(adata.X[where].mean() - 1.1 * mean) > 4.5 * error  # 10 percent off is told apart


def test_unused_factors_are_named_and_left_zero() -> None:
    with pytest.warns(UserWarning, match=r"no feature of modality 'rna' drew the active factor\(s\) .*zero loadings"):
        mdata = sps.datasets.quilt(n_spatial=1)
    assert (mdata["rna"].varm["spatial_loadings"] != 0).sum() == 1
    assert sps.get.activity(mdata).to_numpy().sum() == 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("active", [None, [0, 2], ["block_4", "block_2"]])
def test_the_warning_names_exactly_the_active_factors_without_loadings(seed, active) -> None:
    """Three features on up to four factors: at least one goes unused, and which ones depends on the seed."""
    modalities = [{"name": "other", "n_spatial": 200}, {"name": "rna", "n_spatial": 1, "active_factors": active}]
    if active is None:
        modalities[1]["n_spatial"] = 3
    with pytest.warns(UserWarning, match=r"no feature of modality 'rna' drew") as caught:
        mdata = sps.simulate(sps.Scenario(n_side=6, modalities=modalities), rng=seed)
    table = sps.get.loadings(mdata["rna"])[list(mdata.uns["spsim"]["activity"].columns)]
    names = [f"block_{k + 1}" if isinstance(k, int) else k for k in (range(4) if active is None else active)]
    unused = [name for name in sorted(names) if not table[name].any()]
    assert unused and len(caught) == 1
    message = str(caught[0].message)
    assert message == (f"no feature of modality 'rna' drew the active factor(s) {', '.join(unused)}: zero loadings")


@pytest.mark.parametrize(
    "fields",
    [
        {"n_spatial": 200},
        {"n_nonspatial": 5},
        {"n_spatial": 1, "expression_mean": 0},
        {"n_mixed": 1, "spatial_fraction": 0},
        {"n_spatial": 1, "active_factors": [2]},
    ],
)
def test_no_warning_where_every_factor_is_used_or_none_can_be(fields, recwarn) -> None:
    made({"name": "rna", **fields})
    assert [str(w.message) for w in recwarn if "zero loadings" in str(w.message)] == []


def test_the_default_seed_is_0_and_options_are_off() -> None:
    """Of the function and of every data set: what is cited without a seed has seed 0."""
    modality = {"name": "rna", "n_spatial": 9, "n_mixed": 9}
    scenario = sps.Scenario(n_side=6, modalities=[modality])
    for make in (
        lambda **rng: sps.simulate(scenario, **rng),
        lambda **rng: sps.datasets.quilt(6, n_spatial=9, **rng),
        lambda **rng: sps.datasets.ggblocks(6, n_spatial=9, **rng),
        lambda **rng: sps.datasets.multiomics([modality], n_side=6, **rng),
    ):
        default, zero, one = make()["rna"], make(rng=0)["rna"], make(rng=1)["rna"]
        assert_equal(default, zero)
        assert not np.array_equal(default.X, one.X)
        assert isinstance(default.X, np.ndarray) and "mean" not in default.layers


@pytest.mark.parametrize("fields", [{"n_side": 10**9}, {"n_spatial": 10**13}, {"n_side": 10**6, "sparse": True}])
def test_what_cannot_fit_is_refused_before_it_is_made(fields) -> None:
    with pytest.raises(
        ValueError, match=r"\d+ spots \(n_side, layout, n_cells\) × \d+ features \(n_spatial.*need about .* GiB"
    ):
        sps.datasets.quilt(**fields)


def test_only_scenarios_are_simulated() -> None:
    with pytest.raises(TypeError, match="scenario must be a spsim.Scenario, .* got 5; .*published data sets"):
        sps.simulate(5)
    with pytest.raises(ValueError, match=r"scenario must be .* got 'qilt' \(did you mean 'quilt'\?\)"):
        sps.simulate("qilt")
