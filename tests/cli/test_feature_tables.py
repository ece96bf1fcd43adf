"""Tables of features: the numbers are those of tl, whatever a tool calls its columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import spsim as sps
from score_runs import refused, scores


@pytest.fixture
def rna(mdata):
    return mdata["rna"]


def detection(rna, ranking: pd.DataFrame, **columns: str) -> pd.Series:
    own = rna.copy()
    own.uns["t"] = ranking
    return sps.tl.svg_detection(own, "t", copy=True, **columns)["score"]


def test_tables_of_spatially_variable_features(tmp_path, truth, rna) -> None:
    """The numbers are those of tl; columns are known by the names that tools give them."""
    rng = np.random.default_rng(1)
    p_values = pd.Series(rng.random(40) ** np.where(rna.var["kind"] == "spatial", 6, 1), rna.var_names)
    frames = {
        "squidpy": pd.DataFrame({"I": -np.log(p_values), "pval_norm": p_values, "pval_sim": 0.5}),
        "geary": pd.DataFrame({"C": p_values, "pval_norm": p_values}),
        "sepal": pd.DataFrame({"sepal_score": -np.log(p_values)}),
        "spark_x": pd.DataFrame({"combinedPval": p_values, "adjustedPval": 1.0}),
        "nnsvg": pd.DataFrame({"LR_stat": -np.log(p_values), "rank": 1, "pval": p_values, "padj": 1.0}),
        "spatialde": pd.DataFrame({"FSV": 0.5, "pval": p_values, "qval": 1.0}),
    }
    for name, frame in frames.items():
        frame.sample(frac=1, random_state=0).to_csv(tmp_path / f"{name}.csv")
        table = scores(truth, tmp_path / f"{name}.csv").set_index("score")["value"]
        has_p_values = name != "sepal"
        ranking = pd.DataFrame({"I": -np.log(p_values)} | ({"pval_norm": p_values} if has_p_values else {}))
        expected = detection(rna, ranking)
        assert list(table.index) == [
            "auroc",
            "average_precision",
            "precision_at_count",
            *(["tpr", "fdr"] * has_p_values),
        ]
        assert np.allclose(table, expected[table.index]) and table["auroc"] > 0.7


def test_columns_of_a_table_of_features_can_be_named(tmp_path, truth, rna) -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"pval": rng.random(40), "mine": rng.random(40), "p": rng.random(40)}, rna.var_names)
    frame.to_csv(tmp_path / "s.csv")
    found = scores(truth, tmp_path / "s.csv", "--score-column", "mine").set_index("score")["value"]
    assert found["auroc"] == detection(rna, frame, score_column="mine")["auroc"] and "tpr" not in found
    options = ("--score-column", "mine", "--p-value-column", "p")
    found = scores(truth, tmp_path / "s.csv", *options).set_index("score")["value"]
    expected = detection(rna, frame, score_column="mine", p_value_column="p")
    assert np.allclose(found, expected[found.index]) and "tpr" in found
    refused(truth, tmp_path / "s.csv", "--score-column: no 'other'; there are", options=("--score-column", "other"))


@pytest.mark.parametrize("words", [("True", "False"), ("TRUE", "FALSE"), ("1", "0"), ("T", "F")])
def test_calls_rank_two_groups(tmp_path, truth, rna, words) -> None:
    calls = pd.Series(np.where(rna.var["kind"] == "spatial", *words), rna.var_names, name="is_svg")
    calls.to_csv(tmp_path / "c.csv")
    found = scores(truth, tmp_path / "c.csv").set_index("score")["value"]
    assert found["auroc"] == found["precision_at_count"] == 1.0


def test_features_that_a_table_lacks_are_untested(tmp_path, truth, rna) -> None:
    """Half of the spatial features rank last: as on the whole object."""
    scores_ = pd.Series((rna.var["kind"] == "spatial").to_numpy() + 1.0, rna.var_names, name="I").iloc[10:]
    scores_.to_csv(tmp_path / "s.csv")
    table = scores(truth, tmp_path / "s.csv")
    assert table.set_index("score")["value"]["precision_at_count"] == 0.5 and set(table["n"]) == {40}


def test_a_feature_that_was_not_tested_may_have_no_p_value(tmp_path, truth, rna) -> None:
    p_values = pd.Series(np.where(rna.var["kind"] == "spatial", 1e-9, 0.9), rna.var_names, name="pval").astype(object)
    p_values.iloc[0] = "NA"
    p_values.to_csv(tmp_path / "s.csv")
    assert scores(truth, tmp_path / "s.csv").set_index("score")["value"]["tpr"] == 0.95


def test_loadings(tmp_path, truth, mdata) -> None:
    loadings = sps.get.loadings(mdata["rna"])
    loadings.iloc[::-1, ::-1].to_csv(tmp_path / "w.csv")
    table = scores(truth, tmp_path / "w.csv", "--modality", "rna")
    assert set(table["target"]) == {"loadings"} and (table["value"] == 1).all()
    rng = np.random.default_rng(0)
    guess = loadings + 3 * rng.random(loadings.shape)
    guess.set_axis(range(4), axis=1).to_csv(tmp_path / "g.csv")
    own = mdata["rna"].copy()
    own.varm["g"] = guess.to_numpy()
    expected = sps.tl.loadings_clustering(own, "g", copy=True)["score"]
    assert np.allclose(scores(truth, tmp_path / "g.csv").set_index("score")["value"], expected)
