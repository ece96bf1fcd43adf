"""Label agreement against scikit-learn and plain loops, its ceiling, and changes that must not matter."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from oracles import metrics_labels as oracle
from spsim.metrics import domain_agreement, domain_ceiling

KEYS = {
    *("ari", "ami", "nmi", "homogeneity", "completeness", "v_measure", "fmi", "mi", "n"),
    *("pair_jaccard", "pair_f1", "matched_accuracy", "macro_f1"),
}


@pytest.fixture(params=[(3, 3), (2, 5), (5, 2), (4, 1)], ids=str)
def pair(request) -> tuple[np.ndarray, np.ndarray]:
    n_domains, n_clusters = request.param
    rng = np.random.default_rng(8)
    truth = rng.integers(n_domains, size=70)
    labels = np.where(rng.random(70) < 0.6, truth % n_clusters, rng.integers(n_clusters, size=70))
    for array in (labels, truth):
        array.flags.writeable = False
    return labels, truth


def test_agrees_with_scikit_learn(pair):
    labels, truth = pair
    scores = domain_agreement(labels, truth)
    assert set(scores) == KEYS
    expected = {
        "ari": sklearn_metrics.adjusted_rand_score(truth, labels),
        "ami": sklearn_metrics.adjusted_mutual_info_score(truth, labels, average_method="arithmetic"),
        "nmi": sklearn_metrics.normalized_mutual_info_score(truth, labels, average_method="arithmetic"),
        "homogeneity": sklearn_metrics.homogeneity_score(truth, labels),
        "completeness": sklearn_metrics.completeness_score(truth, labels),
        "v_measure": sklearn_metrics.v_measure_score(truth, labels),
        "fmi": sklearn_metrics.fowlkes_mallows_score(truth, labels),
        "mi": sklearn_metrics.mutual_info_score(truth, labels),
    }
    for name, value in expected.items():
        assert scores[name] == pytest.approx(value, abs=1e-12), name


def test_agrees_with_the_plain_loops(pair):
    labels, truth = (array.tolist() for array in pair)
    scores = domain_agreement(labels, truth)
    both, only_labels, only_truth = oracle.pair_counts(labels, truth)
    accuracy, macro_f1 = oracle.matched(labels, truth)
    assert scores["ari"] == pytest.approx(oracle.adjusted_rand(labels, truth), abs=1e-9)
    assert scores["mi"] == pytest.approx(oracle.mutual_information(labels, truth), abs=1e-9)
    assert scores["pair_jaccard"] == pytest.approx(both / (both + only_labels + only_truth), abs=1e-12)
    assert scores["pair_f1"] == pytest.approx(2 * both / (2 * both + only_labels + only_truth), abs=1e-12)
    assert scores["matched_accuracy"] == pytest.approx(accuracy, abs=1e-12)
    assert scores["macro_f1"] == pytest.approx(macro_f1, abs=1e-12)
    assert scores["n"] == 70


def test_row_order_and_names_do_not_matter(pair):
    labels, truth = pair
    scores = domain_agreement(labels, truth)
    rows = np.random.default_rng(9).permutation(len(truth))
    renamed = domain_agreement([f"cluster {9 - x}" for x in labels[rows]], [f"domain {9 - x}" for x in truth[rows]])
    assert renamed == pytest.approx(scores, abs=1e-12)


def test_truth_against_itself_is_perfect(pair):
    _, truth = pair
    scores = domain_agreement(truth, truth)
    entropy = scores.pop("mi")
    assert scores.pop("n") == 70
    assert scores == pytest.approx(dict.fromkeys(scores, 1), abs=1e-12)
    counts = np.bincount(truth) / 70
    assert entropy == pytest.approx(-(counts * np.log(counts)).sum())


def test_equal_accuracies_take_the_matching_with_the_higher_f1():
    # Cluster 0 shares 2 spots with either domain; domain "small" has only those two, so its F1 gains more.
    truth = ["small"] * 2 + ["large"] * 6
    labels = [0, 0, 0, 0, 1, 2, 3, 4]
    expected = (2 * 2 / (4 + 2) + 2 * 1 / (1 + 6)) / 2
    for rows in (range(8), range(7, -1, -1)):
        scores = domain_agreement([labels[i] for i in rows], [truth[i] for i in rows])
        assert scores["macro_f1"] == pytest.approx(expected)


def test_one_cluster_scores_as_scikit_learn_does():
    scores = domain_agreement(np.zeros(6, int), ["a"] * 3 + ["b"] * 3)
    assert (scores["ari"], scores["homogeneity"], scores["completeness"]) == (0, 0, 1)
    assert scores["matched_accuracy"] == 0.5


@pytest.mark.parametrize("labels", [[1, 1, 1], [1, 2, 2]])
def test_nothing_agrees_with_a_single_domain(labels):
    scores = domain_agreement(labels, ["a"] * 3)
    assert scores.pop("n") == 3 and np.isnan(list(scores.values())).all()
    several = domain_agreement([*labels, 3], ["a", "a", "a", "b"], foreground=[True, True, True, False])
    assert several.pop("n") == 3 and np.isnan(list(several.values())).all()


def test_singletons_agree_perfectly_in_pairs():
    scores = domain_agreement([1, 2, 3], ["a", "b", "c"])
    assert (scores["pair_jaccard"], scores["pair_f1"]) == (1, 1)


def test_foreground_scores_only_the_kept_spots(pair):
    labels, truth = pair
    kept = truth > 0 if truth.max() else np.arange(70) < 30
    assert domain_agreement(labels, truth, foreground=kept) == domain_agreement(labels[kept], truth[kept])
    assert domain_agreement(labels, truth, foreground=kept)["n"] == kept.sum()


def test_categoricals_and_objects_are_labels():
    import pandas as pd

    truth = pd.Categorical(["a", "b", "b", "background"])
    assert domain_agreement(pd.Series([1, 2, 2, 3], dtype="category"), truth)["ari"] == 1


@pytest.mark.parametrize("missing", [None, np.nan, "NA"])
def test_missing_labels_are_refused(missing):
    import pandas as pd

    labels = np.array(["a", pd.NA if missing == "NA" else missing, "b"], dtype=object)
    with pytest.raises(ValueError, match="labels must not be missing, got 1 missing of 3; drop those rows"):
        domain_agreement(labels, ["a", "b", "b"])


@pytest.mark.parametrize(
    ("labels", "truth", "options", "error", "message"),
    [
        ([1, 2], [1, 2, 3], {}, ValueError, "labels and truth must have the same number of rows, got 2 and 3"),
        ([], [], {}, ValueError, r"labels must be a non-empty vector of labels, got shape \(0,\)"),
        (np.eye(2), [1, 2], {}, ValueError, r"labels must be a non-empty vector of labels, got shape \(2, 2\)"),
        ([1, 2], [1, 2], {"foreground": [1, 0]}, TypeError, "foreground must be a boolean mask, got dtype int"),
        ([1, 2], [1, 2], {"foreground": [True]}, ValueError, r"foreground must have shape \(2,\), got \(1,\)"),
        ([1, 2], [1, 2], {"foreground": [False, False]}, ValueError, "foreground must keep at least one of the 2 rows"),
    ],
)
def test_bad_input_is_refused(labels, truth, options, error, message):
    with pytest.raises(error, match=message):
        domain_agreement(labels, truth, **options)


TRUTH = ["a"] * 5 + ["b"] * 4 + ["c"] * 3 + ["background"] * 8


@pytest.mark.parametrize(
    "visible", [{"a", "c"}, ["c", "a"], ("a", "c", "background"), iter(["a", "c"]), {"a": 0, "c": 1}]
)
def test_ceiling_merges_the_unseen_into_the_background(visible):
    merged = [label if label in ("a", "c") else "background" for label in TRUTH]
    assert domain_ceiling(TRUTH, visible, background="background") == domain_agreement(merged, TRUTH)


def test_ceiling_is_one_if_all_is_seen_and_bounds_every_coarser_view():
    everything = domain_ceiling(TRUTH, set(TRUTH), background="background")
    assert everything["ari"] == everything["matched_accuracy"] == 1
    order = [
        domain_ceiling(TRUTH, seen, background="background")["mi"] for seen in ({"a"}, {"a", "b"}, {"a", "b", "c"})
    ]
    assert order == sorted(order)


def test_ceiling_with_nothing_seen_is_one_cluster():
    nothing = domain_ceiling(TRUTH, set(), background="background")
    assert nothing == domain_agreement([0] * len(TRUTH), TRUTH)


def test_ceiling_of_a_truth_without_background_merges_the_unseen_with_each_other():
    truth = ["a", "a", "b", "c"]
    assert domain_ceiling(truth, {"a"}, background="background") == domain_agreement([0, 0, 1, 1], truth)


def test_ceiling_takes_the_foreground_too():
    kept = np.array([label != "background" for label in TRUTH])
    scores = domain_ceiling(TRUTH, {"a", "b"}, background="background", foreground=kept)
    assert (scores["ari"], scores["n"]) == (1, 12)


def test_ceiling_refuses_unknown_labels_and_single_strings():
    with pytest.raises(ValueError, match=r"visible must be one of 'a', 'b', 'c', 'background', .*got 'd'"):
        domain_ceiling(TRUTH, {"d"}, background="background")
    with pytest.raises(TypeError, match="visible must be an iterable of labels, got the single string 'abc'"):
        domain_ceiling(TRUTH, "abc", background="background")
