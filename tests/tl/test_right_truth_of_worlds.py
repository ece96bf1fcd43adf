"""Scores of slices, spots, cells and programs refuse the truth of another simulation."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps

REFUSED = r"truth is another simulation than the one .* uns\['spsim_fingerprint'\]: pass the object whose blind copy"
OF_SLICES = {
    "abundance_recovery": lambda m, t: sps.tl.abundance_recovery(m, "l", condition="slice", truth=t, n_chance=1),
    "correspondence_accuracy": lambda m, t: sps.tl.correspondence_accuracy(m, "aligned", truth=t),
    "registration_error": lambda m, t: sps.tl.registration_error(m, "aligned", truth=t),
    "slice_mixing": lambda m, t: sps.tl.slice_mixing(m, "X", n_neighbors=5, truth=t),
}
OF_PROGRAMS = {
    "network_recovery": lambda m, t: sps.tl.network_recovery(m, "rna:J", factors_key="rna:X", truth=t, n_chance=1),
    "response_recovery": lambda m, t: sps.tl.response_recovery(m, "rna:R", factors_key="rna:X", truth=t, n_chance=1),
}
OF_SPOTS = {"proportion_recovery": lambda m, t: sps.tl.proportion_recovery(m, "visium:P", truth=t, n_chance=1)}
OF_CELLS = {"ecotype_recovery": lambda m, t: sps.tl.ecotype_recovery(m, "rna:guess", truth=t, n_chance=1)}


@pytest.mark.parametrize("name", OF_SLICES)
def test_the_wrong_slices_are_refused(name) -> None:
    truth, other = (sps.datasets.slices(2, n_side=8, rng=seed) for seed in (1, 2))
    blind, rng = sps.get.without_truth(truth), np.random.default_rng(0)
    blind.obsm["aligned"], blind.obsm["X"] = blind.obsm["spatial"], rng.random((truth.n_obs, 3))
    blind.obs["l"] = rng.choice(list("abc"), truth.n_obs)
    with pytest.raises(ValueError, match=REFUSED):
        OF_SLICES[name](blind, other)
    assert len(OF_SLICES[name](blind, truth))


def test_the_wrong_cells_are_refused() -> None:
    spots = sps.patterns.Hexagonal(n_rows=8, n_columns=8)
    truth, other = (sps.datasets.cells_and_spots(3, spots=spots, n_reference=20, rng=seed) for seed in (1, 2))
    blind = sps.get.without_truth(truth)
    blind["visium"].obsm["P"] = np.random.default_rng(0).dirichlet(np.ones(3), 64)
    with pytest.raises(ValueError, match=REFUSED):
        OF_SPOTS["proportion_recovery"](blind, other)
    assert len(OF_SPOTS["proportion_recovery"](blind, truth))


def test_the_wrong_ecotypes_are_refused() -> None:
    cells = sps.patterns.Uniform(n_spots=40, width=200, height=200)
    truth, other = (sps.datasets.ecotypes(2, cells=cells, n_dissociated=9, rng=seed) for seed in (1, 2))
    blind = sps.get.without_truth(truth)
    blind["rna"].obs["guess"] = np.random.default_rng(0).choice(list("ab"), blind["rna"].n_obs)
    with pytest.raises(ValueError, match=REFUSED):
        OF_CELLS["ecotype_recovery"](blind, other)
    assert len(OF_CELLS["ecotype_recovery"](blind, truth))


@pytest.mark.parametrize("name", OF_PROGRAMS)
def test_the_wrong_perturbations_are_refused(name) -> None:
    truth, other = (sps.datasets.perturbseq(3, n_programs=4, n_cells=60, rng=seed) for seed in (1, 2))
    blind, rng = sps.get.without_truth(truth), np.random.default_rng(0)
    blind["rna"].obsm["X"] = rng.random((60, 4))
    blind["rna"].uns["J"], blind["rna"].uns["R"] = rng.random((4, 4)), rng.random((3, 4))
    with pytest.raises(ValueError, match=REFUSED):
        OF_PROGRAMS[name](blind, other)
    assert len(OF_PROGRAMS[name](blind, truth))
