"""Means and tables of perturbed cells against plain loops."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from scipy import stats

import spsim as sps
from oracles import perturbseq as oracle

# Rules of loadings that act on the mean; the others and batches act on its logarithm.
ON_THE_MEAN = ("Graded",)
LAYERS = {"knock_down": 0.6, "cell_cycle_sd": 0.5, "batch_sd": 0.4, "signed": True}
OFF = {"knock_down": 0.0, "cell_cycle_sd": 0.0, "batch_sd": 0.0, "signed": False}
WORLDS = {
    "cells": {"n_perturbations": 2, "n_programs": 4, "n_cells": 12},
    "niches": {"pattern": "ggblocks", "layout": sps.patterns.Grid(n_rows=6), "n_programs": 4},
    "hsc": {"network": "hsc_shape", "n_cells": 12},
}
COMBINATIONS = [("cells", on) for n in range(5) for on in itertools.combinations(LAYERS, n)] + [
    (world, on) for world in ("niches", "hsc") for on in ((), ("signed",), ("cell_cycle_sd",), tuple(LAYERS))
]


def expected_mean(adata, *, without=None):
    """The mean from slots and recorded rules, without one of the blocks if asked."""
    rules = json.loads(adata.uns["spsim"]["params"])["scenario"]["modalities"][0]["loadings"]
    added, logged = [], []
    for key in adata.varm:
        block = key.removesuffix("_loadings")
        if block == without:
            continue
        factors, loadings = adata.obsm[f"{block}_factors"].tolist(), adata.varm[key].tolist()
        on_mean = block in ("spatial", "nonspatial") or rules.get(block, {}).get("name") in ON_THE_MEAN
        (added if on_mean else logged).append((factors, loadings))
    baseline = [float(b) for b in adata.var["baseline"]]
    return np.array(
        [
            oracle.row(
                baseline,
                [(factors[i], loadings) for factors, loadings in added],
                [(factors[i], loadings) for factors, loadings in logged],
                float(adata.obs["library_size"].iloc[i]),
            )
            for i in range(adata.n_obs)
        ]
    )


@pytest.mark.parametrize(("world", "on"), COMBINATIONS)
def test_mean(world, on) -> None:
    layers = OFF | {name: LAYERS[name] for name in on}
    seed = COMBINATIONS.index((world, on))
    adata = sps.datasets.perturbseq(**WORLDS[world], **layers, overlap=seed / 24, rng=seed)["rna"]
    found = sps.get.mean(adata).to_numpy()
    # Slots are in single precision.
    assert found == pytest.approx(expected_mean(adata), rel=2e-5)
    for layer, block in (("cell_cycle_sd", "cell_cycle"), ("knock_down", "perturbation"), ("batch_sd", "batch_effect")):
        there = layer in on and (world != "niches" or block == "cell_cycle")
        assert (found == pytest.approx(expected_mean(adata, without=block), rel=2e-5)) is not there
    assert found != pytest.approx(expected_mean(adata, without="program"), rel=2e-5)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("world", WORLDS)
def test_totals_say_nothing(world, seed) -> None:
    # What depth is, in a world without anything that depends on it.
    big = {**WORLDS[world], **({} if world == "niches" else {"n_cells": 300})}
    full = sps.datasets.perturbseq(**big, **LAYERS, effect=2.0, rng=seed)
    flat = sps.datasets.perturbseq(**big, **OFF, effect=0.0, overlap=0.0, rng=seed)
    totals = [[math.fsum(line) for line in sps.get.mean(m["rna"]).to_numpy()] for m in (full, flat)]
    assert totals[0] == pytest.approx(totals[1], rel=1e-5)
    # Log-normal with median 120 and sd 0.3: a false alarm in 10,000, nine times.
    assert stats.kstest(np.log(totals[0]), stats.norm(math.log(120), 0.3).cdf).pvalue > 1e-4


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("signed", [False, True])
def test_loadings_of_programs(signed, seed) -> None:
    overlap = (0.0, 0.4, 1.0)[seed]
    adata = sps.datasets.perturbseq(n_cells=20, overlap=overlap, signed=signed, rng=seed)["rna"]
    loadings = adata.varm["program_loadings"].tolist()
    sizes = [abs(x) for line in loadings for x in line if x != 0]
    seconds = sum(sum(x != 0 for x in line) == 2 for line in loadings)
    assert {sum(x != 0 for x in line) for line in loadings} <= {1, 2}
    # False alarms: one in 10,000 for each of the four, in each of six worlds.
    assert stats.binomtest(seconds, len(loadings), overlap).pvalue > 1e-4
    assert stats.kstest(sizes, stats.gamma(3, scale=0.25 / 3).cdf).pvalue > 1e-4
    columns = [sum(line[k] != 0 for line in loadings) for k in range(len(loadings[0]))]
    # A feature's two programs differ, which makes columns a little more even than draws of their own.
    assert stats.chisquare(columns).pvalue > 1e-4
    signs = [{math.copysign(1, x) for x in line if x != 0} for line in loadings]
    assert all(len(own) == 1 for own in signs)
    downs = sum(own == {-1.0} for own in signs)
    assert stats.binomtest(downs, len(signs), 0.5).pvalue > 1e-4 if signed else downs == 0


@pytest.mark.parametrize("seed", range(3))
def test_targets_and_the_cycle(seed) -> None:
    mdata = sps.datasets.perturbseq(n_cells=1500, knock_down=0.75, rng=seed)
    adata, names = mdata["rna"], list(sps.get.table(mdata, "response").index)
    for k, name in enumerate(names):
        targets = [j for j, of in enumerate(adata.var["perturbation_factor"]) if of == name]
        assert len(targets) == 1
        column = [0.0] * adata.n_vars
        column[targets[0]] = math.log(1 - 0.75)
        assert adata.varm["perturbation_loadings"][:, k] == pytest.approx(column)
    at, phases = mdata.obsm["cell_cycle_factors"], mdata.obs["cell_cycle"].tolist()
    # False alarms: one in 10,000 for each of three, over three seeds. A sine at a uniform time is arcsine.
    assert stats.chisquare([phases.count(p) for p in ("G1", "S", "G2M")], [750, 450, 300]).pvalue > 1e-4
    for k, phase in enumerate(("S", "G2M")):
        inside = [float(line[k]) for line, p in zip(at, phases, strict=True) if p == phase]
        assert not any(line[k] for line, p in zip(at, phases, strict=True) if p != phase)
        assert stats.kstest(inside, lambda x: 2 / math.pi * np.arcsin(np.clip(x, 0, 1))).pvalue > 1e-4


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("efficiency", [0.3, 0.8, 1.0])
def test_guides_and_escapes(efficiency, seed) -> None:
    mdata = sps.datasets.perturbseq(6, n_cells=1500, efficiency=efficiency, rng=seed)
    obs, guides = mdata.obs, sps.get.table(mdata, "guide_efficiency")
    names = list(sps.get.table(mdata, "response").index)
    escaped = (obs["escaped"] == "yes").tolist()
    for i, (target, guide) in enumerate(zip(obs["perturbation"], obs["guide_id"], strict=True)):
        expected = [float(target == name and not escaped[i]) for name in names]
        assert mdata.obsm["perturbation_factors"][i].tolist() == expected
        assert target == ("control" if guide not in guides.index else guides.loc[guide, "target"])
        assert target != "control" or not escaped[i]
    # One false alarm in 10,000 per world.
    statistic = 0.0
    for guide, e in guides["efficiency"].items():
        own = [escaped[i] for i, g in enumerate(obs["guide_id"]) if g == guide]
        if 0 < e < 1:
            statistic += (sum(own) - len(own) * (1 - e)) ** 2 / (len(own) * e * (1 - e))
        else:
            assert sum(own) == len(own) * (1 - e)
    assert statistic < stats.chi2(len(guides)).isf(1e-4)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("world", [{}, {"n_programs": 12, "n_groups": 5}, {"network": "hsc_shape"}, {"effect": 0.0}])
def test_modules_and_groups(world, seed) -> None:
    mdata = sps.datasets.perturbseq(n_cells=60, **world, rng=seed)
    network, response = (sps.get.table(mdata, name) for name in ("network", "response"))
    assert network.to_numpy().tolist() == network.to_numpy().T.tolist()
    assert list(network.index) == list(network.columns) == list(response.columns)
    label = sps.get.table(mdata, "network_modules")["module"].tolist()
    own = [sorted(i for i, name in enumerate(label) if name == module) for module in set(label)]
    assert sorted(own) == sorted(oracle.modules(network.to_numpy().tolist()))
    if "network" not in world:
        assert len(own) == 2
    groups = sps.get.table(mdata, "response_groups")["group"]
    assert list(groups.index) == list(response.index)
    for a, b in itertools.combinations(response.index, 2):
        assert (groups[a] == groups[b]) == (response.loc[a].tolist() == response.loc[b].tolist())
    shifts = [[x for x in line if x != 0] for line in response.to_numpy().tolist()]
    if world.get("effect") == 0.0:
        assert not any(shifts)
    else:
        assert all(1 <= len(line) <= 3 and {abs(x) for x in line} == {1.0} for line in shifts)
    if "network" not in world:
        edges = [abs(x) for x in network.to_numpy().ravel() if x != 0]
        assert all(0.6 <= e <= 1 for e in edges)


def test_modules_of_a_network_with_loose_ends() -> None:
    edges = [("a", "b", 0.7), ("c", "c", 0.5), ("b", "d", -0.9)]
    programs = sps.factors.SpinPrograms(5, network=edges, names=list("abcde"))
    scenario = sps.Scenario(
        pattern=None,
        design=sps.designs.Dissociated(10),
        factors={"program": programs},
        modalities=[{"name": "rna", "n_nonspatial": 3}],
    )
    mdata = sps.simulate(scenario)
    modules = sps.get.table(mdata, "network_modules")["module"]
    same = {frozenset(modules.index[modules == name]) for name in modules.unique()}
    assert same == {frozenset("abd"), frozenset("c"), frozenset("e")}
    table = sps.get.table(mdata, "network")
    assert {(i, j): w for i, j, w in edges} == {
        (i, j): table.loc[i, j] for i in table.index for j in table.columns if i <= j and table.loc[i, j] != 0
    }


def test_hsc_shape() -> None:
    mdata = sps.datasets.perturbseq(network="hsc_shape", n_cells=30)
    edges = oracle.edges_of_rules()
    assert len(edges) == 30
    assert len({e for e in edges if e[0] == e[1]}) == 4
    table = sps.get.table(mdata, "network")
    assert set(table.index) == set(oracle.RULES)
    signs = oracle.undirected(edges)
    for i, j in itertools.product(table.index, table.columns):
        assert np.sign(table.loc[i, j]) == signs.get(frozenset((i, j)), 0)
    response = sps.get.table(mdata, "response")
    assert response.shape == (22, 11)
    for name, line in response.iterrows():
        gene, how = name.split("_", 1)
        expected = {"knock_out": -1.0, "activation": 1.0}[how]
        assert line.to_dict() == {k: expected if k == gene else 0.0 for k in table.index}


@pytest.mark.parametrize("wrong", [{"efficiency": 1.5}, {"knock_down": 1.0}, {"batch_sd": -0.1}])
@pytest.mark.parametrize("where", [{"n_cells": 20}, {"pattern": "ggblocks"}], ids=["cells", "niches"])
def test_values_out_of_range_are_refused_where_they_do_nothing_too(where, wrong) -> None:
    with pytest.raises(ValueError, match="must be"):
        sps.datasets.perturbseq(**where, **wrong)
