"""The arrays of a sparse matrix, against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from spsim.sampling._compressed_rows import CompressedRows


@pytest.mark.parametrize("every", [1, 3, 50])
@pytest.mark.parametrize("expected", [0.0, 10_000.0])
def test_rows_that_are_settled_now_and_then(every, expected):
    """Placeholders that become 0 go, in the latest rows and in no others."""
    rng = np.random.default_rng(every)
    final = rng.integers(0, 3, (400, 30)).astype(np.float32)
    final[50:120] = 0.0
    is_open = rng.random(final.shape) < 0.3
    is_open[0, 0], final[0, 0] = True, 0.0
    drawn = np.where(is_open, np.float32(-1.0), final)
    rows, settled = CompressedRows(final.shape, expected, 0.0), 0
    for batch, start in enumerate(range(0, 400, 8), start=1):
        rows.append(start, drawn[start : start + 8])
        if batch % every == 0 or start == 392:
            latest = slice(settled, start + 8)
            rows.settle(final[latest][is_open[latest]], placeholder=-1.0)
            settled = start + 8
    result, reference = csr_matrix(rows.arrays(), shape=final.shape), csr_matrix(final)
    for name in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(result, name), getattr(reference, name))
