"""``perturbseq()``: what it holds, what it gives back, and that zero effects are absence."""

from __future__ import annotations

import json
from functools import cache

import mudata
import numpy as np
import pytest

import spsim as sps
from spsim.datasets import perturbseq
from spsim.datasets._hematopoiesis import REGULATORS
from spsim.slots import without_pulling

WORLDS = {
    "default": lambda rng=2: perturbseq(4, n_programs=5, n_cells=200, rng=rng),
    "hsc": lambda rng=2: perturbseq(network="hsc_shape", n_cells=300, rng=rng),
    "niches": lambda rng=2: perturbseq(n_programs=5, pattern="ggblocks", layout=sps.patterns.Grid(n_rows=12), rng=rng),
    "signed": lambda rng=2: perturbseq(4, n_programs=5, n_cells=200, signed=True, rng=rng),
}
KNOWN = {"perturbation", "guide_id", "batch"}
TABLES = ("network", "response", "network_modules", "response_groups")


@cache
def _made(name: str):
    return WORLDS[name]()


@pytest.fixture(params=WORLDS)
def world(request):
    with without_pulling():
        return _made(request.param).copy()


def same(first, second) -> None:
    assert first.obs_names.equals(second.obs_names) and np.array_equal(first["rna"].X, second["rna"].X)
    for key in ("program_factors", "program_states", "cell_cycle_factors"):
        assert np.array_equal(first.obsm[key], second.obsm[key])
    for table in TABLES:
        one, other = (sps.get.table(m, table) for m in (first, second))
        assert (one.astype(str) == other.astype(str)).all(axis=None)
    assert {key: first.obs[key].tolist() for key in KNOWN & set(first.obs)} == {
        key: second.obs[key].tolist() for key in KNOWN & set(second.obs)
    }


def test_what_the_default_holds() -> None:
    mdata = perturbseq()
    assert mdata.shape == (1500, 400) and list(mdata.mod) == ["rna"]
    assert KNOWN | {"escaped", "cell_cycle"} <= set(mdata.obs)
    assert mdata.obs["perturbation"].cat.categories[0] == "control" and mdata.obs["perturbation"].nunique() == 13
    assert mdata.obs["guide_id"].nunique() == 39 and mdata.obs["batch"].nunique() == 2
    network, response = (sps.get.table(mdata, name) for name in ("network", "response"))
    assert network.shape == (8, 8) and response.shape == (12, 8)
    assert list(network.index) == list(network.columns) == list(response.columns)
    assert list(response.index) == mdata.obs["perturbation"].cat.categories[1:].tolist()
    assert sps.get.table(mdata, "network_modules")["module"].nunique() == 2
    assert sps.get.table(mdata, "response_groups")["group"].nunique() == 6
    assert mdata.obsm["program_states"].shape == mdata.obsm["program_factors"].shape == (1500, 8)
    assert mdata["rna"].varm["program_loadings"].shape == (400, 8)
    assert "spatial" not in mdata.obsm


def test_the_shape_of_the_reference_network() -> None:
    """30 signed edges, 4 of a gene with itself; both directions of a pair are one coupling, none where signs differ."""
    edges = [(r, g, s) for g, own in REGULATORS.items() for r, s in own.items()]
    assert len(REGULATORS) == 11 and len(edges) == 30 and sum(r == g for r, g, _ in edges) == 4
    network = sps.get.table(_made("hsc"), "network")
    assert (np.diag(network) > 0).sum() == 4
    for first in network:
        for second in network:
            signs = {s for r, g, s in edges if {r, g} == {first, second}}
            expected = signs.pop() * 0.8 if len(signs) == 1 else 0.0
            assert network.loc[first, second] == pytest.approx(expected)
    assert np.count_nonzero(np.triu(network.to_numpy(), 1)) == 19 and network.loc["Gata1", "Gata2"] == 0
    response = sps.get.table(_made("hsc"), "response")
    assert response.shape == (22, 11) and (np.count_nonzero(response, axis=1) == 1).all()
    assert response.loc["Pu1_knock_out", "Pu1"] == -1 and response.loc["Pu1_activation", "Pu1"] == 1


def test_niches_are_the_conditions_in_space() -> None:
    mdata = _made("niches")
    assert not KNOWN & set(mdata.obs) and "spatial" in mdata.obsm
    response = sps.get.table(mdata, "response")
    assert list(response.index) == [name for name in mdata.obs["domain"].cat.categories if name != "background"]
    # Programs follow niches: a state of a niche is more often the one that its response says.
    means = sps.get.factors(mdata, block="program").groupby(mdata.obs["domain"].to_numpy()).mean()
    shift = (means - means.loc["background"]).loc[response.index]
    assert np.corrcoef(shift.to_numpy().ravel(), response.to_numpy().ravel())[0, 1] > 0.3


@pytest.mark.parametrize("kind", ["h5mu", "zarr"])
def test_files_bring_it_back(world, kind, tmp_path) -> None:
    path = tmp_path / f"perturbseq.{kind}"
    if kind == "zarr":
        world.write_zarr(path)
        read = mudata.read_zarr(path)
    else:
        world.write(path)
        read = mudata.read_h5mu(path)
    same(world, read)
    same(world, sps.datasets.replay(read))


def test_resample_and_twin(world) -> None:
    again = sps.datasets.resample(world, rng=9)
    assert not np.array_equal(again["rna"].X, world["rna"].X)
    same(world, sps.datasets.resample(again, rng=2))
    shallow = sps.datasets.twin(world, library_size={"name": "Depth", "median": 50, "composition": True})
    assert shallow["rna"].X.sum() < 0.5 * world["rna"].X.sum()
    assert np.array_equal(shallow.obsm["program_factors"], world.obsm["program_factors"])


def test_filtered_and_shuffled_parts_resample_to_a_part_of_the_whole(world) -> None:
    rng = np.random.default_rng(0)
    whole = sps.datasets.resample(world, rng=7)
    part = world[rng.permutation(world.n_obs)[:60]].copy()
    again = sps.datasets.resample(part, rng=7)["rna"]
    assert np.array_equal(again.X, whole["rna"][again.obs_names].X)
    expected = sps.get.mean(world["rna"]).loc[again.obs_names].to_numpy()
    assert np.array_equal(sps.get.mean(again).to_numpy(), expected)


def test_blind_copies_know_guides_and_nothing_else(world) -> None:
    world["rna"].raw = world["rna"]
    blind = sps.get.without_truth(world)
    known = (KNOWN if "perturbation" in world.obs else {"x", "y"}) & set(world.obs)
    for part in (blind, blind["rna"]):
        assert set(part.obs) <= known and "spsim" not in part.uns
        assert set(part.obsm) - {"rna"} <= {"spatial"} and not part.obsp.keys()
    assert set(blind.obs) == known
    for name, part in {"": world, **world.mod}.items():
        own = blind[name] if name else blind
        for entry in json.loads(part.uns["spsim"]["truth"]):
            if not entry["known"]:
                assert entry["key"] not in getattr(own, entry["slot"])
                if name and entry["slot"] in ("var", "varm"):
                    assert entry["key"] not in getattr(own.raw, entry["slot"])


def test_the_mean_is_that_of_plain_loops() -> None:
    """From the formula: (b + F W') exp(C V' + batch + knock-down), rows divided by their sums, times depth."""
    mdata = _made("default")
    adata = mdata["rna"]
    mean = np.zeros(adata.shape)
    for i in range(0, adata.n_obs, 20):
        row = []
        for j in range(adata.n_vars):
            value = float(adata.var["baseline"].iloc[j])
            for k in range(5):
                value += float(adata.obsm["program_factors"][i, k]) * float(adata.varm["program_loadings"][j, k])
            log = 0.0
            for block in ("cell_cycle", "batch_effect", "perturbation"):
                factors, loadings = adata.obsm[f"{block}_factors"], adata.varm[f"{block}_loadings"]
                for k in range(factors.shape[1]):
                    log += float(factors[i, k]) * float(loadings[j, k])
            row.append(value * np.exp(log))
        mean[i] = np.array(row) / sum(row)
    stated = sps.get.mean(adata).to_numpy()
    for i in range(0, adata.n_obs, 20):
        assert np.allclose(stated[i] / stated[i].sum(), mean[i], rtol=1e-5)


def test_totals_carry_no_signal() -> None:
    mdata = perturbseq(rng=1)
    plain = perturbseq(rng=1, effect=0.0)
    totals = [sps.get.mean(m["rna"]).sum(axis=1) for m in (mdata, plain)]
    assert np.allclose(*totals, rtol=1e-5) and totals[0].std() > 10


ZERO = ("effect", "knock_down", "cell_cycle_sd", "batch_sd")


FIELDS = {
    "modules": {"n_perturbations": 3, "n_programs": 4, "n_cells": 150},
    "signed": {"n_perturbations": 3, "n_programs": 4, "n_cells": 150, "signed": True},
    "hsc": {"network": "hsc_shape", "n_cells": 100},
    "niches": {"n_programs": 4, "pattern": "ggblocks", "layout": sps.patterns.Grid(n_rows=10)},
}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in FIELDS for name in ZERO if kind != "niches" or name not in ("knock_down", "batch_sd")],
)
def test_an_effect_of_size_zero_is_its_absence(kind, name) -> None:
    fields = FIELDS[kind]
    zero = perturbseq(**fields, **{name: 0.0})
    scenario = sps.Scenario.from_mdata(zero)
    rna = scenario.modalities[0]
    gone = {"knock_down": "perturbation", "cell_cycle_sd": "cell_cycle"}.get(name)
    loadings = {key: rule for key, rule in rna.loadings.items() if key != gone}
    effects = () if name == "batch_sd" else rna.effects
    factors = dict(scenario.factors)
    if name == "effect":
        own = factors["program"]
        factors["program"] = sps.factors.SpinPrograms(own.n_programs, network=own.network, names=own.names)
    without = sps.simulate(
        scenario.model_copy(
            update={
                "factors": factors,
                "modalities": (rna.model_copy(update={"loadings": loadings, "effects": effects}),),
            }
        )
    )
    assert zero["rna"].X.tobytes() == without["rna"].X.tobytes()
    assert sps.get.mean(zero["rna"]).to_numpy().tobytes() == sps.get.mean(without["rna"]).to_numpy().tobytes()
    assert (perturbseq(**fields)["rna"].X != zero["rna"].X).any()


def test_overlap_is_the_share_of_features_with_two_programs() -> None:
    """400 features × 3 seeds; 5 standard errors, false-alarm rate 6e-7."""
    for overlap in (0.0, 0.5, 1.0):
        made = [perturbseq(n_cells=20, overlap=overlap, rng=seed)["rna"].varm["program_loadings"] for seed in range(3)]
        share = np.mean([np.count_nonzero(loadings, axis=1) == 2 for loadings in made])
        error = 5 * 0.5 / np.sqrt(1200)
        assert abs(share - overlap) < error < abs(share - (1 - overlap) if overlap != 0.5 else 1)


def test_programs_are_scored_as_any_block(world) -> None:
    world["rna"].obsm["X"] = -2.0 * world["rna"].obsm["program_factors"][:, ::-1]
    table = sps.tl.factor_recovery(world, "rna:X", block="program", n_chance=5)
    assert np.allclose(table["score"], 1) and np.allclose(table["ceiling"], 1) and (table["sign"] == -1).all()
    world["rna"].obsm["noise"] = np.random.default_rng(0).random(world["rna"].obsm["X"].shape)
    noise = sps.tl.factor_recovery(world, "rna:noise", block="program", n_chance=20)
    assert noise["score"].mean() < 2 * noise["chance"].mean() < 1


def test_it_describes_itself(world) -> None:
    text = sps.datasets.describe(world).paragraph
    assert "spin network" in text and "  " not in text
    assert ("dissociated" in text) == ("perturbation" in world.obs)


def test_scanpy_takes_it_as_it_is() -> None:
    import scanpy as sc

    adata = perturbseq(4, n_programs=4, n_cells=300)["rna"]
    sc.pp.normalize_total(adata)
    sc.pp.log1p(adata)
    sc.pp.pca(adata, n_comps=5)
    sc.tl.rank_genes_groups(adata, "perturbation", reference="control")
    sc.pp.combat(adata, key="batch")
    assert np.isfinite(adata.X).all()


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"network": "chain"}, ValueError, "network must be one of 'modules', 'hsc_shape', got 'chain'"),
        (
            {"network": "hsc_shape", "n_programs": 4},
            ValueError,
            "n_perturbations, n_programs and n_groups must be left out",
        ),
        (
            {"pattern": "ggblocks", "n_cells": 10},
            ValueError,
            "n_cells, n_perturbations and network='hsc_shape' must be",
        ),
        ({"knock_down": 1}, ValueError, "knock_down must be below 1"),
        ({"efficiency": 2}, ValueError, "efficiency must be a probability"),
        ({"n_cells": 0}, ValueError, "n_cells must be a whole number of at least 1"),
        ({"n_perturbations": 0}, ValueError, "n_perturbations must be a whole number of at least 1"),
        ({"overlap": -1}, ValueError, "overlap must be a probability"),
    ],
)
def test_bad_fields_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        perturbseq(**fields)
