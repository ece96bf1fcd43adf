"""Spill-over makes cells outside ecotypes look like the ecotype around them, by as much as the knob says."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

import spsim as sps
from ecotype_worlds import NAMES
from oracles import ecotypes as oracle


@functools.cache
def dense(seed, share, strength=3.0):
    """Cells 20 µm apart: all have neighbours within the kernel. Strong programs, without batches."""
    cells = sps.patterns.Uniform(n_spots=500, width=450, height=450, unit="micrometer")
    return sps.datasets.ecotypes(
        cells=cells, shares=(1.0, 0.5), n_dissociated=0, spillover=share, strength=strength, batch_sd=0.0, rng=seed
    )["rna"]


def faked(adata):
    """Expected molecules of programs in each cell outside ecotypes, by ecotype, and all its molecules.

    What a cell has of programs is linear in them, so it is what the object keeps after spill-over times their loadings.
    """
    key = "program_factors_mixed" if "program_factors_mixed" in adata.obsm else "program_factors"
    programs = [name.split(":")[1] for name in adata.obs["program"].cat.categories]
    weights = adata.varm["program_loadings"].sum(axis=0).tolist()
    totals = sps.get.mean(adata).sum(axis=1).tolist()
    found = []
    for i, ecotype in enumerate(adata.obs["ecotype"]):
        if ecotype == "outside":
            own = dict.fromkeys(NAMES, 0.0)
            for level, name, weight in zip(adata.obsm[key][i].tolist(), programs, weights, strict=True):
                own[name] += level * weight
            found.append((adata.obs["domain"].iloc[i], {k: v / totals[i] for k, v in own.items()}))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_cells_outside_have_the_programs_around_them(seed) -> None:
    without, some, much = (faked(dense(seed, share)) for share in (0.0, 0.05, 0.3))
    assert all(set(own.values()) == {0.0} for _, own in without)
    assert len(some) > 80
    totals = [np.mean([sum(own.values()) for _, own in found]) for found in (some, much)]
    assert 0.005 < totals[0] < 0.05  # at most the share
    assert totals[1] / totals[0] == pytest.approx(6, rel=0.25)
    # A cell's strongest fake is its own region's; without spill-over there is none.
    right = [max(own, key=own.get) == region for region, own in some if sum(own.values()) > 0]
    assert len(right) > 0.9 * len(some)
    assert np.mean(right) > 0.8


@pytest.mark.parametrize("seed", range(3))
def test_counts_show_it(seed) -> None:
    def contrast(adata):
        """Share of molecules of the region's programs, against that of other regions', in cells outside; with its error.

        Programs of a cell's own type or others': the features are those of all types in the ecotype.
        """
        programs = [name.split(":")[1] for name in adata.obs["program"].cat.categories]
        of = [programs[k] for k in adata.varm["program_loadings"].argmax(axis=1)]
        shares = {k: np.asarray(adata.X)[:, [x == k for x in of]].sum(axis=1) / adata.X.sum(axis=1) for k in NAMES}
        outside = (adata.obs["ecotype"] == "outside").to_numpy()
        values = []
        for k in NAMES:
            within = outside & (adata.obs["domain"] == k).to_numpy()
            for own in np.flatnonzero(within):
                # Against cells outside of the same type in other regions, so that types and baselines drop out.
                same = outside & ~within & (adata.obs["cell_type"] == adata.obs["cell_type"].iloc[own]).to_numpy()
                if same.any():
                    values.append(shares[k][own] - shares[k][same].mean())
        return np.mean(values), np.std(values, ddof=1) / math.sqrt(len(values))

    nothing, error = contrast(dense(seed, 0.0))
    # Means of about 100 contrasts that share cells: 6 of these errors have probability below 1e-5 with effects of 2.
    assert abs(nothing) < 6 * error
    much, error_of_much = contrast(dense(seed, 0.3))
    assert much > 6 * error_of_much
    assert much > nothing + 6 * math.hypot(error, error_of_much)


@pytest.mark.parametrize("seed", range(3))
def test_what_leaves_a_cell_is_what_others_receive(seed) -> None:
    alone, spilled = dense(seed, 0.0), dense(seed, 0.05)
    before, after = (sps.get.mean(adata).to_numpy() for adata in (alone, spilled))
    for sample in ("sample_1", "sample_2"):
        own = (alone.obs["sample"] == sample).to_numpy()
        assert after[own].sum(axis=0) == pytest.approx(before[own].sum(axis=0), rel=1e-5)
    # Nobody knows whose a molecule is: strength 0 leaves nothing to fake.
    assert all(set(own.values()) == {0.0} for _, own in faked(dense(seed, 0.3, 0.0)))
    kept = [row[i] for i, row in enumerate(spilled.obsp["spillover_weights"].toarray())]
    places, samples = [tuple(x) for x in spilled.obsm["spatial"]], spilled.obs["sample"].tolist()
    for i in range(0, spilled.n_obs, 50):
        near = any(
            samples[j] == samples[i] and j != i and oracle.kernel(places[i], places[j], 20.0) > 0
            for j in range(spilled.n_obs)
        )
        assert kept[i] == pytest.approx(0.95 if near else 1.0)
