"""Mixing of slices within domains: plain loops, what is perfect, what is apart, and LISI and kBET where they are installed."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from oracles import metrics_slices as oracle
from spsim import metrics

random = np.random.default_rng(5)
# Unequal slices; "c" is in slice t only.
SLICES = np.repeat(list("stu"), [60, 90, 50])
DOMAINS = np.where(random.random(200) < 0.4, "a", "b").astype("<U1")
DOMAINS[60:85] = "c"
ONE_HOT = (DOMAINS[:, None] == np.array(list("abc"))).astype(float)
APART = np.column_stack([ONE_HOT, 50.0 * (SLICES[:, None] == np.array(list("stu")))])
for array in (SLICES, DOMAINS, ONE_HOT, APART):
    array.flags.writeable = False


@pytest.mark.parametrize("n_columns", [2, 9])
def test_agrees_with_the_plain_loops(n_columns) -> None:
    embedding = np.random.default_rng(n_columns).normal(size=(200, n_columns)) + 2 * (SLICES == "t")[:, None]
    result = metrics.slice_mixing(embedding, SLICES, DOMAINS, n_neighbors=7)
    plain = embedding.tolist(), SLICES.tolist(), DOMAINS.tolist()
    for d, name in enumerate(result.names):
        score = (oracle.separation if name == "c" else oracle.mixing)(*plain, name, 7)
        assert result.score[d] == pytest.approx(score, abs=1e-9)
    assert dict(zip(result.names, result.n_slices, strict=True)) == {"a": 3, "b": 3, "c": 1}
    assert result.n.sum() == 200 and (result.n_neighbors == 7).all()


def test_the_true_domains_score_at_the_ceiling() -> None:
    """All spots of a domain at one place: the neighbours among them are drawn, and dealt-out slices mix."""
    draws = [metrics.slice_mixing(ONE_HOT, SLICES, DOMAINS, n_neighbors=10, rng=seed) for seed in range(40)]
    scores = np.array([[draw.shared, *draw.score] for draw in draws])
    of_chance = scores.std(axis=0) / np.sqrt(len(draws))
    assert (np.abs(scores.mean(axis=0) - 1) <= 4 * of_chance + 1e-12).all()
    np.testing.assert_array_equal(draws[0].ceiling, 1)


def test_slices_that_lie_apart_score_at_the_chance() -> None:
    result = metrics.slice_mixing(APART, SLICES, DOMAINS, n_neighbors=10)
    several = result.n_slices > 1
    np.testing.assert_allclose(result.score[several], result.chance[several], atol=1e-12)
    assert result.shared == pytest.approx(result.shared_chance, abs=1e-12) and result.shared < 0.02
    # Of a domain that one slice has, an unrelated embedding tells nothing.
    alone = [
        metrics.slice_mixing(np.random.default_rng(s).normal(size=(200, 3)), SLICES, DOMAINS, n_neighbors=10)
        for s in range(30)
    ]
    scores = np.array([own.score[~several][0] for own in alone])
    assert abs(scores.mean() - alone[0].chance[~several][0]) < 4 * scores.std() / np.sqrt(30)


def test_a_small_domain_of_one_slice_has_its_ceiling() -> None:
    slices, domains = np.repeat(list("st"), 20), np.repeat(list("aab"), [20, 19, 1])
    result = metrics.slice_mixing((domains == "b")[:, None], slices, domains, n_neighbors=9)
    row = result.names.index("b")
    assert result.n_neighbors[row] == 1
    # Its one spot has no other of its domain: any of 39 may be nearest, 19 of them of its slice.
    assert result.ceiling[row] == pytest.approx(19 / 39) and result.chance[row] == pytest.approx(19 / 39)


def test_partly_mixed_lies_between() -> None:
    shift = [metrics.slice_mixing(ONE_HOT + s * APART[:, 3:] / 50 + noise(), SLICES, DOMAINS).shared for s in (0, 1, 9)]
    assert shift[0] > shift[1] > shift[2]


def noise() -> np.ndarray:
    return np.random.default_rng(3).normal(0, 0.4, ONE_HOT.shape)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slices": ["s"] * 200}, "slices must be at least 2, got 's' only"),
        ({"domains": SLICES}, "domains must be shared by slices, got 's', 't', 'u', each in one slice only"),
        ({"n_neighbors": 0}, "n_neighbors must be a whole number of at least 1"),
    ],
)
def test_what_cannot_mix_is_refused(change, message) -> None:
    arguments = {"embedding": ONE_HOT, "slices": SLICES, "domains": DOMAINS}
    with pytest.raises(ValueError, match=message):
        metrics.slice_mixing(**arguments | change)


@pytest.mark.parametrize("measure", [metrics.slice_lisi, metrics.slice_kbet])
def test_without_the_library_it_says_what_to_install(measure, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "scib_metrics", None)
    with pytest.raises(ImportError, match=r'pip install "spsim-omics\[integration\]"'):
        measure(ONE_HOT, SLICES, DOMAINS)


@pytest.mark.slow
@pytest.mark.parametrize("measure", [metrics.slice_lisi, metrics.slice_kbet])
def test_lisi_and_kbet_of_scib_metrics(measure) -> None:
    pytest.importorskip("scib_metrics")
    perfect, apart = (measure(array, SLICES, DOMAINS, n_neighbors=12) for array in (ONE_HOT, APART))
    several = perfect.n_slices > 1
    assert np.isnan(perfect.score[~several]).all()
    np.testing.assert_allclose(perfect.score[several], perfect.ceiling[several], atol=0.15)
    np.testing.assert_allclose(apart.score[several], apart.chance[several], atol=1e-6)
    assert perfect.shared > 0.3 > 0.02 > apart.shared


@pytest.mark.slow
def test_lisi_of_one_domain_is_the_librarys_own() -> None:
    scib = pytest.importorskip("scib_metrics")
    points = np.random.default_rng(1).normal(size=(80, 3))
    slices = np.repeat(list("st"), 40)
    result = metrics.slice_lisi(points, slices, ["a"] * 80, n_neighbors=29)
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    order = np.argsort(distances, axis=1)[:, :30]
    near = scib.nearest_neighbors.NeighborsResults(indices=order, distances=np.take_along_axis(distances, order, 1))
    assert result.shared == pytest.approx(float(scib.ilisi_knn(near, slices)), abs=1e-3)
