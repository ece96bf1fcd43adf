"""Neighbourhood overlap and purity against plain loops and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import kneighbors_graph

from oracles import metrics_space as oracle
from spsim.metrics import neighborhood_jaccard, neighborhood_purity


@pytest.fixture(params=[2, 20])
def spaces(request) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(25)
    labels = rng.integers(3, size=80)
    embedding = np.eye(3, request.param)[labels] + 0.5 * rng.normal(size=(80, request.param))
    reference = embedding[:, :2] + rng.normal(size=(80, 2))
    for array in (embedding, reference, labels):
        array.flags.writeable = False
    return embedding, reference, labels


@pytest.mark.parametrize("k", [1, 7])
def test_agree_with_the_plain_loops(spaces, k):
    embedding, reference, labels = (array.tolist() for array in spaces)
    jaccard, purity = oracle.jaccard(embedding, reference, k), oracle.purity(embedding, labels, k)
    assert neighborhood_jaccard(embedding, reference, n_neighbors=k) == pytest.approx(jaccard, abs=1e-12)
    assert neighborhood_purity(embedding, labels, n_neighbors=k) == pytest.approx(purity, abs=1e-12)


def test_the_default_is_fifty_with_the_spot_itself(spaces):
    embedding, reference, _ = spaces
    first, second = (kneighbors_graph(x, 50, include_self=True).toarray() - np.eye(80) for x in (embedding, reference))
    expected = np.mean((first * second).sum(axis=1) / np.maximum(first, second).sum(axis=1))
    assert neighborhood_jaccard(embedding, reference) == pytest.approx(expected, abs=1e-12)


def test_rotation_shift_scale_and_row_order_do_not_matter(spaces):
    embedding, reference, labels = spaces
    rng = np.random.default_rng(26)
    rows, turn = rng.permutation(80), np.linalg.qr(rng.normal(size=(embedding.shape[1],) * 2))[0]
    changed = 1e4 + 7 * embedding[rows] @ turn
    assert neighborhood_jaccard(changed, reference[rows], n_neighbors=9) == pytest.approx(
        neighborhood_jaccard(embedding, reference, n_neighbors=9), abs=1e-12
    )
    assert neighborhood_purity(changed, labels[rows], n_neighbors=9) == pytest.approx(
        neighborhood_purity(embedding, labels, n_neighbors=9), abs=1e-12
    )


def test_a_space_agrees_with_itself_and_the_overlap_is_symmetric(spaces):
    embedding, reference, _ = spaces
    assert neighborhood_jaccard(embedding, embedding, n_neighbors=12) == 1
    there, back = (
        neighborhood_jaccard(*pair, n_neighbors=12) for pair in ((embedding, reference), (reference, embedding))
    )
    assert there == pytest.approx(back, abs=1e-12)


def test_equal_rows_are_neighbours():
    embedding = np.repeat([[0.0], [1.0], [2.0]], 3, axis=0)
    assert neighborhood_jaccard(embedding, embedding + 5, n_neighbors=2) == 1
    assert neighborhood_purity(embedding, np.repeat(["a", "b", "c"], 3), n_neighbors=2) == 1


def test_a_sample_is_seeded_and_near_the_whole(spaces):
    embedding, reference, labels = spaces
    whole = neighborhood_jaccard(embedding, reference, n_neighbors=10)
    sample = neighborhood_jaccard(embedding, reference, n_neighbors=10, n_sampled=40, rng=1)
    assert sample == neighborhood_jaccard(embedding, reference, n_neighbors=10, n_sampled=40, rng=1)
    assert sample != neighborhood_jaccard(embedding, reference, n_neighbors=10, n_sampled=40, rng=2)
    assert whole != sample == pytest.approx(whole, abs=0.1)
    assert neighborhood_jaccard(embedding, reference, n_neighbors=10, n_sampled=99) == whole
    whole = neighborhood_purity(embedding, labels, n_neighbors=10)
    part, other = (neighborhood_purity(embedding, labels, n_neighbors=10, n_sampled=40, rng=seed) for seed in (1, 2))
    assert part == neighborhood_purity(embedding, labels, n_neighbors=10, n_sampled=40, rng=1)
    assert whole != part != other and part == pytest.approx(whole, abs=0.1)


def test_purity_of_the_foreground_counts_its_spots_only(spaces):
    embedding, _, labels = spaces
    kept = labels > 0
    inside = neighborhood_purity(embedding, labels, n_neighbors=5, foreground=kept)
    outside = neighborhood_purity(embedding, labels, n_neighbors=5, foreground=~kept)
    whole = neighborhood_purity(embedding, labels, n_neighbors=5)
    assert inside * kept.mean() + outside * (1 - kept.mean()) == pytest.approx(whole)


def test_bad_input_is_refused(spaces):
    embedding, reference, labels = spaces
    with pytest.raises(ValueError, match="embedding and reference must have the same number of rows, got 79 and 80"):
        neighborhood_jaccard(embedding[1:], reference)
    with pytest.raises(ValueError, match="embedding and labels must have the same number of rows, got 80 and 79"):
        neighborhood_purity(embedding, labels[1:])
    with pytest.raises(ValueError, match="n_neighbors must be below the number of spots, 80, got 80"):
        neighborhood_jaccard(embedding, reference, n_neighbors=80)
    with pytest.raises(ValueError, match="reference must be finite"):
        neighborhood_jaccard(embedding, reference * np.inf)
