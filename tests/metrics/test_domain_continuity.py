"""CHAOS, PAS, Moran and Geary of labels against plain loops, scikit-learn, scanpy and squidpy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from oracles import metrics_space as oracle
from spsim.metrics import chaos, domain_continuity, label_autocorrelation, lattice_graph, pas

GRID = np.indices((8, 9)).reshape(2, -1).T * [1.0, 1.0]
TRUTH = np.repeat(["a", "b", "c"], 24)
GRID.flags.writeable = TRUTH.flags.writeable = False


def noisy(share: float, seed: int = 27) -> np.ndarray:
    rng = np.random.default_rng(seed)
    labels = np.where(rng.random(72) < share, rng.choice(["a", "b", "d"], size=72), TRUTH)
    labels[:2] = "pair"  # a cluster of two, which CHAOS leaves out
    return labels


@pytest.mark.parametrize("points", [GRID, np.random.default_rng(28).normal(size=(72, 3)) * [1, 9, 0]])
@pytest.mark.parametrize("share", [0, 0.4])
def test_chaos_and_pas_agree_with_the_plain_loops(points, share):
    labels = noisy(share)
    assert chaos(labels, points) == pytest.approx(oracle.chaos(labels.tolist(), points.tolist()), abs=1e-9)
    assert pas(labels, points) == pytest.approx(oracle.pas(labels.tolist(), points.tolist(), 10), abs=1e-12)
    assert pas(labels, points, n_neighbors=5) == pytest.approx(oracle.pas(labels.tolist(), points.tolist(), 5))


def test_chaos_agrees_with_scikit_learn():
    from sklearn.neighbors import NearestNeighbors
    from sklearn.preprocessing import StandardScaler

    labels, points = noisy(0.3), StandardScaler().fit_transform(GRID)
    groups = [points[labels == label] for label in np.unique(labels)]
    total = sum(NearestNeighbors(n_neighbors=1).fit(x).kneighbors()[0].sum() for x in groups if len(x) > 2)
    assert chaos(labels, GRID) == pytest.approx(total / 72, abs=1e-9)


def test_pas_of_a_lattice_ignores_noise_and_scale():
    labels = noisy(0.4)
    assert pas(labels, 100 * GRID + 1e-7 * np.random.default_rng(29).random((72, 2))) == pas(labels, GRID)


def test_names_do_not_matter_and_noise_is_less_continuous():
    labels = noisy(0.4)
    renamed = np.unique(labels, return_inverse=True)[1]
    for score in (chaos, pas):
        assert score(renamed, GRID) == pytest.approx(score(labels, GRID), abs=1e-12)
        assert score(TRUTH, GRID) < score(labels, GRID)


def weighted_graph() -> csr_matrix:
    rng = np.random.default_rng(30)
    return csr_matrix(rng.random((72, 72)) * (rng.random((72, 72)) < 0.1))


@pytest.mark.parametrize("graph", [lattice_graph(GRID), weighted_graph()], ids=["rook", "weighted"])
def test_autocorrelation_agrees_with_the_double_sum(graph):
    labels = noisy(0.4)
    result = label_autocorrelation(labels, graph)
    expected = {
        label: oracle.moran_geary((labels == label).astype(float).tolist(), graph.toarray().tolist())
        for label in np.unique(labels)
    }
    for label, (moran, geary) in expected.items():
        assert result["moran_per_label"][label] == pytest.approx(moran, abs=1e-9)
        assert result["geary_per_label"][label] == pytest.approx(geary, abs=1e-9)
    assert result["moran"] == pytest.approx(np.mean([moran for moran, _ in expected.values()]), abs=1e-9)
    assert result["geary"] == pytest.approx(np.mean([geary for _, geary in expected.values()]), abs=1e-9)
    assert (result["n"], result["n_labels"]) == (72, len(expected))


def test_autocorrelation_agrees_with_scanpy():
    import scanpy

    labels, graph = noisy(0.4), lattice_graph(GRID)
    names, codes = np.unique(labels, return_inverse=True)
    indicators = np.eye(len(names))[codes].T
    result = label_autocorrelation(labels, graph)
    for score, name in ((scanpy.metrics.morans_i, "moran"), (scanpy.metrics.gearys_c, "geary")):
        ours = [result[f"{name}_per_label"][label] for label in names]
        np.testing.assert_allclose(ours, score(graph, indicators), atol=1e-9)


@pytest.mark.slow  # importing squidpy takes several seconds
def test_autocorrelation_on_normalised_rows_agrees_with_squidpy():
    import anndata
    import squidpy

    labels, graph = noisy(0.4), lattice_graph(GRID)
    names, codes = np.unique(labels, return_inverse=True)
    adata = anndata.AnnData(np.eye(len(names))[codes], obsm={"spatial": GRID})
    adata.obsp["spatial_connectivities"] = graph
    rows = csr_matrix(graph / graph.sum(axis=1))
    result = label_autocorrelation(labels, rows)
    for mode, column in (("moran", "I"), ("geary", "C")):
        table = squidpy.gr.spatial_autocorr(adata, mode=mode, copy=True, n_perms=None)
        assert result[mode] == pytest.approx(table[column].mean(), abs=1e-9)


def test_a_single_label_has_no_autocorrelation_and_says_so():
    result = label_autocorrelation(np.zeros(72), lattice_graph(GRID))
    assert (result["moran"], result["geary"], result["n_labels"]) == (0, 1, 1)


def test_continuity_stands_beside_the_truths_own():
    labels = noisy(0.4)
    scores = domain_continuity(labels, TRUTH, GRID)
    assert (scores["chaos"], scores["chaos_truth"]) == (chaos(labels, GRID), chaos(TRUTH, GRID))
    assert (scores["pas"], scores["pas_truth"]) == (pas(labels, GRID), pas(TRUTH, GRID))
    assert scores["moran"] == label_autocorrelation(labels, lattice_graph(GRID))["moran"]
    assert scores["geary_truth"] == label_autocorrelation(TRUTH, lattice_graph(GRID))["geary"]
    assert scores["n"] == 72
    own = domain_continuity(TRUTH, TRUTH, GRID)
    assert all(own[name] == own[f"{name}_truth"] for name in ("chaos", "pas", "moran", "geary"))
    given = domain_continuity(labels, TRUTH, GRID, graph=weighted_graph())
    assert given["moran"] == label_autocorrelation(labels, weighted_graph())["moran"]


def test_bad_input_is_refused():
    graph = lattice_graph(GRID)
    with pytest.raises(ValueError, match="labels and coordinates must have the same number of rows, got 71 and 72"):
        chaos(TRUTH[1:], GRID)
    with pytest.raises(ValueError, match="n_neighbors must be below the number of spots, 9, got 10"):
        pas(TRUTH[:9], GRID[:9])
    with pytest.raises(TypeError, match="graph must be a sparse matrix, got ndarray"):
        label_autocorrelation(TRUTH, graph.toarray())
    with pytest.raises(ValueError, match=r"graph must have shape \(71, 71\) for 71 labels, got \(72, 72\)"):
        label_autocorrelation(TRUTH[1:], graph)
    with pytest.raises(ValueError, match="graph must hold finite, non-negative weights that are not all zero"):
        label_autocorrelation(TRUTH, -graph)
    with pytest.raises(ValueError, match="coordinates must lie on a lattice .* give a graph of your own"):
        domain_continuity(TRUTH, TRUTH, np.random.default_rng(31).random((72, 2)))
