"""evaluate loops over the records of scores: keys are checked first, what cannot be computed is named, not fatal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim import tl
from spsim.tl import _evaluate, _lookup
from spsim.tl._scores import SCORES

RNG = np.random.default_rng(0)
N = 144


def test_records_say_what_each_score_is() -> None:
    names = [(score.name, score.slot) for score in SCORES]
    assert len(set(names)) == len(names) and {slot for _, slot in names} == {"obsm", "obs", "uns"}
    assert all(score.bound is None or score.slot == "uns" for score in SCORES)
    lower = {score.name for score in SCORES if score.better == "lower"}
    of_one_tissue = {"subspace_angle", "amari_error", "chaos", "pas", "geary", "fdr"}
    of_worlds = {"registration_error", "abundance_rmse", "proportion_rmse"}
    shannon = {"proportion_jensen_shannon", "proportion_jensen_shannon_divergence"}
    assert lower == of_one_tissue | of_worlds | shannon
    # One number, once.
    assert "nmi" in dict(names) and "v_measure" not in dict(names)


def test_the_numbers_are_those_of_the_single_functions(mdata) -> None:
    table = tl.evaluate(mdata, ["X_guess", "guess", "rna:moranI"], n_chance=5, rng=2)
    options = {"n_chance": 5, "rng": 2, "copy": True}

    def rows(score, **where):
        found = table[table["score"] == score]
        for column, value in where.items():
            found = found[found[column] == value]
        return found

    for name, call in (("factor_recovery", tl.factor_recovery), ("variance_recovered", tl.variance_recovered)):
        one, many = call(mdata, "X_guess", **options), rows(name, key="X_guess")
        for own, other in (("score", "value"), ("chance", "chance"), ("ceiling", "ceiling")):
            np.testing.assert_array_equal(many[other], one[own])
        assert list(many["target"]) == list(one.index)
    for score, call, row in (
        ("subspace_angle", tl.subspace_angles, "angle_1"),
        ("amari_error", tl.amari_error, "amari_error"),
        ("pairwise_distance_correlation", tl.pairwise_distance_correlation, "pairwise_distance_correlation"),
    ):
        one = call(mdata, "X_guess", **options).loc[row]
        assert rows(score)[["value", "chance", "n"]].iloc[0].tolist() == one[["score", "chance", "n"]].tolist()
    one = tl.neighborhood_purity(mdata, "X_guess", **options)
    assert rows("neighborhood_purity")["value"].tolist() == one["score"].tolist()
    assert rows("neighborhood_purity")["chance"].tolist() == one["chance"].tolist()
    agreement = tl.domain_agreement(mdata, "guess", **options)
    for target, prefix in (("domains", ""), ("foreground", "foreground_")):
        found = table[(table["key"] == "guess") & (table["target"] == target)].set_index("score")
        expected = agreement.loc[found.index]
        assert found["value"].tolist() == expected[prefix.rstrip("_") or "score"].tolist()
        assert found["chance"].tolist() == expected[f"{prefix}chance"].tolist()
        assert found["ceiling"].tolist() == expected[f"{prefix}ceiling"].tolist()
    svg = tl.svg_detection(mdata, "rna:moranI", copy=True)
    found = table[table["target"] == "features"].set_index("score")
    assert found["value"].to_dict() == svg.loc[found.index, "score"].to_dict()
    assert found["ceiling"].to_dict() == {name: float(name != "fdr") for name in found.index}
    assert set(found["null"]) == {"none"}


def test_labels_hold_factors_as_their_indicators_do(mdata) -> None:
    table = tl.evaluate(mdata, ["guess"], n_chance=3, scores=["variance_recovered", "factor_recovery"], copy=True)
    mdata.obsm["X_labels"] = pd.get_dummies(mdata.obs["guess"]).to_numpy(float)
    best = mdata.obs["domain"].astype(str)
    mdata.obsm["X_best"] = pd.get_dummies(best).to_numpy(float)
    for name, call in (("factor_recovery", tl.factor_recovery), ("variance_recovered", tl.variance_recovered)):
        found = table[table["score"] == name]
        np.testing.assert_allclose(found["value"], call(mdata, "X_labels", n_chance=0)["score"], rtol=1e-12)
        ceiling = call(mdata, "X_best", n_chance=0)["score"]
        np.testing.assert_allclose(found["ceiling"], np.maximum(ceiling, found["chance"].to_numpy()), rtol=1e-12)


def test_chosen_scores_are_those_of_the_whole_table(mdata) -> None:
    whole = tl.evaluate(mdata, ["X_guess", "guess"], n_chance=3, copy=True)
    names = ["moran", "ari", "amari_error"]
    some = tl.evaluate(mdata, ["X_guess", "guess"], scores=iter(names), n_chance=3, copy=True)
    expected = whole[whole["score"].isin(names)]
    assert_frame_equal(some.reset_index(drop=True), expected.reset_index(drop=True))
    assert list(some["score"]) == ["amari_error", "ari", "ari", "moran"]


def test_a_key_is_found_once(mdata, monkeypatch) -> None:
    calls = []
    monkeypatch.setattr(
        _lookup, "truth_rows", lambda *a, known=_lookup.truth_rows, **k: calls.append(1) or known(*a, **k)
    )
    tl.evaluate(sps.get.without_truth(mdata), ["X_guess", "guess"], truth=mdata, n_chance=2)
    assert len(calls) == 2


def test_what_does_not_fit_is_left_out_with_its_reason(mdata) -> None:
    mdata.obsm["X_three"] = mdata.obsm["X_guess"][:, :3]
    mdata.obsm["X_twice"] = mdata.obsm["X_guess"][:, [0, 0, 1, 2]]
    mdata.obsm["X_same"] = np.ones((N, 2))
    with pytest.warns(
        UserWarning, match=r"evaluate left out 'X_three': amari_error .needs 4 independent .* and 3 more; uns"
    ) as found:
        table = tl.evaluate(mdata, ["X_three", "X_twice", "X_same"], n_chance=2)
    assert found[0].filename == __file__
    left_out = mdata.uns["evaluate_left_out"]
    assert left_out["key"].tolist() == ["X_three", "X_twice", *["X_same"] * 4]
    reasons = left_out.set_index(["key", "score"])["reason"]
    assert (
        "got 3 of rank 3" in reasons["X_three", "amari_error"]
        and "got 4 of rank 3" in reasons["X_twice", "amari_error"]
    )
    assert reasons["X_same", "subspace_angle"] == "no column of the embedding varies"
    assert set(table.loc[table["key"] == "X_same", "score"]) == {"factor_recovery", "variance_recovered"}
    assert (table.loc[table["key"] == "X_same", ["value", "chance"]] == 0).all(axis=None)
    # The list is that of the last call, and blind copies do not have it.
    assert set(sps.get.without_truth(mdata).uns) == {"spsim_fingerprint"}
    tl.evaluate(mdata, ["X_guess"], n_chance=2)
    assert "evaluate_left_out" not in mdata.uns
    before = dict(mdata.uns)
    with pytest.warns(UserWarning, match=r"X_three': amari_error .needs 4 independent columns[^;]*$"):
        tl.evaluate(mdata, ["X_three"], scores=["amari_error"], n_chance=0, copy=True)
    assert dict(mdata.uns) == before


def test_columns_that_depend_on_each_other_have_chance_too(mdata) -> None:
    mdata.obsm["X_twice"] = mdata.obsm["X_guess"][:, [0, 0, 1, 2]]
    table = tl.subspace_angles(mdata, "X_twice", n_chance=4)
    nulls = sps.metrics.smooth_null(mdata.obsm["X_twice"], mdata.obsm["spatial"], n_draws=4)
    found = [sps.metrics.subspace_angles(null, mdata.obsm["spatial_factors"])[:3] for null in nulls]
    np.testing.assert_allclose(table["chance"], np.mean(found, axis=0))


def test_a_score_that_fails_is_left_out_too(mdata, monkeypatch) -> None:
    from dataclasses import replace

    def fails(found, draws):
        msg = "something is wrong with these numbers"
        raise ValueError(msg)

    broken = [replace(score, rows=fails) if score.name == "factor_recovery" else score for score in SCORES]
    monkeypatch.setattr(_evaluate, "SCORES", tuple(broken))
    with pytest.warns(UserWarning, match="'X_guess': factor_recovery .something is wrong with these numbers.; uns"):
        table = tl.evaluate(mdata, ["X_guess"], n_chance=2)
    assert "factor_recovery" not in set(table["score"]) and "variance_recovered" in set(table["score"])


def test_features_of_one_kind_leave_detection_out() -> None:
    rna = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], n_side=8)["rna"]
    rna.uns["moranI"] = pd.DataFrame({"I": RNG.random(20)}, index=rna.var_names)
    with pytest.warns(UserWarning, match="auroc .needs features of both kinds"):
        assert tl.evaluate(rna, ["moranI"]).empty
    mixed = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20, "n_nonspatial": 10}], n_side=8)["rna"]
    mixed.uns["moranI"] = pd.DataFrame({"I": RNG.random(30)}, index=mixed.var_names)
    with pytest.warns(UserWarning, match="'moranI': tpr .needs p-values.; 'moranI': fdr .needs p-values.; uns"):
        table = tl.evaluate(mixed, ["moranI"])
    assert list(table["score"]) == ["auroc", "average_precision", "precision_at_count"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"keys": ["X_gues", "guess", "leidn"]},
            KeyError,
            "keys: no 'X_gues', 'leidn'; there are .*did you mean 'X_guess'",
        ),
        ({"keys": ["guess", "X_nan"]}, ValueError, "keys: 'X_nan': estimate must be finite, got 1 NaN"),
        (
            {"keys": ["X_guess", "score"]},
            ValueError,
            r"keys: 'score': obs\['score'\] must hold labels, got numbers that",
        ),
        ({"keys": ["X_guess", "gaps"]}, ValueError, "keys: 'gaps': labels must not be missing, got 1 missing of 144"),
        ({"keys": ["X_guess", "X_guess"]}, ValueError, "keys must be unique, got 'X_guess' more than once"),
        ({"keys": ["X_guess", 3]}, TypeError, "keys must be a text, got 3"),
        ({"keys": []}, ValueError, "keys must name at least one result, got none"),
        ({"keys": "X_guess"}, TypeError, "keys must be several, as in a list, got the single text 'X_guess'"),
        ({"scores": "ari"}, TypeError, "scores must be several, as in a list, got the single text 'ari'"),
        ({"scores": []}, ValueError, "scores must name at least one score, got none"),
        ({"scores": ["ari", "arii"]}, ValueError, r"scores must be one of .*, got 'arii' \(did you mean 'ari'\?\)"),
        ({"groups": "slice"}, KeyError, "keys: 'X_guess': groups in obs: no 'slice'; there are"),
        ({"n_chance": -1}, ValueError, "n_chance must be a whole number of at least 0, got -1"),
    ],
)
def test_everything_is_checked_before_anything_is_computed(mdata, monkeypatch, arguments, error, message) -> None:
    mdata.obsm["X_nan"] = np.where(np.arange(N * 4).reshape(N, 4) == 7, np.nan, 1.0)
    mdata.obs["score"], mdata.obs["gaps"] = RNG.random(N), [None, *["a"] * (N - 1)]
    monkeypatch.setattr(_evaluate, "_rows", lambda *a: pytest.fail("computed"))
    with pytest.raises(error, match=message):
        tl.evaluate(mdata, **{"keys": ["X_guess", "guess"], **arguments})


def test_no_truth_is_an_error_that_names_the_key(mdata) -> None:
    with pytest.raises(KeyError, match="keys: 'X_guess': .*was not simulated by spsim"):
        tl.evaluate(sps.get.without_truth(mdata), ["X_guess"])


def test_progress_is_for_long_work_on_terminals_only(mdata, monkeypatch, capsys) -> None:
    tl.evaluate(mdata, ["X_guess"], n_chance=2)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(_evaluate, "PATIENCE", 0.0)
    tl.evaluate(mdata, ["X_guess"], n_chance=2)
    assert capsys.readouterr() == ("", ""), "not a terminal"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    tl.evaluate(mdata, ["X_guess"], n_chance=2)
    out, err = capsys.readouterr()
    assert out == "" and "evaluate" in err and "score" in err


@pytest.mark.parametrize("name", ["neighborhood_purity", "pairwise_distance_correlation"])
def test_rng_seeds_samples_and_draws(mdata, name) -> None:
    call = getattr(tl, name)
    options = {"n_sampled": 60, "n_chance": 3, "copy": True}
    plain, same, other = (call(mdata, "X_guess", **options, **seed) for seed in ({}, {"rng": 0}, {"rng": 1}))
    assert_frame_equal(plain, same)
    assert (plain["score"] != other["score"]).all() and (plain["chance"] != other["chance"]).all()


def test_a_generator_gives_one_seed_for_all_scores(mdata) -> None:
    first, again = (
        tl.evaluate(mdata, ["X_guess"], n_chance=3, rng=np.random.default_rng(5), copy=True) for _ in range(2)
    )
    assert_frame_equal(first, again)


def test_tables_under_any_name_stay_out_of_blind_copies(mdata, tmp_path) -> None:
    import mudata

    from spsim.slots import without_pulling

    tl.evaluate(mdata, ["guess"], n_chance=2, key_added="my scores")
    tl.factor_recovery(mdata, "X_guess", n_chance=2, key_added="mine")
    tl.domain_agreement(mdata["rna"], "own", n_chance=2)
    mdata.uns["mine too"] = mdata.uns["mine"]
    with without_pulling():
        mdata.write(tmp_path / "m.h5mu")
        mdata.write_zarr(tmp_path / "m.zarr")
        for one in (mdata, mudata.read(tmp_path / "m.h5mu"), mudata.read_zarr(tmp_path / "m.zarr")):
            blind = sps.get.without_truth(one)
            assert set(blind.uns) == {"mine too", "spsim_fingerprint"}
            assert set(blind["rna"].uns) == {"moranI", "spsim_fingerprint"}
