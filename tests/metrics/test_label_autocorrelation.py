"""What graphs of spots are refused, and what their weights do; the values are tested in test_domain_continuity."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from spsim.metrics import label_autocorrelation, lattice_graph

LABELS = ["a", "a", "b", "b"]
LINE = lattice_graph([[0], [1], [2], [3]])


def weighted(first: float, others: float = 1.0) -> sparse.csr_matrix:
    graph = LINE.copy()
    graph.data[:] = others
    graph.data[0] = first
    return graph


@pytest.mark.parametrize(
    "graph",
    [
        sparse.csr_matrix((4, 4)),
        sparse.coo_matrix((4, 4)),
        weighted(0.0, 0.0),
        weighted(-1.0),
        weighted(-1e-300),
        weighted(1.0, -1e-300),
        weighted(np.nan),
        weighted(np.inf),
    ],
    ids=["empty", "empty coo", "stored zeros", "negative", "just negative", "all but one negative", "nan", "inf"],
)
def test_weights_must_be_finite_not_negative_and_not_all_zero(graph) -> None:
    with pytest.raises(ValueError, match="graph must hold finite, non-negative weights that are not all zero"):
        label_autocorrelation(LABELS, graph)


def test_some_weights_may_be_zero_and_their_unit_does_not_matter() -> None:
    result = label_autocorrelation(LABELS, weighted(0.0))
    dropped = weighted(0.0)
    dropped.eliminate_zeros()
    assert result == label_autocorrelation(LABELS, dropped)
    for unit in (1e-9, 1e9):
        scaled = label_autocorrelation(LABELS, LINE * unit)
        assert scaled["moran"] == pytest.approx(1 / 3) and scaled["geary"] == pytest.approx(0.5)


def test_a_graph_is_a_sparse_matrix_of_the_spots() -> None:
    with pytest.raises(TypeError, match="graph must be a sparse matrix, got ndarray"):
        label_autocorrelation(LABELS, LINE.toarray())
    for shape in ((3, 3), (4, 3), (3, 4), (5, 5)):
        with pytest.raises(ValueError, match=r"graph must have shape \(4, 4\) for 4 labels, got \("):
            label_autocorrelation(LABELS, sparse.csr_matrix(np.ones(shape)))
