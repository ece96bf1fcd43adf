"""Differences of composition: plain loops, names that do not matter, clusters that are missing, and chance."""

from __future__ import annotations

import numpy as np
import pytest

from oracles import metrics_slices as oracle
from spsim import metrics

random = np.random.default_rng(2)
SAMPLES = np.repeat(np.arange(8), 80)
CONDITIONS = np.array(["control", "low", "high"])[np.array([0, 0, 0, 1, 1, 1, 2, 2])][SAMPLES]
SHARES = {"control": [0.4, 0.4, 0.2], "low": [0.3, 0.4, 0.3], "high": [0.1, 0.3, 0.6]}
TRUTH = np.array([random.choice(list("abc"), p=SHARES[c]) for c in CONDITIONS])
NOISY = np.where(random.random(640) < 0.3, random.choice(list("xyzw"), 640), np.char.upper(TRUTH))
CALL = {"truth": TRUTH, "samples": SAMPLES, "conditions": CONDITIONS}


@pytest.mark.parametrize("reference", ["control", "low"])
@pytest.mark.parametrize("labels", [NOISY, np.where(TRUTH == "c", "b", TRUTH)], ids=["more", "fewer"])
def test_agrees_with_the_plain_loops(labels, reference) -> None:
    result = metrics.abundance_recovery(labels, **CALL, reference=reference, n_draws=0)
    plain = SAMPLES.tolist(), CONDITIONS.tolist(), list(dict.fromkeys(TRUTH.tolist())), reference
    named = oracle.clusters_as_names(labels.tolist(), TRUTH.tolist())
    true, found = oracle.folds(TRUTH.tolist(), *plain), oracle.folds(named, *plain)
    for row, name in enumerate(result.names):
        for column, contrast in enumerate(result.contrasts):
            assert result.truth[row, column] == pytest.approx(true[name, contrast], abs=1e-12)
            expected = found[name, contrast] if name in named else 0.0
            assert result.estimate[row, column] == pytest.approx(expected, abs=1e-12)
    assert result.matched.tolist() == [name in named for name in result.names]
    assert result.scores["rmse"] == pytest.approx(np.sqrt(np.mean((result.estimate - result.truth) ** 2)))
    assert result.scores["pearson"] == pytest.approx(np.corrcoef(result.estimate.ravel(), result.truth.ravel())[0, 1])
    assert result.chance == {} and result.n == 8


def test_the_truth_under_other_names_is_perfect() -> None:
    result = metrics.abundance_recovery(np.char.add("cluster ", TRUTH), **CALL)
    assert result.scores == {"rmse": 0.0, "pearson": pytest.approx(1)}
    assert result.chance["rmse"] > 0.5 and abs(result.chance["pearson"]) < 0.5


def test_samples_that_were_mixed_up_score_at_chance() -> None:
    """Compositions of other samples: what the conditions, dealt out anew, say."""
    samples = [np.flatnonzero(SAMPLES == s) for s in range(8)]
    found = []
    for seed in range(150):
        order = np.random.default_rng(seed).permutation(8)
        mixed = np.concatenate([TRUTH[samples[s]] for s in order])
        # Names stay those of the truth, which most spots no longer share: the assignment must not choose anew.
        result = metrics.abundance_recovery(mixed, mixed, SAMPLES, CONDITIONS, n_draws=0)
        found.append(np.sqrt(np.mean((result.truth[np.argsort(result.names)] - true_folds()) ** 2)))
    chance = metrics.abundance_recovery(TRUTH, **CALL, n_draws=400).chance["rmse"]
    assert abs(np.mean(found) - chance) < 5 * np.std(found) / np.sqrt(150)


def true_folds() -> np.ndarray:
    result = metrics.abundance_recovery(TRUTH, **CALL, n_draws=0)
    return result.truth[np.argsort(result.names)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"conditions": ["a"] * 640}, "conditions must be at least 2, got 'a' only"),
        (
            {"conditions": np.arange(640) % 2},
            "conditions must be one for all spots of a sample, got several in 0, 1, 2",
        ),
        ({"reference": "contol"}, "reference must be one of 'control', 'low', 'high', got 'contol' .did you mean"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, message) -> None:
    with pytest.raises(ValueError, match=message):
        metrics.abundance_recovery(NOISY, **CALL | change)
