"""What ecotypes() draws for its cells and features, against its formulas: ecotypes, types, programs, weights, depths.

Numbers that are compared with a law lie beyond 5 standard deviations with probability 6e-7 each (normal limit), distances of
distribution functions beyond 2.6 / √n with probability 3e-6.
Every such test also measures a wrong law and rejects it.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import spsim as sps
from ecotype_worlds import NAMES, TYPES, made
from oracles import ecotypes as oracle

TOLERANCE = 5


def far(values, cdf):
    """Whether the distribution function of values is far from another one."""
    return oracle.distance_to(values, cdf) > 2.6 / math.sqrt(len(values))


def normal(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["rna", "dissociated"])
def test_a_cell_has_its_regions_ecotype_or_none(name, seed) -> None:
    obs = made(seed)[name].obs
    outside = (obs["ecotype"] == "outside").tolist()
    within = [e == d for e, d in zip(obs["ecotype"], obs["domain"], strict=True)]
    assert all(a != b for a, b in zip(outside, within, strict=True))
    assert set(obs["domain"]) <= set(NAMES)
    assert abs(oracle.z_score(outside, [0.2] * len(outside))) < TOLERANCE
    assert abs(oracle.z_score(outside, [0.4] * len(outside))) > TOLERANCE
    for region in NAMES:
        own = [out for out, d in zip(outside, obs["domain"], strict=True) if d == region]
        assert abs(oracle.z_score(own, [0.2] * len(own))) < TOLERANCE


@pytest.mark.parametrize("seed", range(3))
def test_the_share_outside_is_the_knob(seed) -> None:
    for share in (0.0, 0.6, 1.0):
        mdata = made(seed, outside=share)
        for name in ("rna", "dissociated"):
            outside = (mdata[name].obs["ecotype"] == "outside").tolist()
            assert abs(oracle.z_score(outside, [share] * len(outside))) < TOLERANCE


@pytest.mark.parametrize("seed", range(3))
def test_types_follow_the_ecotypes_composition(seed) -> None:
    mdata = made(seed, 1000, 600)
    table = sps.get.table(mdata, "cell_type_composition")
    assert table.columns.tolist() == TYPES
    assert table.index.tolist() == [*NAMES, "outside"]
    assert table.sum(axis=1).to_numpy() == pytest.approx(1)

    def agrees(rows, absent):
        law = {k: list(zip(TYPES, row, strict=True)) for k, row in zip([*NAMES, "outside"], rows, strict=True)}
        for name in ("rna", "dissociated"):
            obs = mdata[name].obs
            own = [
                oracle.types_of(law[e], absent.get(s, ())) for e, s in zip(obs["ecotype"], obs["sample"], strict=True)
            ]
            for k, sample in itertools.product(range(5), set(obs["sample"])):
                for ecotype in [*NAMES, "outside"]:
                    at = ((obs["sample"] == sample) & (obs["ecotype"] == ecotype)).to_numpy().nonzero()[0]
                    hits = [obs["cell_type"].iloc[i] == TYPES[k] for i in at]
                    chances = [own[i][k] for i in at]
                    # Few cells are expected of a rare type: half a cell more or less is no news.
                    slack = 4 / max(1.0, sum(chances)) ** 0.5
                    if len(at) and abs(oracle.z_score(hits, chances)) > TOLERANCE + slack:
                        return False
        return True

    rows = table.to_numpy().tolist()
    assert agrees(rows, {"sample_2": ["type_1"]})
    assert not agrees(rows, {})
    assert not agrees(rows[1:] + rows[:1], {"sample_2": ["type_1"]})


@pytest.mark.parametrize("seed", range(3))
def test_a_type_that_is_missing(seed) -> None:
    for fields, absent in (
        ({}, {("sample_2", "type_1")}),
        (
            {"missing": {"sample_1": ("type_3", "type_5"), "sample_5": ("type_2",)}},
            {("sample_1", "type_3"), ("sample_1", "type_5"), ("sample_5", "type_2")},
        ),
        ({"missing": {}}, set()),
    ):
        mdata = made.__wrapped__(seed, **fields)
        there = set(zip(mdata.obs["sample"], mdata.obs["cell_type"], strict=True))
        samples = [f"sample_{k}" for k in range(1, 6)]
        assert set(itertools.product(samples, TYPES)) - there == absent


def test_compositions_are_dirichlet() -> None:
    # One share of each row: independent, Beta(1, 4).
    found = []
    for seed in range(30):
        found += made(seed, 6, 4)["rna"].uns["spsim"]["cell_type_composition"]["type_2"].tolist()
    assert not far(found, lambda x: 1 - (1 - x) ** 4)
    assert far(found, lambda x: 1 - (1 - x) ** 2)  # of three types
    # The law of five shares with concentration 3, Beta(3, 12), by its own sum.
    assert far(found, lambda x: sum(math.comb(14, k) * x**k * (1 - x) ** (14 - k) for k in range(3, 15)))


@pytest.mark.parametrize("seed", range(3))
def test_programs_are_switched_on_together(seed) -> None:
    mdata = made(seed)
    for name in ("rna", "dissociated"):
        adata = mdata[name]
        programs = adata.obs["program"].cat.categories.tolist()
        assert programs == [f"{t}:{k}" for t in TYPES for k in NAMES]
        factors = adata.obsm["program_factors"]
        for i, (t, k) in enumerate(zip(adata.obs["cell_type"], adata.obs["ecotype"], strict=True)):
            own = [1.0 if p == f"{t}:{k}" else 0.0 for p in programs]
            assert factors[i].tolist() == own
            assert sum(own) == (k != "outside")
        on = {(k, t) for t, k in zip(adata.obs["cell_type"], adata.obs["ecotype"], strict=True) if k != "outside"}
        # Many types at once: ecotypes with one type only would be types under another name.
        assert min(sum(1 for k, _ in on if k == name) for name in NAMES) >= 3
        assert adata.obs["program"].isna().tolist() == (adata.obs["ecotype"] == "outside").tolist()


@pytest.mark.parametrize("seed", range(3))
def test_weights_of_features(seed) -> None:
    cells = made(seed, 20, 10, strength=0.7)["dissociated"]
    programs, types = cells.varm["program_loadings"], cells.varm["cell_type_loadings"]
    assert ((programs > 0).sum(axis=1) == 1).all()
    # 600 features over 20 programs: 30 ± 5.3 each.
    n = (programs > 0).sum(axis=0)
    assert np.abs(n - 30).max() < TOLERANCE * math.sqrt(600 / 20 * 19 / 20)
    second = (types > 0).sum(axis=1) - 1
    assert set(second.tolist()) == {0, 1}
    assert abs(oracle.z_score(second.tolist(), [0.3] * 600)) < TOLERANCE


def gamma(shape):
    """Distribution function of a Gamma variable of mean 1 and a whole shape."""
    return lambda x: 1 - math.exp(-shape * x) * sum((shape * x) ** k / math.factorial(k) for k in range(shape))


def test_weights_of_features_are_gamma() -> None:
    of_programs, of_types = [], []
    for seed in range(8):
        cells = made(seed, 20, 10, strength=0.7)["dissociated"]
        programs, types = cells.varm["program_loadings"], cells.varm["cell_type_loadings"]
        of_programs += (programs[programs > 0] / 0.7).tolist()
        # The first one of each feature: those of its two types may be one number.
        of_types += [float(row[row > 0][0]) for row in types]
    for found, shape in ((of_programs, 3), (of_types, 1)):
        assert [k for k in (1, 2, 3, 4) if not far(found, gamma(k))] == [shape]


@pytest.mark.parametrize("seed", range(3))
def test_baselines_batches_and_depths(seed) -> None:
    mdata = made(seed, 400, 300, spillover=0.0)
    cells = mdata["dissociated"]
    assert not far(cells.var["baseline"].tolist(), lambda x: normal(math.log(x / 0.3) / 0.8))
    for adata, median in ((mdata["rna"], 400), (cells, 2000)):
        batch = adata.varm["batch_loadings"].ravel().tolist()
        assert not far(batch, lambda x: normal(x / 0.3))
        assert far(batch, lambda x: normal(x / 0.45))
        totals = sps.get.mean(adata).sum(axis=1)
        depths = [math.log(total / median) / 0.4 for total in totals]
        assert not far(depths, normal)
        assert far(depths, lambda x: normal(x - 0.8))
        # Totals say nothing of types and ecotypes, nor of samples.
        for key in ("cell_type", "ecotype", "sample"):
            for _, own in np.log(totals / median).groupby(adata.obs[key], observed=True):
                assert abs(own.mean()) < TOLERANCE * 0.4 / math.sqrt(len(own))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_held_out(seed) -> None:
    for fields, spatial in ({}, {"sample_4"}), ({"shares": (1.0, 0.5)}, {"sample_2"}):
        mdata = made(seed, **fields)
        obs = mdata.obs
        held_out = {s for s, h in zip(obs["sample"], obs["held_out"], strict=True) if h == "True"}
        not_held_out = {s for s, h in zip(obs["sample"], obs["held_out"], strict=True) if h == "False"}
        dissociated = set(mdata["dissociated"].obs["sample"])
        assert len(dissociated) == 1
        assert held_out == spatial | dissociated
        assert not held_out & not_held_out
        assert dissociated.isdisjoint(mdata["rna"].obs["sample"])
    assert list(made(seed, n_dissociated=0).mod) == ["rna"]
