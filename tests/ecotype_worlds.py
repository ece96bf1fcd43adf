"""Worlds of ecotypes() for tests, made once each."""

from __future__ import annotations

import functools

import spsim as sps

SIDE = 1000.0
TYPES = [f"type_{k}" for k in range(1, 6)]
NAMES = [f"ecotype_{k}" for k in range(1, 5)]


@functools.cache
def made(seed, n=400, n_dissociated=300, **fields):
    cells = sps.patterns.Uniform(n_spots=n, width=SIDE, height=SIDE, unit="micrometer")
    return sps.datasets.ecotypes(cells=cells, n_dissociated=n_dissociated, rng=seed, **fields)


def places(adata):
    return [tuple(x) for x in adata.obsm["spatial"]]


def of_sample(adata, name):
    return adata[(adata.obs["sample"] == name).to_numpy()]
