"""How fast measurements are sampled, as ratios to NumPy's own generators on the same means.

Run ``OMP_NUM_THREADS=1 python benchmarks/sampling.py``. Candidates take turns in one process; figures are medians of
CPU time, and peak memory by tracemalloc. The tables and boxes that earlier calls leave behind (64 KB for each mean or
octave of means) are not a part of it. Goals: classes 1/15 dense and 1/12 sparse, single means 1/4, memory 1.15.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_matrix

from spsim._random import seed_sequence, stream
from spsim.likelihoods import (
    Gaussian,
    Likelihood,
    LogNormal,
    NegativeBinomial,
    NegativeBinomialMixture,
    ZeroInflatedNegativeBinomial,
)
from spsim.sampling import dropout_mask, sample_classes, sample_classes_csr, sample_means, sample_means_csr

SHAPE = 10.0
PLAIN = NegativeBinomial(shape=SHAPE)
DROPOUT = ZeroInflatedNegativeBinomial(shape=SHAPE, dropout_rate=0.5)
MIXTURE = NegativeBinomialMixture(shape=SHAPE, foreground_probability=0.5, background_mean=2)
RNA = stream(seed_sequence(0), "rna")
SMALL, LARGE = (1296, 1000), (10_000, 2000)
# Share of spots under each of the four factors of the two pictures of Townes & Engelhardt (2023).
QUILT = (0.44, 0.58, 0.17, 0.44)
GGBLOCKS = (0.14, 0.22, 0.17, 0.14)


def main() -> None:
    report_classes("quilt-like, 4 means", PLAIN, QUILT, SMALL, rounds=31)
    report_classes("ggblocks-like, 4 means", PLAIN, GGBLOCKS, LARGE, rounds=5)
    report_classes("quilt-like, dropout", DROPOUT, QUILT, SMALL, rounds=11)
    report_classes("quilt-like, background and foreground", MIXTURE, QUILT, SMALL, rounds=11)
    for mean in (8.8, 0.88, 100.0, 1000.0):
        report_means(f"single means around {mean:g}", PLAIN, mean, SMALL, rounds=9)
    for mean in (8.8, 0.88, 100.0):
        report_means(f"single means around {mean:g}", PLAIN, mean, LARGE, rounds=3)
    report_means("single means around 8.8, dropout", DROPOUT, 8.8, LARGE, rounds=3)
    for n_kinds in (4, 2000):
        shapes = np.random.default_rng(0).lognormal(np.log(5.0), 0.7, n_kinds)[np.arange(LARGE[1]) % n_kinds]
        report_means(f"single means around 8.8, {n_kinds} shapes", NegativeBinomial(shape=shapes), 8.8, LARGE, rounds=3)
    report_spot_shapes()
    report_normal()
    report_mask()


def four_means(coverage: tuple[float, ...], shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mixed features: 0.2, plus 9 under their spatial factor, plus 11 under their nonspatial one (in 20 % of spots)."""
    rng = np.random.default_rng(0)
    codes = np.arange(128)[:, None] >> np.arange(7) & 1
    factors = rng.random((shape[0], 7)) < [*coverage, 0.2, 0.2, 0.2]
    means = 0.2 + 9.0 * codes[:, :4, None] + 11.0 * codes[:, None, 4:]
    return means.reshape(128, 12), factors @ (1 << np.arange(7)), rng.integers(0, 12, shape[1])


def report_classes(
    title: str, likelihood: Likelihood, coverage: tuple[float, ...], shape: tuple[int, int], *, rounds: int
) -> None:
    layout = means, spots, features = four_means(coverage, shape)
    report(
        title,
        plain_counts(means[spots][:, features], SHAPE),
        lambda: sample_classes(likelihood, *layout, stream=RNA),
        lambda: sample_classes_csr(likelihood, *layout, stream=RNA),
        rounds=rounds,
    )


def report_means(
    title: str,
    likelihood: ZeroInflatedNegativeBinomial | NegativeBinomial,
    mean: float,
    shape: tuple[int, int],
    *,
    rounds: int,
) -> None:
    each = np.random.default_rng(0).gamma(2.0, mean / 2.0, shape)
    given = likelihood, lambda start, stop: each[start:stop], shape
    report(
        title,
        plain_counts(each, np.asarray(likelihood.shape)),
        lambda: sample_means(*given, stream=RNA),
        lambda: sample_means_csr(*given, stream=RNA),
        rounds=rounds,
    )


def report_spot_shapes() -> None:
    each, scales = (
        np.random.default_rng(0).gamma(2.0, 4.4, LARGE),
        np.random.default_rng(1).lognormal(0.0, 0.7, LARGE[0]),
    )
    given = PLAIN, lambda start, stop: each[start:stop], LARGE
    report(
        "single means around 8.8, a shape per spot",
        plain_counts(each, SHAPE * scales[:, None]),
        lambda: sample_means(*given, stream=RNA, shape_scales=scales),
        lambda: sample_means_csr(*given, stream=RNA, shape_scales=scales),
        rounds=3,
    )


def plain_counts(means: np.ndarray, shape: np.ndarray | float) -> Callable[[], np.ndarray]:
    """Return NumPy's way, without dropout or background: those would be a second draw."""
    rng = np.random.default_rng(1)
    return lambda: rng.negative_binomial(shape, shape / (means + shape)).astype(np.float32)


def report_normal() -> None:
    means, rng = np.full(LARGE, 8.8), np.random.default_rng(1)
    flat = [[8.8]], np.zeros(LARGE[0], int), np.zeros(LARGE[1], int)
    calls = [
        lambda: rng.normal(means, 2.0).astype(np.float32),
        lambda: sample_classes(Gaussian(sd=2), *flat, stream=RNA),
        lambda: rng.lognormal(np.log(means), 0.5).astype(np.float32),
        lambda: sample_classes(LogNormal(sd=0.5), *flat, stream=RNA),
    ]
    normal, gaussian, lognormal, log_normal = cpu_seconds(calls, rounds=3)
    per_entry = 1e9 / means.size
    print(f"continuous, {LARGE[0]:,} x {LARGE[1]:,}")
    print(f"  gaussian    {gaussian * per_entry:5.1f} ns per entry  {gaussian / normal:.1f} x NumPy")
    print(f"  log-normal  {log_normal * per_entry:5.1f} ns per entry  {log_normal / lognormal:.1f} x NumPy")


def report_mask() -> None:
    positions = {"spots": np.arange(LARGE[0]), "features": np.arange(LARGE[1])}
    (seconds,) = cpu_seconds([lambda: dropout_mask(DROPOUT, **positions, stream=RNA)], rounds=3)
    print(f"mask of dropout, {LARGE[0]:,} x {LARGE[1]:,}: {seconds / np.prod(LARGE) * 1e9:.1f} ns per entry")


def report(
    title: str,
    plain: Callable[[], np.ndarray],
    dense: Callable[[], np.ndarray],
    sparse: Callable[[], csr_matrix],
    *,
    rounds: int,
) -> None:
    calls = [plain, lambda: csr_matrix(plain()), dense, sparse]
    plain_dense, plain_sparse, own_dense, own_sparse = cpu_seconds(calls, rounds=rounds)
    shape = dense().shape
    print(f"{title}, {shape[0]:,} x {shape[1]:,}")
    for name, own, reference, call in (
        ("dense", own_dense, plain_dense, dense),
        ("sparse", own_sparse, plain_sparse, sparse),
    ):
        print(
            f"  {name:6}  {own * 1e3:7.1f} ms  {own / np.prod(shape) * 1e9:5.2f} ns per entry"
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
