"""What is the same in all that is scored cannot be recovered: its scores are NaN, and a warning names it once."""

from __future__ import annotations

import re

import numpy as np
import pytest

import spsim as sps
from spsim import tl
from spsim.testing import assert_agrees, assert_recovers

RNG = np.random.default_rng(0)
N = 144


@pytest.fixture(scope="module")
def half():
    """The upper half of the tissue, in which two of four factors are the same everywhere, with the truth as estimate."""
    m = sps.datasets.multiomics(n_side=12)
    part = m[(m.obs.y < m.obs.y.median()).to_numpy()].copy()
    part.obsm["X"] = part.obsm["spatial_factors"]
    part.obs["labels"] = part.obs["domain"].astype(str)
    return part


def test_a_factor_that_is_constant_in_the_scored_spots_is_not_scored(half) -> None:
    constant = np.ptp(half.obsm["spatial_factors"], axis=0) == 0
    names = sps.get.factors(half).columns
    assert 0 < constant.sum() < 4
    expected = re.escape(f"the same value of {', '.join(map(repr, names[constant]))} at all {half.n_obs} scored spots")
    for call in (tl.factor_recovery, tl.variance_recovered):
        with pytest.warns(UserWarning, match=expected) as caught:
            table = call(half, "X", copy=True)
        assert len(caught) == 1 and caught[0].filename == __file__
        columns = ["score", "chance", "chance_p95", "ceiling"]
        assert table.loc[constant, columns].isna().all(axis=None) and table[columns].notna().loc[~constant].all(
            axis=None
        )
        np.testing.assert_allclose(table.loc[~constant, ["score", "ceiling"]], 1)
        assert table["score"].mean() == pytest.approx(1)
    with pytest.warns(UserWarning, match=expected):
        assert_recovers(half, "X", of_ceiling=0.9, at_least=0.99, above_chance=0.1)
    with pytest.warns(UserWarning, match=expected), pytest.raises(AssertionError, match="at_least=0.9 is missed by"):
        half.obsm["noise"] = RNG.normal(size=(half.n_obs, 4))
        assert_recovers(half, "noise", at_least=0.9)
    with pytest.warns(UserWarning, match=expected):
        angles = tl.subspace_angles(half, "X")
    np.testing.assert_allclose(angles[["score", "ceiling"]], 0, atol=1e-6)
    with pytest.warns(UserWarning, match=expected):
        kinds = tl.factor_kind(half, "X", kinds=["shared"] * 4)
    assert set(kinds.loc[names[constant], "status"]) == {"constant"}
    assert set(kinds.loc[names[~constant], "status"]) == {"matched"}


def test_evaluate_names_constant_factors_once(half) -> None:
    with pytest.warns(UserWarning) as caught:
        table = tl.evaluate(half, ["X", "labels"])
    named = [str(warning.message) for warning in caught if "there is nothing to recover" in str(warning.message)]
    assert len(named) == 1
    constant = sps.get.factors(half).columns[np.ptp(half.obsm["spatial_factors"], axis=0) == 0]
    undefined = table[table["value"].isna()]
    assert set(undefined["target"]) == set(constant) and set(undefined["score"]) == {
        "factor_recovery",
        "variance_recovered",
    }
    assert undefined[["ceiling", "chance"]].isna().all(axis=None)
    assert sps.pl.scores(half).axes[0].images[0].get_array().mask.any()


def test_nothing_is_recovered_where_all_is_constant() -> None:
    m = sps.datasets.multiomics(n_side=12)
    part = m[(m.obs["domain"] == "background").to_numpy()].copy()
    part.obsm["X"], part.obs["labels"] = RNG.normal(size=(part.n_obs, 3)), RNG.choice(list("ab"), part.n_obs)
    with pytest.warns(UserWarning, match="the same value of 'block_1', 'block_2', 'block_3', 'block_4' at all"):
        assert tl.factor_recovery(part, "X")["score"].isna().all()
    one = f"one domain, 'background', at all {part.n_obs} scored spots"
    with pytest.warns(UserWarning, match=one):
        agreement = tl.domain_agreement(part, "labels")
    assert agreement.drop(index="n")[["score", "ceiling", "chance"]].isna().all(axis=None)
    assert agreement.loc["n", "score"] == part.n_obs
    with pytest.warns(UserWarning, match=one):
        assert tl.neighborhood_purity(part, "X", n_neighbors=5)[["score", "chance"]].isna().all(axis=None)
    with pytest.warns(UserWarning), pytest.raises(ValueError, match="no true factor varies over the"):
        assert_recovers(part, "X", at_least=0.1)
    with (
        pytest.warns(UserWarning),
        pytest.raises(ValueError, match="are of one domain: there is nothing to agree with"),
    ):
        assert_agrees(part, "labels", at_least=0.1)


def test_programs_without_a_scored_feature_are_not_scored(whole) -> None:
    part = whole["rna"][:, whole["rna"].varm["spatial_loadings"][:, 1] == 0].copy()
    with pytest.warns(UserWarning, match="none or all of the .. scored features in the program of 'block_2'"):
        table = tl.loading_recovery(part, "X_spatial", loadings_key="W_spatial")
    assert table.loc["block_2", ["auroc", "average_precision", "precision_at_support"]].isna().all()
    assert not table.loc["block_2", "scored"] and table["auroc"].mean() == 1


def test_a_mask_of_one_kind_is_not_scored(whole) -> None:
    mask = sps.get.foreground_mask(whole["rna"])
    spot = mask.index[0]
    part = sps.get.without_truth(whole["rna"])[[spot], mask.columns[mask.loc[spot]]].copy()
    truth = whole["rna"][:, part.var_names]
    with pytest.warns(UserWarning, match="foreground at all of the .. scored entries"):
        scores = tl.foreground_detection(part, "p", truth=truth)["score"]
    assert np.isnan(scores["auroc"]) and scores["brier"] == 0
