"""Spots that hold cells: their means and the spread of their counts are those of sums over cells."""

from __future__ import annotations

import math

import numpy as np
import pytest

import spsim as sps
from spsim.designs import Capture
from spsim.factors import Depth, Spillover
from spsim.likelihoods import NegativeBinomial, Trend
from worlds import pooled

ERRORS = 4.5  # of a normal estimate: false-alarm rate 7e-6


def simulated(rng=0, **fields):
    return sps.simulate(pooled(**fields), rng=rng)


def members(mdata, size=2.0, form="disc") -> list[list[int]]:
    """Cells of each spot, by a loop over both."""
    cells, spots = mdata["cells"].obsm["spatial"], mdata["visium"].obsm["spatial"]
    held = []
    for x, y in spots:
        own = []
        for c, (a, b) in enumerate(cells):
            far = math.hypot(a - x, b - y) if form == "disc" else max(abs(a - x), abs(b - y))
            if far <= size / 2:
                own.append(c)
        held.append(own)
    return held


@pytest.mark.parametrize("rng", range(3))
@pytest.mark.parametrize(("form", "size"), [("disc", None), ("square", 1.5), ("disc", 3.0)])
def test_the_mean_of_a_spot_is_the_sum_of_the_means_of_its_cells(form, size, rng) -> None:
    own = pooled().model_dump()["design"] | {"form": form, "size": size}
    mdata = sps.simulate(
        pooled().model_copy(update={"design": Capture(**{k: v for k, v in own.items() if k != "name"})}), rng=rng
    )
    cells, spots = (sps.get.mean(mdata[name]).to_numpy() for name in ("cells", "visium"))
    held = members(mdata, size or 2.0, form)
    assert max(map(len, held)) > 4
    for mean, own in zip(spots, held, strict=True):
        assert np.allclose(mean, sum((cells[c] for c in own), np.zeros(30)), rtol=1e-5, atol=1e-12)
    # Numbers are of cells, factors of molecules.
    numbers, factors = (mdata["visium"].obsm[key] for key in ("cell_type_numbers", "cell_type_factors"))
    types = mdata["cells"].obsm["cell_type_factors"]
    sizes = mdata["cells"].obs["library_size"].to_numpy(float) * mdata["cells"].obs["content"].to_numpy(float)
    for i, own in enumerate(held):
        assert np.array_equal(numbers[i], types[own].sum(axis=0))
        assert np.allclose(factors[i], (sizes[own, None] * types[own]).sum(axis=0), rtol=1e-5)
    assert not np.allclose(numbers, factors, rtol=0.05)
    assert (mdata["visium"].obs["in_tissue"] == "True").tolist() == [bool(own) for own in held]


def spread(summed: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> tuple[float, float]:
    """Mean of squared deviations over their variance, and its standard error over independent spots."""
    ratio = ((summed - mean) ** 2 / variance).mean(axis=1)
    return ratio.mean(), ratio.std() / np.sqrt(len(ratio))


@pytest.mark.parametrize("spills", [False, True])
def test_counts_of_spots_have_the_variance_of_summed_cells(spills) -> None:
    """36 spots × 60 new measurements: squared deviations are 1 in units of the variance, within 4.5 standard errors.

    Markers, whose spots hold few cells that express them much, fail with one shape for the whole spot; all features fail
    with the shape of a single cell.
    """
    fields = {"likelihood": NegativeBinomial(shape=0.5)}
    effects = [Spillover(share=0.4, width=2.0, uniform=0.1)] if spills else []
    cells = fields | {"loadings": {"cell_type": sps.factors.Markers(weight=30.0, share=0.7)}}
    mdata = simulated(cells=cells, reference=cells, effects=effects, n_cells=400, **fields)
    held, adata = members(mdata), mdata["visium"]
    of_cells = sps.get.mean(mdata["cells"]).to_numpy()
    mean = sps.get.mean(adata).to_numpy()
    holds = np.zeros((36, 400))
    for i, own in enumerate(held):
        holds[i, own] = 1
    if spills:
        weights = adata.obsp["spillover_weights"].toarray() + 0.1 / 36
        holds = weights @ holds
    assert np.allclose(mean, holds @ of_cells, rtol=1e-5)
    variance = mean + holds**2 @ of_cells**2 / 0.5
    is_marker = (mdata["cells"].varm["cell_type_loadings"] > 0).any(axis=1)
    drawn = [sps.datasets.resample(mdata, rng=seed)["visium"].X for seed in range(60)]
    some = mean.sum(axis=1) > 0
    squares = np.mean([(counts - mean) ** 2 for counts in drawn], axis=0)[some]
    total = np.mean([counts - mean for counts in drawn], axis=0)[some]
    # Sums over spots and measurements, one per feature: unbiased.
    z = total.sum(axis=0) / np.sqrt(variance[some].sum(axis=0) / 60)
    assert np.abs(z).max() < 5.5
    for chosen in (is_marker, ~is_marker):
        ratio = (squares / variance[some])[:, chosen].mean(axis=1)
        error = ERRORS * ratio.std() / np.sqrt(len(ratio))
        assert abs(ratio.mean() - 1) < error < 0.3
        # Wrong variants: one negative binomial at the cells' shape; one shape per spot for all features.
        of_a_cell = mean + mean**2 / 0.5
        one = (squares / of_a_cell[some])[:, chosen].mean(axis=1)
        assert abs(one.mean() - 1) > error
    number = holds.sum(axis=1) ** 2 / np.maximum((holds**2).sum(axis=1), 1e-9)
    of_a_spot = mean + mean**2 / (0.5 * np.maximum(number, 1e-9)[:, None])
    wrong = (squares / of_a_spot[some])[:, is_marker].mean(axis=1)
    right = (squares / variance[some])[:, is_marker].mean(axis=1)
    assert abs(wrong.mean() - 1) > ERRORS * right.std() / np.sqrt(len(right))


@pytest.mark.slow
def test_counts_are_distributed_like_summed_counts_of_cells() -> None:
    """Cells measured 300 times and summed, spots measured 300 times: variances within 10 % in the median of entries."""
    mdata = simulated(n_cells=150)
    held = members(mdata)
    summed, spots = [], []
    for seed in range(300):
        again = sps.datasets.resample(mdata, rng=seed)
        summed.append(np.array([again["cells"].X[own].sum(axis=0) for own in held]))
        spots.append(again["visium"].X)
    first, second = np.var(summed, axis=0), np.var(spots, axis=0)
    large = first > 3
    assert large.sum() > 100
    assert 0.9 < np.median(second[large] / first[large]) < 1.1
    assert np.allclose(np.mean(summed, axis=0)[large], np.mean(spots, axis=0)[large], rtol=0.5)


def test_a_trend_is_that_of_cells() -> None:
    likelihood = {"likelihood": NegativeBinomial(shape=Trend(shape=3, slope=0.5))}
    mdata = simulated(cells=likelihood, reference=likelihood, **likelihood)
    means = sps.get.mean(mdata["cells"]).to_numpy().mean(axis=0)
    for name in ("cells", "visium"):
        assert np.allclose(mdata[name].var["shape"], 3 * means**-0.5, rtol=1e-5)
    assert not np.allclose(mdata["reference"].var["shape"], 3 * means**-0.5, rtol=1e-2)


def test_depth_of_spots_under_composition() -> None:
    """Totals of spots with cells are the depth, whatever the cells are; spots without any have none."""
    mdata = simulated(library_size=Depth(median=500.0, sd=0.4, composition=True))
    alone = simulated(library_size=Depth(median=500.0, sd=0.4))
    totals = sps.get.mean(mdata["visium"]).to_numpy().sum(axis=1)
    holds = mdata["visium"].obsm["cell_type_numbers"].sum(axis=1) > 0
    assert np.allclose(totals[holds], alone["visium"].obs["library_size"].to_numpy(float)[holds], rtol=1e-5)
    assert not totals[~holds].any() and not mdata["visium"].X[~holds].any()


def test_poisson_cells_sum_to_poisson_spots() -> None:
    fields = {"likelihood": "poisson"}
    mdata = simulated(cells=fields, reference=fields, **fields)
    mean = sps.get.mean(mdata["visium"]).to_numpy()
    z = [(sps.datasets.resample(mdata, rng=s)["visium"].X - mean)[mean > 1] / np.sqrt(mean[mean > 1]) for s in range(9)]
    values = np.concatenate(z)
    assert abs((values**2).mean() - 1) < ERRORS * np.sqrt(2.5 / len(values))


def test_parts_resample_also_without_their_cells_or_without_spots() -> None:
    mdata = simulated()
    again = sps.datasets.resample(mdata, rng=4)
    spots = mdata["visium"].obs_names[[30, 4, 17, 9]]
    few = mdata[[*spots, *mdata["reference"].obs_names[5:9]]].copy()
    assert few["cells"].n_obs == 0
    of_few = sps.datasets.resample(few, rng=4)
    assert of_few["cells"].shape == (0, 30)
    for name in ("visium", "reference"):
        assert np.array_equal(of_few[name].X, again[name][of_few[name].obs_names].X)
    none = mdata[mdata["cells"].obs_names[::-3]].copy()
    of_none = sps.datasets.resample(none, rng=4)
    assert of_none["visium"].n_obs == 0 and of_none["reference"].n_obs == 0
    assert np.array_equal(of_none["cells"].X, again["cells"][of_none["cells"].obs_names].X)


def test_cells_know_their_spot_and_blind_copies_lack_cells() -> None:
    mdata = simulated()
    held = members(mdata)
    spot = mdata["cells"].obs["spot"].astype(object)
    for i, own in enumerate(held):
        assert all(spot.iloc[c] == f"spot_{i}" or c in held[int(spot.iloc[c].split("_")[1])] for c in own)
    assert spot.isna().sum() == 300 - len({c for own in held for c in own})
    blind = sps.get.without_truth(mdata)
    assert list(blind.mod) == ["visium", "reference"] and blind.n_obs == 76
    assert "spsim" not in blind.uns and "spot" not in blind.obs
    known = blind.obs["cell_type"]
    assert known[blind["visium"].obs_names].isna().all()
    assert known[blind["reference"].obs_names].tolist() == mdata["reference"].obs["cell_type"].tolist()
    assert "cell_type" not in blind["visium"].obs and not list(blind["visium"].varm)


def test_the_reference_is_other_cells_of_the_same_tissue() -> None:
    mdata = simulated()
    assert "spatial" not in mdata["reference"].obsm and "domain" in mdata["reference"].obs
    assert np.array_equal(mdata["reference"].varm["cell_type_loadings"], mdata["cells"].varm["cell_type_loadings"])
    assert set(mdata["reference"].obs_names).isdisjoint(mdata["cells"].obs_names)
    # Contents are those of the types, platforms are not.
    for name in mdata["cells"].obs["cell_type"].cat.categories:
        own = [
            adata.obs["content"][adata.obs["cell_type"] == name].iloc[0]
            for adata in (mdata["cells"], mdata["reference"])
        ]
        assert own[0] == own[1]


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"size": 0}, ValueError, "size must be a finite number above 0"),
        ({"form": "hexagon"}, ValueError, "form must be one of 'disc', 'square', got 'hexagon'"),
        ({"n_reference": -1}, ValueError, "n_reference must be a whole number"),
        ({"spots": "Gird"}, ValueError, "spots name must be one of .*did you mean 'Grid'"),
        ({"by": 3}, TypeError, "by must be a text"),
    ],
)
def test_bad_designs_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Capture(**fields)


def test_what_is_no_sum_over_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="likelihood of modality 'visium' must be NegativeBinomial or Poisson"):
        pooled(likelihood="gaussian")
    with pytest.raises(ValueError, match="features_of of modality 'visium' must be the modality of the 'cells'"):
        pooled(features_of=None)
    other = {"expression_mean": 5.0}
    with pytest.raises(
        ValueError, match="only 'cell_type' can be summed over cells, but features respond to nonspatial"
    ):
        simulated(cells=other, reference=other, **other)
