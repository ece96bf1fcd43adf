"""The estimate of memory against what a simulation takes, and configurations that are refused before anything is drawn."""

from __future__ import annotations

import time
import tracemalloc

import psutil
import pytest

import spsim as sps
from spsim import _validate
from spsim._names import distinct_names
from spsim._random import seed_sequence
from spsim.likelihoods import Gaussian, LogNormal, NegativeBinomialMixture, Poisson
from spsim.patterns import Blobs, Gradient, Grid, Motifs, Stack, Uniform, union
from spsim.scenarios import draw_truth
from spsim.scenarios._memory import needed_memory, nonzero_share

MANY = {"n_mixed": 1000}
EFFECTS = {"link": "log", "efficiency_sd": 0.4, "library_size": {"sd": 0.4}}
CASES = {
    "dense": ([MANY], {}),
    "two": ([MANY | {"name": "a"}, MANY | {"name": "b", "likelihood": Gaussian()}], {}),
    "mean": ([MANY], {"keep_mean": True}),
    "means": ([MANY | {"name": "a"}, MANY | {"name": "b"} | EFFECTS], {"keep_mean": True}),
    "noise": ([MANY | {"noise_sd": 1.0}], {}),
    "continuous": ([MANY | {"likelihood": LogNormal()}], {}),
    "continuous, noise, mean": ([MANY | {"likelihood": Gaussian(), "noise_sd": 1.0}], {"keep_mean": True}),
    "effects": ([MANY | EFFECTS], {}),
    "sparse": ([MANY], {"sparse": True}),
    "sparse, dropout": ([MANY | {"dropout_rate": 0.7}], {"sparse": True}),
    "sparse, thin": ([MANY | {"expression_mean": 0.5, "background_mean": 0.01}], {"sparse": True}),
    "sparse, Poisson": ([MANY | {"likelihood": Poisson()}], {"sparse": True}),
    "sparse, mixture": ([MANY | {"likelihood": NegativeBinomialMixture()}], {"sparse": True}),
    "sparse, effects": ([MANY | EFFECTS], {"sparse": True}),
    "sparse, mean": ([MANY], {"sparse": True, "keep_mean": True}),
    "sparse, noise": ([MANY | {"noise_sd": 1.0}], {"sparse": True}),
    "spots": ([{"n_spatial": 1}], {}),
    "features": ([{"n_mixed": 30_000}], {}),
    "factors": ([{"n_mixed": 5, "n_nonspatial_factors": 1000}], {}),
}


def scenario_of(name: str) -> tuple[sps.Scenario, dict[str, bool]]:
    modalities, how = CASES[name]
    side = {"spots": 300, "features": 4}.get(name, 60)
    return sps.Scenario(n_side=side, modalities=modalities, pattern="quilt"), how


def estimate(scenario: sps.Scenario, *, sparse: bool = False, keep_mean: bool = False) -> int:
    shares = None
    if sparse:
        truth = draw_truth(scenario, seed_sequence(0))
        shares = {m.name: nonzero_share(truth.means[m.name], m) for m in scenario.modalities}
    return needed_memory(scenario, shares, keep_mean=keep_mean)


@pytest.mark.filterwarnings("ignore:no feature of modality")
@pytest.mark.parametrize("name", CASES)
def test_the_estimate_is_what_a_simulation_takes(name) -> None:
    scenario, how = scenario_of(name)
    sps.simulate(sps.Scenario(n_side=4, modalities=scenario.modalities))  # what is kept between calls is none of it
    tracemalloc.start()
    sps.simulate(scenario, **how)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0.9 <= estimate(scenario, **how) / peak <= 1.25


@pytest.mark.parametrize("name", ["dense", "sparse", "sparse, thin", "means", "sparse, noise"])
def test_the_estimate_decides(monkeypatch, name) -> None:
    scenario, how = scenario_of(name)
    needed = estimate(scenario, **how)
    free = psutil.virtual_memory()._replace(available=int(0.999 * needed))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    with pytest.raises(
        ValueError, match=r"\(n_side, layout, n_cells\) .*\(n_spatial, .*\(pattern\).*\(n_nonspatial_factors\).*GiB"
    ):
        sps.simulate(scenario, **how)


@pytest.mark.parametrize(
    "make",
    [
        lambda: sps.datasets.quilt(10**6),
        lambda: sps.datasets.quilt(2**52),
        lambda: sps.datasets.quilt(10**6, sparse=True),
        lambda: sps.datasets.quilt(n_spatial=2**52),
        lambda: sps.datasets.quilt(n_spatial=2**52, sparse=True),
        lambda: sps.datasets.quilt(n_nonspatial_factors=2**52),
        lambda: sps.datasets.quilt(layout=Uniform(n_spots=2**52)),
        lambda: sps.datasets.quilt(layout=Stack(layout=Grid(n_rows=1000), n_slices=10**6)),
        lambda: sps.datasets.quilt(layout=Grid(n_rows=1, n_columns=2**52)),
        lambda: sps.datasets.multiomics([{"n_mixed": 10**7, "name": f"m{i}"} for i in range(20)]),
        lambda: sps.datasets.multiomics([{}], pattern=Blobs(radius=1, n_factors=2**12), n_side=2000),
    ],
)
def test_what_cannot_fit_is_refused_at_once(make) -> None:
    before, start = psutil.Process().memory_info().rss, time.perf_counter()
    with pytest.raises(
        ValueError, match=r"\(n_side, layout, n_cells\) .*\(n_spatial, .*\(pattern\).*\(n_nonspatial_factors\).*GiB"
    ):
        make()
    assert time.perf_counter() - start < 5
    assert psutil.Process().memory_info().rss - before < 2**28


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: sps.patterns.Potts(interaction=1, n_states=10**12), "n_states"),
        (lambda: sps.patterns.Potts(interaction=1, n_states=2**12 + 1), "n_states"),
        (lambda: sps.patterns.Potts(interaction=1, n_sweeps=10**9), "n_sweeps"),
        (lambda: Blobs(radius=1, n_factors=10**12), "n_factors"),
        (lambda: Blobs(radius=1, n_factors=65536), "n_factors"),
        (lambda: Blobs(radius=1, n_blobs=10**12), "n_blobs"),
        (lambda: sps.patterns.GaussianProcess(length_scale=1, n_factors=10**9), "n_factors"),
        (lambda: sps.patterns.Layers(n_layers=10**7), "n_layers"),
        (lambda: Gradient(angle=[0.0] * 5000), "angle"),
        (lambda: NegativeBinomialMixture(background_mean=1e10), "background_mean"),
        (lambda: NegativeBinomialMixture(background_mean=1e7), "background_mean"),
        (lambda: NegativeBinomialMixture(background_shape=1e-10), "background_mean .* background_shape large enough"),
        (lambda: union(*(Motifs(pixels=[[[1] * n] * n], names=[f"m{n}"]) for n in (61, 67))), None),
        (lambda: union(*(Motifs(pixels=[[[1] * (61 + 6 * (n % 2))]], names=[f"m{n}"]) for n in range(17))), None),
        (lambda: union(*(_square(61 + 6 * (n % 2), f"m{n}") for n in range(17))), "pixels"),
        (lambda: Grid(n_rows=10**17), "n_rows"),
        (lambda: Stack(layout=Grid(n_rows=3), n_slices=10**400), "n_slices"),
        (lambda: sps.Modality(n_spatial=10**17), "n_spatial"),
    ],
)
def test_what_would_take_gigabytes_is_refused_by_its_field(make, field) -> None:
    start = time.perf_counter()
    tracemalloc.start()
    if field is None:
        make()
    else:
        with pytest.raises(ValueError, match=f"{field}( must (be|hold) |, )|at most .* {field}"):
            make()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - start < 5 and peak < 2**29


def _square(side: int, name: str) -> Motifs:
    return Motifs(pixels=[[[1] * side] * side], names=[name])


def test_names_of_many_factors_are_checked_in_linear_time() -> None:
    start = time.perf_counter()
    many = Blobs(radius=1, n_factors=2**12, names=[f"a{i}" for i in range(2**12)])
    sps.Scenario(pattern=many, modalities=[{"active_factors": list(many.names), "name": f"m{i}"} for i in range(20)])
    _validate.unique("names", [str(i) for i in range(10**6)])
    distinct_names("names", [str(i) for i in range(10**5)])
    assert time.perf_counter() - start < 5
