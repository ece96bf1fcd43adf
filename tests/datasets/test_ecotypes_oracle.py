"""Means of both modalities of ecotypes() against plain loops over cells, features and pairs of cells."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import spsim as sps
from oracles import ecotypes as oracle

N, SIDE, WIDTH = 40, 250.0, 20.0  # dense enough that most cells have neighbours
# obs and varm are single precision, and so are products of them.
PRECISION = 2e-5


@functools.cache
def made(seed, *, side=SIDE, **fields):
    cells = sps.patterns.Uniform(n_spots=N, width=side, height=side, unit="micrometer")
    return sps.datasets.ecotypes(cells=cells, n_dissociated=25, rng=seed, **fields)


def depths(mdata, name):
    """Totals of rows in a world of flat features with the same seed, without effects: the depths themselves."""
    flat = sps.datasets.twin(mdata, loadings={}, effects=[], background_sd=0.0)
    return sps.get.mean(flat[name]).sum(axis=1).tolist()


def unspilled(adata):
    """Rates of each cell by its labels, before depth."""
    types = adata.obs["cell_type"].cat.categories.tolist()
    programs = adata.obs["program"].cat.categories.tolist()
    samples = [f"sample_{k + 1}" for k in range(adata.varm["batch_loadings"].shape[1])]
    loadings = {key: adata.varm[f"{key}_loadings"].T.tolist() for key in ("cell_type", "program", "batch")}
    return [
        oracle.rates(
            baseline=adata.var["baseline"].tolist(),
            of_type=loadings["cell_type"][types.index(cell)],
            of_program=None if ecotype == "outside" else loadings["program"][programs.index(f"{cell}:{ecotype}")],
            batch=loadings["batch"][samples.index(sample)],
        )
        for cell, ecotype, sample in zip(*(adata.obs[key] for key in ("cell_type", "ecotype", "sample")), strict=True)
    ]


def composed(adata, totals):
    return [[total * value / sum(row) for value in row] for row, total in zip(unspilled(adata), totals, strict=True)]


def places(adata):
    return [tuple(x) for x in adata.obsm["spatial"]]


def weights(adata, *, share, width=WIDTH, uniform=0.0):
    return oracle.weights(places(adata), adata.obs["sample"].tolist(), share=share, width=width, uniform=uniform)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fields", [{}, {"spillover": 0.0}, {"spillover": 0.4, "panel_share": 0.5}, {"strength": 0.0}])
def test_means_of_cells_with_places(fields, seed) -> None:
    mdata = made(seed, **fields)
    rna = mdata["rna"]
    expected = composed(rna, depths(mdata, "rna"))
    share = fields.get("spillover", 0.05)
    if share:
        given = weights(rna, share=share)
        assert rna.obsp["spillover_weights"].toarray() == pytest.approx(np.array(given), abs=1e-9)
        expected = oracle.spilled(given, expected)
    else:
        assert "spillover_weights" not in rna.obsp
    found = sps.get.mean(rna)
    assert np.isfinite(found).all(axis=None)
    assert found.to_numpy() == pytest.approx(np.array(expected), rel=PRECISION)


@pytest.mark.parametrize("seed", range(3))
def test_wrong_spill_over_is_not_the_mean(seed) -> None:
    mdata = made(seed)
    rna = mdata["rna"]
    found, own = sps.get.mean(rna).to_numpy(), composed(rna, depths(mdata, "rna"))
    given = weights(rna, share=0.05)
    received = [[w / sum(row) for w in row] for row in given]  # rows sum to 1: nothing is conserved
    alone = oracle.weights(places(rna), ["one"] * rna.n_obs, share=0.05, width=WIDTH)  # across samples
    wide = weights(rna, share=0.05, width=1.1 * WIDTH)
    # Shares of rows that are made only after spilling: depth would not spill.
    after = oracle.spilled(given, unspilled(rna))
    totals = depths(mdata, "rna")
    late = [[t * value / sum(row) for value in row] for row, t in zip(after, totals, strict=True)]
    for wrong in (*(oracle.spilled(w, own) for w in (received, alone, wide)), late, own):
        assert found != pytest.approx(np.array(wrong), rel=PRECISION)


@pytest.mark.parametrize("seed", range(3))
def test_a_uniform_part_and_another_width(seed) -> None:
    batch = sps.factors.Batch(by="sample", sd=0.3)
    spill = sps.factors.Spillover(0.2, width=35.0, uniform=0.1)
    mdata = sps.datasets.twin(made(seed), modality="rna", effects=[batch, spill])
    rna = mdata["rna"]
    own = composed(rna, depths(mdata, "rna"))
    found = sps.get.mean(rna).to_numpy()
    expected = oracle.spilled(weights(rna, share=0.2, width=35.0, uniform=0.1), own)
    assert found == pytest.approx(np.array(expected), rel=PRECISION)
    for wrong in ({"share": 0.3}, {"share": 0.2}, {"share": 0.2, "uniform": 0.11}):
        assert found != pytest.approx(np.array(oracle.spilled(weights(rna, width=35.0, **wrong), own)), rel=PRECISION)
    # The object keeps neighbours' part; the same for all is the number ``uniform``.
    near = np.array(weights(rna, share=0.2, width=35.0)) - 0.1 * np.eye(rna.n_obs)
    assert rna.obsp["spillover_weights"].toarray() == pytest.approx(near, abs=1e-9)


def test_who_has_no_neighbour_keeps_its_share() -> None:
    mdata = made(0, side=1000.0)
    rna = mdata["rna"]
    kept = [row[i] for i, row in enumerate(weights(rna, share=0.05))]
    assert {round(share, 9) for share in kept} == {1.0, 0.95}
    assert rna.obsp["spillover_weights"].diagonal() == pytest.approx(kept)
    expected = oracle.spilled(weights(rna, share=0.05), composed(rna, depths(mdata, "rna")))
    assert sps.get.mean(rna).to_numpy() == pytest.approx(np.array(expected), rel=PRECISION)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fields", [{}, {"strength": 0.0, "batch_sd": 0.0}])
def test_means_of_dissociated_cells(fields, seed) -> None:
    mdata = made(seed, **fields)
    cells = mdata["dissociated"]
    assert cells.varm["batch_loadings"].any() == cells.varm["program_loadings"].any() == (not fields)
    totals = depths(mdata, "dissociated")
    found = sps.get.mean(cells).to_numpy()
    assert found == pytest.approx(np.array(composed(cells, totals)), rel=PRECISION)
    assert found.sum(axis=1) == pytest.approx(totals, rel=PRECISION)
    assert min(totals) > 0
    assert np.median(totals) > 2 * np.median(depths(mdata, "rna"))


@pytest.mark.parametrize("seed", range(3))
def test_the_panel_is_the_first_half_of_the_transcriptome(seed) -> None:
    mdata = made(seed)
    rna, cells = mdata["rna"], mdata["dissociated"]
    assert rna.var["gene"].tolist() == cells.var["gene"].tolist()[:300]
    assert len(set(cells.var["gene"])) == 600
    for key in ("cell_type_loadings", "program_loadings"):
        assert (rna.varm[key] == cells.varm[key][:300]).all()
    assert rna.var["baseline"].tolist() == cells.var["baseline"].tolist()[:300]
    assert not set(rna.obs_names) & set(cells.obs_names)
    assert "spatial" not in cells.obsm
    assert list(mdata.mod) == ["rna", "dissociated"]


@pytest.mark.parametrize("seed", range(3))
def test_means_of_a_part_in_another_order(seed) -> None:
    mdata = made(seed)
    whole = oracle.spilled(weights(mdata["rna"], share=0.05), composed(mdata["rna"], depths(mdata, "rna")))
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(3 * N)[:50], rng.permutation(300)[:110]
    part = mdata["rna"][rows][:, columns].copy()
    found = sps.get.mean(part)
    assert found.index.tolist() == [f"cell_{i}" for i in rows]
    assert found.to_numpy() == pytest.approx(np.array(whole)[np.ix_(rows, columns)], rel=PRECISION)
    samples = [f"sample_{k}" for k in range(1, 6)]
    again = [
        oracle.mixed_row(
            baseline=part.var["baseline"].tolist(),
            exposure=float(part.obs["exposure"].iloc[i]),
            terms=[
                (part.obsm[f"{block}_factors_mixed"][i].tolist(), part.varm[f"{block}_loadings"].tolist())
                for block in ("cell_type", "program")
            ],
            batch=part.varm["batch_loadings"][:, samples.index(part.obs["sample"].iloc[i])].tolist(),
        )
        for i in range(part.n_obs)
    ]
    assert found.to_numpy() == pytest.approx(np.array(again), rel=PRECISION)


@pytest.mark.parametrize("seed", range(3))
def test_sizes_exposures_and_mixed_factors(seed) -> None:
    mdata = made(seed)
    rna = mdata["rna"]
    sizes = [total / sum(row) for row, total in zip(unspilled(rna), depths(mdata, "rna"), strict=True)]
    assert rna.obs["library_size"].to_numpy() == pytest.approx(sizes, rel=PRECISION)
    given = weights(rna, share=0.05)
    exposures = [sum(w * size for w, size in zip(row, sizes, strict=True)) for row in given]
    assert rna.obs["exposure"].to_numpy() == pytest.approx(exposures, rel=PRECISION)
    for block in ("cell_type", "program", "spatial"):
        scaled = [
            [size * v for v in row] for size, row in zip(sizes, rna.obsm[f"{block}_factors"].tolist(), strict=True)
        ]
        mixed = np.array(oracle.spilled(given, scaled))
        assert rna.obsm[f"{block}_factors_mixed"] == pytest.approx(mixed, rel=PRECISION, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_what_a_sample_does_not_measure_is_nan(seed) -> None:
    rna = made(seed, panel_share=0.5)["rna"]
    samples = rna.obs["sample"].cat.categories.tolist()
    panel = rna.varm["panel"]
    for values in (rna.X, rna.layers["counts"]):
        for i in range(rna.n_obs):
            s = samples.index(rna.obs["sample"].iloc[i])
            assert np.isnan(values[i]).tolist() == [not on for on in panel[:, s]]
    assert panel.any(axis=1).all()
    assert not np.isnan(made(seed, panel_share=0.5)["dissociated"].X).any()
    # 1,200 entries with probability 1/2 (a rule gives one to features without any): |z| > 5 has probability 6e-7.
    assert abs(panel.mean() - 0.5 - 0.5**4 / 4) < 5 * (0.25 / 1200) ** 0.5
    whole = made(seed)["rna"].X
    assert (whole[~np.isnan(rna.X)] == rna.X[~np.isnan(rna.X)]).all()


@pytest.mark.parametrize("seed", range(3))
def test_no_spill_over_is_its_absence(seed) -> None:
    mdata = made(seed, spillover=0.0)
    without = sps.datasets.twin(mdata, modality="rna", effects=[sps.factors.Batch(by="sample", sd=0.3)])
    assert (mdata["rna"].X == without["rna"].X).all()
    assert (mdata["dissociated"].X == made(seed)["dissociated"].X).all()
    assert (mdata["rna"].X != made(seed)["rna"].X).any()


@pytest.mark.parametrize("seed", range(3))
def test_strength_scales_programs_and_nothing_else(seed) -> None:
    weak, strong, none = (made(seed, strength=s) for s in (0.7, 2.1, 0.0))
    for name in ("rna", "dissociated"):
        own = weak[name].varm["program_loadings"]
        assert strong[name].varm["program_loadings"] == pytest.approx(3 * own, rel=1e-5)
        assert not none[name].varm["program_loadings"].any()
        for other in (strong, none):
            for key in ("cell_type", "ecotype", "sample"):
                assert other[name].obs[key].tolist() == weak[name].obs[key].tolist()
            assert (other[name].varm["cell_type_loadings"] == weak[name].varm["cell_type_loadings"]).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["rna", "dissociated"])
def test_counts_have_these_means(name, seed) -> None:
    adata = made(seed)[name]
    mean = sps.get.mean(adata).to_numpy()
    variance = mean + mean**2 / 5  # negative binomial of shape 5
    # Sums of at least 15,000 independent counts: beyond 5 standard deviations with probability below 1e-5 each.
    z = (adata.X - mean).sum() / np.sqrt(variance.sum())
    assert abs(z) < 5
    # A squared Pearson residual has variance 2 + 6 / shape + 1 / variance. Poisson counts of these means have a smaller one.
    clear = mean > 0.5
    residuals = ((adata.X - mean) ** 2)[clear]
    error = np.sqrt((2 + 6 / 5 + 1 / variance[clear]).sum())
    assert abs((residuals / variance[clear] - 1).sum()) < 6 * error
    assert (residuals / mean[clear] - 1).sum() > 6 * error


def test_a_methods_section_says_what_was_on() -> None:
    text = sps.datasets.describe(made(0, panel_share=0.5)).paragraph
    assert "Each sample measures each feature with probability 0.5" in text
    assert "changed by spill-over: each observation loses a share of 0.05" in text
    text = sps.datasets.describe(made(0, spillover=0.0)).paragraph
    assert "All features are measured in every sample." in text
    assert "changed by no spill-over" in text
    assert "loses a share of 0 " not in text
