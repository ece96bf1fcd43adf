"""Scores that need slices, or spots that hold cells, and small objects with a result for each."""

from __future__ import annotations

from functools import cache

import numpy as np

import spsim as sps
from spsim.slots import without_pulling

OF_SLICES = {
    "abundance_recovery": {"key": "guess"},
    "correspondence_accuracy": {"key": "X_guess"},
    "registration_error": {"key": "aligned"},
    "slice_mixing": {"key": "X_guess", "n_neighbors": 5},
}
OF_SPOTS = {"proportion_recovery": {"key": "visium:P"}}
OF_CELLS = {"ecotype_recovery": {"key": "rna:guess"}}
OF_PROGRAMS = {
    "network_recovery": {"key": "rna:J", "factors_key": "rna:X_guess"},
    "response_recovery": {"key": "rna:R", "factors_key": "rna:X_guess"},
}
OF_WORLDS = {*OF_SLICES, *OF_SPOTS, *OF_CELLS, *OF_PROGRAMS}


def calls() -> dict[str, dict[str, object]]:
    return {**OF_SLICES, **OF_SPOTS, **OF_CELLS, **OF_PROGRAMS}


def world_of(name: str):
    with without_pulling():
        made = next(make for names, make in MADE if name in names)
        return made().copy()


@cache
def _slices():
    mdata = sps.datasets.slices(4, n_side=7, conditions=["a", "a", "b", "b"], rng=3)
    rng = np.random.default_rng(0)
    with without_pulling():
        mdata.obsm["X_guess"] = rng.random((mdata.n_obs, 3))
        mdata.obsm["aligned"] = mdata.obsm["spatial_true"] + rng.normal(0, 0.1, (mdata.n_obs, 2))
        mdata.obs["guess"] = rng.choice(list("abc"), mdata.n_obs)
    return mdata


@cache
def _spots():
    spots = sps.patterns.Hexagonal(n_rows=6, n_columns=6)
    mdata = sps.datasets.cells_and_spots(3, spots=spots, n_reference=20, rng=3)
    with without_pulling():
        mdata["visium"].obsm["P"] = np.random.default_rng(0).dirichlet(np.ones(3), 36)
    return mdata


@cache
def _cells():
    cells = sps.patterns.Uniform(n_spots=60, width=200, height=200)
    mdata = sps.datasets.ecotypes(2, cells=cells, n_dissociated=9, rng=3)
    with without_pulling():
        mdata["rna"].obs["guess"] = np.random.default_rng(0).choice(list("abc"), mdata["rna"].n_obs)
    return mdata


@cache
def _programs():
    mdata = sps.datasets.perturbseq(3, n_programs=4, n_cells=60, rng=3)
    rng = np.random.default_rng(0)
    with without_pulling():
        mdata["rna"].obsm["X_guess"] = rng.random((60, 4))
        mdata["rna"].uns["J"], mdata["rna"].uns["R"] = rng.random((4, 4)), rng.random((3, 4))
    return mdata


MADE = ((OF_SLICES, _slices), (OF_SPOTS, _spots), (OF_CELLS, _cells), (OF_PROGRAMS, _programs))
