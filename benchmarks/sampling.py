"""How fast counts are sampled, as ratios to NumPy's own negative binomial on the same means.

Run ``OMP_NUM_THREADS=1 python benchmarks/sampling.py``. Candidates take turns in one process; figures are medians of
CPU time, and peak memory by tracemalloc. Goals: dense 1/15, sparse 1/12, single means 1/4, memory 1.15.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix

from spsim._random import seed_sequence, stream
from spsim.likelihoods import NegativeBinomial, sample_classes, sample_classes_csr, sample_means, sample_means_csr

SHAPE = 10.0
LIKELIHOOD = NegativeBinomial(shape=SHAPE)
RNA = stream(seed_sequence(0), "rna")
# Share of spots under each of the four factors of the two pictures of Townes & Engelhardt (2023).
QUILT = (0.44, 0.58, 0.17, 0.44)
GGBLOCKS = (0.14, 0.22, 0.17, 0.14)


def main() -> None:
    report_classes("quilt-like, 4 means", QUILT, (1296, 1000), rounds=31)
    report_classes("ggblocks-like, 4 means", GGBLOCKS, (10_000, 2000), rounds=7)
    report_means("single means around 8.8", 8.8, (1296, 1000), rounds=15)
    report_means("single means around 8.8", 8.8, (10_000, 2000), rounds=7)
    report_means("single means around 0.88", 0.88, (10_000, 2000), rounds=7)


def four_means(coverage: tuple[float, ...], shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mixed features: 0.2, plus 9 under their spatial factor, plus 11 under their nonspatial one (in 20 % of spots)."""
    rng = np.random.default_rng(0)
    codes = np.arange(128)[:, None] >> np.arange(7) & 1
    factors = rng.random((shape[0], 7)) < [*coverage, 0.2, 0.2, 0.2]
    means = 0.2 + 9.0 * codes[:, :4, None] + 11.0 * codes[:, None, 4:]
    return means.reshape(128, 12), factors @ (1 << np.arange(7)), rng.integers(0, 12, shape[1])


def report_classes(title: str, coverage: tuple[float, ...], shape: tuple[int, int], *, rounds: int) -> None:
    layout = means, spots, features = four_means(coverage, shape)
    each = means[spots][:, features]
    report(
        title,
        each,
        lambda: sample_classes(LIKELIHOOD, *layout, stream=RNA),
        lambda: sample_classes_csr(LIKELIHOOD, *layout, stream=RNA),
        rounds=rounds,
    )


def report_means(title: str, mean: float, shape: tuple[int, int], *, rounds: int) -> None:
    each = np.random.default_rng(0).gamma(2.0, mean / 2.0, shape)
    report(
        title,
        each,
        lambda: sample_means(LIKELIHOOD, lambda start, stop: each[start:stop], shape, stream=RNA),
        lambda: sample_means_csr(LIKELIHOOD, lambda start, stop: each[start:stop], shape, stream=RNA),
        rounds=rounds,
    )


def report(
    title: str, means: np.ndarray, dense: Callable[[], np.ndarray], sparse: Callable[[], csr_matrix], *, rounds: int
) -> None:
    rng = np.random.default_rng(1)

    def plain() -> np.ndarray:
        return rng.negative_binomial(SHAPE, SHAPE / (means + SHAPE)).astype(np.float32)

    plain_dense, plain_sparse, own_dense, own_sparse = cpu_seconds(
        [plain, lambda: csr_matrix(plain()), dense, sparse], rounds=rounds
    )
    print(f"{title}, {means.shape[0]:,} x {means.shape[1]:,}")
    for name, own, reference, call in (
        ("dense", own_dense, plain_dense, dense),
        ("sparse", own_sparse, plain_sparse, sparse),
    ):
        print(
            f"  {name:6}  {own * 1e3:7.1f} ms  {own / means.size * 1e9:5.2f} ns per entry"
            f"  1/{reference / own:.1f} of NumPy  peak {peak_over_result(call):.2f} x result"
        )


def cpu_seconds(calls: list[Callable[[], object]], *, rounds: int) -> list[float]:
    """Median CPU time of each call; they take turns."""
    times = np.empty((rounds, len(calls)))
    for row in times:
        for n, call in enumerate(calls):
            start = time.process_time()
            call()
            row[n] = time.process_time() - start
    return [float(value) for value in np.median(times, axis=0)]


def peak_over_result(call: Callable[[], np.ndarray | csr_matrix]) -> float:
    """Peak of the memory that NumPy allocates during a call, over the size of what it returns."""
    tracemalloc.start()
    result = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    arrays = [result] if isinstance(result, np.ndarray) else [result.data, result.indices, result.indptr]
    return peak / sum(array.nbytes for array in arrays)


if __name__ == "__main__":
    main()
