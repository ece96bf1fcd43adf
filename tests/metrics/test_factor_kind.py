"""Shared and private factors from energies, and the score of their labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import confusion_matrix, f1_score

from spsim.metrics import energy_kinds, factor_kind


def design() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    rng = np.random.default_rng(50)
    factors = rng.gamma(1, size=(40, 4))
    rna, protein = rng.gamma(2, size=(100, 4)), rng.gamma(2, size=(10, 4))
    rna[:, [2, 3]] = protein[:, [1, 3]] = 0
    return factors, {"rna": rna, "protein": protein}


KINDS = ["shared", "private_rna", "private_protein", "background"]


def test_kinds_of_true_factors_follow_their_loadings():
    assert energy_kinds(*design(), threshold=0) == KINDS


def test_number_of_features_and_scale_of_a_modality_do_not_decide():
    factors, loadings = design()
    loadings["rna"] = 1000 * np.tile(loadings["rna"], (5, 1))
    assert energy_kinds(factors, loadings) == KINDS


def test_scale_that_moves_between_factor_and_loadings_does_not_decide():
    factors, loadings = design()
    scale = np.array([0.01, 7, 100, 1])
    assert energy_kinds(factors * scale, {m: w / scale for m, w in loadings.items()}) == KINDS


def test_the_threshold_separates_a_trace_from_a_share():
    # Two factors, energies 1:1 in a and 99:1 in b; shares of factor 1 are 0.5/0.51 and 0.01/0.51.
    factors, loadings = np.array([[1.0, 0], [0, 1], [0, 0]]), {"a": [[1.0, 1]], "b": [[np.sqrt(99), 1]]}
    assert energy_kinds(factors, loadings, threshold=0.019)[1] == "shared"
    assert energy_kinds(factors, loadings, threshold=0.02)[1] == "private_a"


def test_three_modalities_name_the_ones_that_share():
    factors = np.arange(6.0).reshape(3, 2) ** 2
    kinds = energy_kinds(factors, {"a": [[1, 1]], "b": [[1, 0]], "c": [[1, 1]]})
    assert kinds == ["shared", "shared_a_c"]


def test_a_constant_component_is_background():
    assert energy_kinds(np.column_stack([np.ones(4), np.arange(4)]), {"a": [[5, 1]]}) == ["background", "shared"]


def test_score_agrees_with_scikit_learn():
    rng = np.random.default_rng(51)
    truth, kinds = rng.choice(KINDS[:3], size=12).tolist(), rng.choice(KINDS, size=15).tolist()
    match = np.r_[rng.permutation(15)[:9], [-1] * 3]
    result = factor_kind(kinds, truth, match=match)
    assert result == factor_kind(pd.Series(kinds, index=range(14, -1, -1)), pd.Series(truth), match=match)
    found, true = [kinds[c] for c in match[:9]], truth[:9]
    counts = confusion_matrix(true, found, labels=KINDS)
    for i, own in enumerate(KINDS):
        for j, other in enumerate(KINDS):
            assert result["confusion"].get(own, {}).get(other, 0) == counts[i, j]
    assert result["accuracy"] == pytest.approx(np.mean([a == b for a, b in zip(true, found, strict=True)]))
    expected = f1_score(true, found, labels=sorted(set(true)), average="macro", zero_division=0)
    assert result["macro_f1"] == pytest.approx(expected)
    assert (result["n"], sum(result["lost"].values())) == (9, 3)
    left = [kinds[c] for c in range(15) if c not in match and kinds[c] != "background"]
    assert sum(result["spurious"].values()) == len(left)


def test_perfect_kinds_score_one_in_any_order():
    result = factor_kind(KINDS[::-1], KINDS, match=[3, 2, 1, 0])
    assert (result["accuracy"], result["macro_f1"], result["spurious"], result["lost"]) == (1, 1, {}, {})


def test_no_match_scores_zero():
    result = factor_kind(["background"], ["shared", "shared"], match=[-1, -1])
    assert (result["accuracy"], result["macro_f1"], result["n"], result["lost"]) == (0, 0, 0, {"shared": 2})
    assert result["spurious"] == {}


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="match must hold 2 whole numbers from -1 to 0, got"):
        factor_kind(["shared"], ["shared", "shared"], match=[0, 1])
    with pytest.raises(ValueError, match="kinds must be a non-empty vector of labels"):
        factor_kind([], ["shared"], match=[-1])
    factors, loadings = design()
    with pytest.raises(ValueError, match="threshold must be a probability"):
        energy_kinds(factors, loadings, threshold=2)
    with pytest.raises(ValueError, match="loadings must name at least one modality, got none"):
        energy_kinds(factors, {})
    with pytest.raises(ValueError, match="factors and rna must have the same number of columns, got 4 and 3"):
        energy_kinds(factors, {"rna": loadings["rna"][:, :3]})
