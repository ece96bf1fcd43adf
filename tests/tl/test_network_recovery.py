"""Networks and responses on objects: programs matched by loadings, activities or names, missed ones, blind copies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spsim as sps
from hostile_values import EXTREME, FOREIGN, own_error
from spsim import metrics, tl
from spsim.slots import without_pulling

SCORES = {"network_recovery": "J", "response_recovery": "R"}


@pytest.fixture(scope="module")
def made():
    return sps.datasets.perturbseq(5, n_programs=6, n_cells=200, rng=1)


@pytest.fixture
def mdata(made):
    with without_pulling():
        return made.copy()


def estimated(mdata, order, signs) -> None:
    """The true programs in another order and turned around, as a method may return them."""
    rna, network, response = mdata["rna"], sps.get.table(mdata, "network"), sps.get.table(mdata, "response")
    rna.varm["W"] = mdata["rna"].varm["program_loadings"][:, order] * signs
    rna.obsm["X"] = mdata["rna"].obsm["program_factors"][:, order] * signs
    rna.uns["J"] = network.to_numpy()[np.ix_(order, order)] * signs[:, None] * signs
    rna.uns["R"] = response.to_numpy()[:, order] * signs


@pytest.mark.parametrize("by", [{"loadings_key": "rna:W"}, {"factors_key": "rna:X"}])
def test_programs_are_matched_with_their_signs(mdata, by) -> None:
    order, signs = np.array([3, 0, 5, 1, 2, 4]), np.array([1, -1, 1, -1, -1, 1])
    estimated(mdata, order, signs)
    network = tl.network_recovery(mdata, "rna:J", **by)
    assert np.allclose(network["score"], network["ceiling"], equal_nan=True) and (network["missed"] == 0).all()
    response = tl.response_recovery(mdata, "rna:R", **by)
    assert np.allclose(response["score"], 1) and (response["mean_effect"] < 1).all()
    programs = mdata.uns["rna:J_network_recovery_programs"]
    assert (
        programs["match"].tolist() == np.argsort(order).tolist()
        and programs["sign"].tolist() == signs[np.argsort(order)].tolist()
    )
    # Signs and order that are not told are wrong ones.
    for wrong in (np.arange(6), order):
        turned = 1 if wrong is order else signs
        mdata["rna"].obsm["X"] = mdata["rna"].obsm["program_factors"][:, wrong] * turned
        assert tl.response_recovery(mdata, "rna:R", factors_key="rna:X").loc["pearson", "score"] < 0.9


def test_programs_that_were_not_found_are_missed(mdata) -> None:
    order = np.array([0, 1, 2, 3])
    estimated(mdata, order, np.ones(4))
    table = tl.network_recovery(mdata, "rna:J", loadings_key="rna:W")
    assert (table["missed"] == 15 - 6).all() and (table["n"] == 15).all()
    network = sps.get.table(mdata, "network").to_numpy()
    match = np.array([0, 1, 2, 3, -1, -1])
    expected = metrics.network_recovery(network[:4, :4], network, match=match, n_draws=0).scores
    assert table["score"].to_dict() == pytest.approx(expected, nan_ok=True)
    assert table.loc["aupr_ratio", "score"] < table.loc["aupr_ratio", "ceiling"]
    response = tl.response_recovery(mdata, "rna:R", loadings_key="rna:W")
    assert response.loc["pearson", "score"] < 1


def test_names_of_true_programs_are_a_match(mdata) -> None:
    network, response = sps.get.table(mdata, "network"), sps.get.table(mdata, "response")
    shuffled = network.iloc[::-1, [2, 0, 1, 4, 3, 5]]
    mdata.uns["J"], mdata.uns["R"] = shuffled, response.iloc[[2, 0, 1, 3, 4], ::-1]
    table = tl.network_recovery(mdata, "J")
    assert np.allclose(table["score"], table["ceiling"], equal_nan=True)
    assert np.allclose(tl.response_recovery(mdata, "R")["score"], 1)
    mdata.uns["J"] = network.iloc[[5, 1, 3], [1, 3, 5]]
    some = tl.network_recovery(mdata, "J")
    match = np.array([-1, 0, -1, 1, -1, 2])
    expected = metrics.network_recovery(mdata.uns["J"].iloc[[1, 2, 0]], network, match=match, n_draws=0)
    assert some["score"].to_dict() == pytest.approx(expected.scores, nan_ok=True) and (some["missed"] == 12).all()
    mdata.uns["R"] = response.iloc[1:]
    assert tl.response_recovery(mdata, "R").loc["pearson", "score"] < 1


@pytest.mark.parametrize("name", SCORES)
def test_the_numbers_are_those_of_the_metrics(mdata, name) -> None:
    """Two of six programs were not found, and one is turned around: chance, its rank and its draws go with them."""
    order, signs = np.array([4, 0, 3, 1]), np.array([1, -1, 1, 1])
    estimated(mdata, order, signs)
    rng = np.random.default_rng(2)
    rna, key = mdata["rna"], SCORES[name]
    rna.uns[key] = rna.uns[key] + 0.3 * rng.normal(size=rna.uns[key].shape)
    true = sps.get.table(mdata, "network" if key == "J" else "response").to_numpy()
    match, sign = np.array([1, 3, -1, 2, 0, -1]), np.array([-1, 1, 1, 1, 1, 1])
    table = getattr(tl, name)(mdata, f"rna:{key}", loadings_key="rna:W", n_chance=7, rng=3)
    found = getattr(metrics, name)(rna.uns[key], true, match=match, sign=sign, n_draws=7, rng=3)
    assert table["score"].to_dict() == pytest.approx(found.scores, nan_ok=True)
    assert table["chance"].to_numpy() == pytest.approx(found.chance.mean, nan_ok=True)
    assert table["chance_p95"].to_numpy() == pytest.approx(found.chance.p95, nan_ok=True)
    programs = mdata.uns[f"rna:{key}_{name}_programs"]
    assert programs["match"].tolist() == match.tolist() and (programs["correlation"].iloc[[0, 1, 3, 4]] > 0.99).all()
    if key == "R":
        assert programs["pearson"].to_numpy() == pytest.approx(found.per_program) and (table["n"] == 5).all()
        assert table["mean_effect"].to_dict() == pytest.approx(found.mean_effect)
    else:
        assert table["edges"].to_dict() == found.edges and (table["missed"] == found.n_missed).all()
        assert table["ceiling"].to_dict() == pytest.approx(found.ceiling, nan_ok=True)


def test_a_perturbation_without_a_row_has_no_response(mdata) -> None:
    response = sps.get.table(mdata, "response")
    mdata.uns["R"] = response.iloc[[3, 1, 2]]
    true, lacking = response.to_numpy(), response.to_numpy().copy()
    lacking[[0, 4]] = 0
    expected = metrics.response_recovery(lacking, true, n_draws=0).scores
    assert tl.response_recovery(mdata, "R", n_chance=0)["score"].to_dict() == pytest.approx(expected)


def test_programs_may_be_a_block_of_another_name() -> None:
    factors = {"regulon": sps.factors.SpinPrograms(4), "program": sps.factors.CellCycle()}
    rna = {"name": "rna", "n_nonspatial": 30, "loadings": {"regulon": sps.factors.Graded()}}
    mdata = sps.simulate(sps.Scenario([rna], pattern=None, design=sps.designs.Dissociated(60), factors=factors), rng=1)
    mdata.uns["J"] = sps.get.table(mdata, "network").to_numpy()
    table = tl.network_recovery(mdata, "J", factors_key="regulon_factors", block="regulon")
    assert table.loc["aupr_ratio", "score"] == table.loc["aupr_ratio", "ceiling"]


def test_chance_is_one_and_random_networks_score_there(mdata) -> None:
    rng, scores = np.random.default_rng(0), []
    for _ in range(60):
        noise = rng.normal(size=(6, 6))
        mdata.uns["J"] = pd.DataFrame(noise + noise.T, *[list(sps.get.table(mdata, "network"))] * 2)
        scores.append(tl.network_recovery(mdata, "J", n_chance=20, copy=True)[["score", "chance"]].to_numpy())
    found, chance = np.nanmean(scores, axis=0).T
    assert np.allclose(found, chance, rtol=0.35)


def test_blind_copies_are_scored_against_the_object(mdata) -> None:
    estimated(mdata, np.arange(6), np.ones(6))
    blind = sps.get.without_truth(mdata)
    for part in (blind, blind["rna"]):
        key = "" if part is blind["rna"] else "rna:"
        blind["rna"].obsm["X"] = mdata["rna"].obsm["X"]
        for name, own in SCORES.items():
            blind["rna"].uns[own] = mdata["rna"].uns[own]
            score = getattr(tl, name)
            table = score(part, key + own, factors_key=f"{key}X", truth=mdata)
            assert table["score"].iloc[0] == pytest.approx(table["ceiling"].iloc[0])
            assert f"{key}{own}_{name}" in part.uns
    assert set(sps.get.without_truth(mdata)["rna"].uns) >= {"J", "R"}


@pytest.mark.parametrize(
    ("name", "value", "options", "message"),
    [
        ("network_recovery", np.ones((6, 6)), {}, "loadings_key .* or factors_key .* must say which program is which"),
        ("network_recovery", np.ones((5, 5)), {"factors_key": "program_factors"}, "one column per estimated program"),
        ("network_recovery", np.ones((5, 6)), {"factors_key": "program_factors"}, "estimate must be square"),
        ("network_recovery", np.ones(6), {"factors_key": "program_factors"}, "must be a table or a matrix"),
        (
            "network_recovery",
            np.ones((6, 6)),
            {"factors_key": "program_factors", "loadings_key": "W"},
            "by loadings_key or by factors_key, not by both",
        ),
        ("network_recovery", pd.DataFrame(np.ones((2, 2)), list("ab"), list("ac")), {}, "must have the names of true"),
        ("response_recovery", np.ones((4, 6)), {"factors_key": "program_factors"}, "one row for each of 'target_1'"),
        (
            "response_recovery",
            pd.DataFrame(np.ones((1, 6)), ["control"]),
            {"factors_key": "program_factors"},
            "leave the control out",
        ),
    ],
)
def test_what_does_not_fit_is_refused(mdata, name, value, options, message) -> None:
    mdata.uns["E"] = value
    with pytest.raises(ValueError, match=message):
        getattr(tl, name)(mdata, "E", **options)


@pytest.mark.parametrize("name", SCORES)
def test_without_truth_it_is_said(mdata, name) -> None:
    plain = sps.datasets.quilt(6, n_spatial=4)
    plain.uns["E"] = np.ones((4, 4))
    with pytest.raises(KeyError, match="no 'network'|no 'response'"):
        getattr(tl, name)(plain, "E", factors_key="spatial_factors", block="spatial")


TAKEN = {
    "key_added": {"None", "text"},
    "copy": {"True"},
    "rng": {"None", "number", "array", "tuple", "0", "2**31", "2**63", "10**29", "10**400"},
    "n_chance": {"number", "0"},
}


@pytest.mark.parametrize("name", SCORES)
@pytest.mark.parametrize("option", TAKEN)
def test_what_is_no_option_is_refused(mdata, name, option) -> None:
    estimated(mdata, np.arange(6), np.ones(6))
    for label, value in {**FOREIGN, **EXTREME}.items():
        if option == "n_chance" and label == "2**31":
            continue
        few = {} if option == "n_chance" else {"n_chance": 0 if option == "rng" else 2}
        call = {**few, "factors_key": "rna:X", option: value}
        text = own_error(lambda call=call: getattr(tl, name)(mdata, f"rna:{SCORES[name]}", **call))
        assert (text is None) == (label in TAKEN[option]), label
        assert text is None or f"{option} must" in text, text


def test_modules_and_groups_are_labels(made) -> None:
    """As docs/scores.md says: the truth is 1, labels that are dealt out are 0 in the mean, one group is 0."""
    noise = np.random.default_rng(0)
    for name, column in (("network_modules", "module"), ("response_groups", "group")):
        labels = sps.get.table(made, name)[column].astype(str)
        assert (
            labels.index.tolist() == sps.get.table(made, "response" if column == "group" else "network").index.tolist()
        )
        assert metrics.domain_agreement(labels, labels)["ari"] == 1
        drawn = [metrics.domain_agreement(noise.permutation(labels), labels.to_numpy())["ari"] for _ in range(300)]
        # The adjusted Rand index has mean 0 over permutations; 4 standard errors fail once in 16,000.
        assert abs(np.mean(drawn)) < 4 * np.std(drawn) / np.sqrt(300)
        assert metrics.domain_agreement(["one"] * len(labels), labels.to_numpy())["ari"] == 0
