"""Where ecotypes() puts its regions and samples, against the formulas of the patterns and of the design.

Numbers that are compared with a law lie beyond 5 standard deviations with probability 6e-7 each (normal limit).
Every such test also measures a wrong law and rejects it.
"""

from __future__ import annotations

import functools
import itertools
import math
import random

import numpy as np
import pytest

import spsim as sps
from ecotype_worlds import NAMES, SIDE, made, of_sample, places
from oracles import ecotypes as oracle

TOLERANCE = 5


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("angles", [(30.0,), (0.0, 90.0)])
def test_gradients(angles, seed) -> None:
    mdata = made(seed, 1000, 300, pattern=sps.patterns.Gradient(list(angles)))
    rna, cells = mdata["rna"], mdata["dissociated"]
    factors = [oracle.ramps(x, angles, side=SIDE) for x in places(rna)]
    assert rna.obsm["spatial_factors"] == pytest.approx(np.array(factors), abs=1e-6)
    names = [f"gradient_{k + 1}" for k in range(len(angles))] + ["outside"]
    assert mdata.uns["spsim"]["cell_type_composition"].index.tolist() == names

    def agrees(adata, law):
        """Whether each ecotype has the cells that a law gives it, on either half of each ramp."""
        levels = adata.obsm["spatial_factors"].tolist()
        for k, name in enumerate(names):
            hits = (adata.obs["ecotype"] == name).tolist()
            for ramp, high in itertools.product(range(len(angles)), (False, True)):
                rows = [i for i, row in enumerate(levels) if (row[ramp] > 0.5) == high]
                if abs(oracle.z_score([hits[i] for i in rows], [law(levels[i])[k] for i in rows])) > TOLERANCE:
                    return False
        return True

    assert agrees(rna, lambda row: oracle.chances(row, 0.2))
    assert agrees(cells, lambda row: oracle.chances(row, 0.2))
    assert not agrees(rna, lambda row: [0.8 / len(row)] * len(row) + [0.2])
    assert not agrees(
        rna, lambda row: [0.8 * v / sum(row) for v in row] + [0.2]
    )  # as if never outside for lack of factors
    assert not agrees(rna, lambda row: oracle.chances(row, 0.05))


@pytest.mark.parametrize("seed", range(3))
def test_regions_of_one_seed_are_convex(seed) -> None:
    rna = made(seed, pattern=sps.patterns.Voronoi(4, n_seeds=1, names=NAMES))["rna"]
    for name in rna.obs["sample"].cat.categories:
        own = of_sample(rna, name)
        regions = own.obs["domain"].tolist()
        if len(set(regions)) > 1:
            assert oracle.is_convex(places(own), regions)
            # Half of the box against the rest, with one cell in the wrong place.
            wrong = ["left" if x < SIDE / 2 else "right" for x, _ in places(own)]
            assert oracle.is_convex(places(own), wrong)
            wrong[max(range(len(wrong)), key=lambda i: -math.dist(places(own)[i], (250, 500)))] = "right"
            assert not oracle.is_convex(places(own), wrong)


@functools.cache
def clumps(n_seeds, n_tissues=200):
    """Share of pairs within 200 µm that lie in one region, of tissues drawn here."""
    draw = random.Random(n_seeds).random
    found = []
    for _ in range(n_tissues):
        cells = [(draw() * SIDE, draw() * SIDE) for _ in range(40)]
        found.append(oracle.together(cells, oracle.tessellation(4, n_seeds, cells, side=SIDE, draw=draw), within=200))
    return found


def test_tissues_are_tessellations_of_twelve_seeds() -> None:
    found, shares = [], []
    for seed in range(20):
        rna = made(seed, 40, 5, shares=(1.0,) * 4)["rna"]
        for name in rna.obs["sample"].cat.categories:
            own = of_sample(rna, name)
            regions = own.obs["domain"].tolist()
            found.append(oracle.together(places(own), regions, within=200))
            shares.append([regions.count(k) / len(regions) for k in NAMES])

    def z(n_seeds):
        law = clumps(n_seeds)
        error = math.sqrt(np.var(found, ddof=1) / len(found) + np.var(law, ddof=1) / len(law))
        return (np.mean(found) - np.mean(law)) / error

    assert abs(z(3)) < TOLERANCE
    assert min(abs(z(1)), abs(z(9))) > TOLERANCE
    # Each ecotype covers a quarter on average.
    for column in zip(*shares, strict=True):
        assert abs(np.mean(column) - 0.25) < TOLERANCE * np.std(column, ddof=1) / math.sqrt(len(column))


@pytest.mark.parametrize("seed", range(3))
def test_each_sample_is_a_tissue_of_its_own(seed) -> None:
    rna = made(seed, 120, 5, shares=(1.0,) * 4)["rna"]
    parts = [of_sample(rna, name) for name in rna.obs["sample"].cat.categories]
    for a, b in itertools.combinations(parts, 2):
        assert not set(places(a)) & set(places(b))
        assert nearest_agree(a, a) > 0.7 > nearest_agree(a, b)


def nearest_agree(a, b):
    """Share of cells whose nearest of another set is of the same region."""
    found, regions = places(b), b.obs["domain"].tolist()
    hits = 0
    for x, region in zip(places(a), a.obs["domain"], strict=True):
        hits += region == regions[min((math.dist(x, y), k) for k, y in enumerate(found) if y != x)[1]]
    return hits / a.n_obs


@pytest.mark.parametrize("seed", range(3))
def test_samples_are_windows_of_unequal_size(seed) -> None:
    small, whole = (made(seed, shares=shares)["rna"] for shares in ((1.0, 0.5, 0.7, 0.8), (1.0,) * 4))
    for name, n in zip(("sample_1", "sample_2", "sample_3", "sample_4"), (400, 200, 280, 320), strict=True):
        own, all_places = places(of_sample(small, name)), places(of_sample(whole, name))
        assert set(own) == oracle.window(all_places, n, side=SIDE)
        assert len(own) == n
        round_ = sorted(all_places, key=lambda x: math.dist(x, (SIDE / 2, SIDE / 2)))[:n]
        assert (set(own) == set(round_)) == (n == 400)
    assert len(of_sample(whole, "sample_2")) == 400


@pytest.mark.parametrize("pattern", [3, ["a"]])
def test_what_is_no_pattern_is_refused_by_name(pattern) -> None:
    with pytest.raises(TypeError, match="pattern must be one of 'quilt'"):
        sps.datasets.ecotypes(pattern=pattern)
