"""Knobs of ``perturbseq()``: each reaches what it says, as large as it says.

Bounds are 5 standard errors over 3 seeds, a false-alarm rate of 6e-7 each.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import spsim as sps
from spsim.datasets import perturbseq
from spsim.patterns import Grid

SMALL = {"n_perturbations": 4, "n_programs": 4, "n_cells": 20}
NICHES = {"n_programs": 4, "pattern": "ggblocks", "layout": Grid(n_rows=6)}
HSC = {"network": "hsc_shape", "n_cells": 20}


def rna(rng: int = 0, **fields):
    return perturbseq(**(SMALL | fields), rng=rng)["rna"]


@pytest.mark.parametrize("effect", [0.5, 2.0])
@pytest.mark.parametrize("world", [SMALL, NICHES, HSC])
def test_effect_is_the_size_of_the_responses(world, effect) -> None:
    response = sps.get.table(perturbseq(**world, effect=effect), "response").to_numpy()
    assert set(np.unique(np.abs(response))) == {0.0, effect} and response.any(axis=1).all()


@pytest.mark.parametrize(("n_groups", "expected"), [(None, 3), (2, 2), (6, 6), (1, 1)])
def test_as_many_responses_as_groups_or_half_as_many_as_perturbations(n_groups, expected) -> None:
    """Two that are drawn may be equal, of 6 in one set of ten: not in all of three."""
    found = []
    for rng in range(3):
        mdata = perturbseq(6, n_programs=7, n_cells=5, n_groups=n_groups, rng=rng)
        found.append(sps.get.table(mdata, "response_groups")["group"].nunique())
        assert sps.get.table(mdata, "network").shape == (7, 7)
    assert max(found) == expected


@pytest.mark.parametrize("efficiency", [0.3, 0.8])
def test_guides_work_in_the_mean_share_of_cells(efficiency) -> None:
    """3 × 300 guides of sd sqrt(e (1 - e) / 11)."""
    tables = [
        sps.get.table(perturbseq(100, n_cells=5, efficiency=efficiency, rng=rng), "guide_efficiency")
        for rng in range(3)
    ]
    stated = np.concatenate([table["efficiency"].to_numpy(float) for table in tables])
    assert abs(stated.mean() - efficiency) < 5 * np.sqrt(efficiency * (1 - efficiency) / 11 / 900)


@pytest.mark.parametrize("signed", [False, True])
def test_signed_features_go_up_or_down_on_the_logarithm(signed) -> None:
    adata = rna(signed=signed)
    loadings = adata.varm["program_loadings"].astype(float)
    assert ((loadings < 0).any(axis=1).mean() > 0.3) == signed and (loadings > 0).any()
    # Shares of the rows are exp(F W') of the background, or the background and F W'.
    sums = adata.obsm["program_factors"].astype(float) @ loadings.T
    logs = sum(
        adata.obsm[f"{b}_factors"].astype(float) @ adata.varm[f"{b}_loadings"].astype(float).T
        for b in ("cell_cycle", "batch_effect", "perturbation")
    )
    background = adata.var["baseline"].to_numpy(float)
    mean = (background * np.exp(sums) if signed else background + sums) * np.exp(logs)
    stated = sps.get.mean(adata).to_numpy()
    assert np.allclose(stated / stated.sum(axis=1, keepdims=True), mean / mean.sum(axis=1, keepdims=True), rtol=1e-4)


@pytest.mark.parametrize("knock_down", [0.4, 0.9])
def test_targets_lose_the_share(knock_down) -> None:
    loadings = rna(knock_down=knock_down).varm["perturbation_loadings"]
    assert np.allclose(loadings[loadings != 0], np.log(1 - knock_down)) and (loadings != 0).sum() == 4


@pytest.mark.parametrize(("cycle", "batch"), [(0.3, 0.1), (0.8, 0.5)])
def test_cycle_and_batch_are_as_large_as_said(cycle, batch) -> None:
    """480 and 2,400 deviates: standard errors of 3.2 % and 1.4 % of the sd."""
    made = [rna(rng, cell_cycle_sd=cycle, batch_sd=batch) for rng in range(3)]
    loadings = np.concatenate([own.varm["cell_cycle_loadings"].ravel() for own in made])
    assert abs((loadings != 0).mean() - 0.2) < 5 * np.sqrt(0.16 / 2400)
    assert loadings[loadings != 0].std() == pytest.approx(cycle, rel=0.17)
    drawn = np.concatenate([own.varm["batch_effect_loadings"].ravel() for own in made])
    assert len(drawn) == 2400 and drawn.std() == pytest.approx(batch, rel=0.072)


def test_depths_are_totals_around_120() -> None:
    """3 × 600 sizes of sd 0.3 on the logarithm: standard errors 0.009 of the median, 0.005 of the sd."""
    totals = [sps.get.mean(rna(rng, n_cells=600)).sum(axis=1).to_numpy() for rng in range(3)]
    sizes = np.log(np.concatenate(totals) / 120)
    assert abs(np.median(sizes)) < 0.045 and sizes.std() == pytest.approx(0.3, abs=0.025)


# The Boolean model of Krumsiek et al. (2011), table 1: who is on is a function of the others.
RULES = {
    "Gata2": "Gata2 and not (Gata1 and Fog1) and not Pu1",
    "Gata1": "(Gata1 or Gata2 or Fli1) and not Pu1",
    "Fog1": "Gata1",
    "Eklf": "Gata1 and not Fli1",
    "Fli1": "Gata1 and not Eklf",
    "Scl": "Gata1 and not Pu1",
    "Cebpa": "Cebpa and not (Gata1 and Fog1 and Scl)",
    "Pu1": "(Cebpa or Pu1) and not (Gata1 or Gata2)",
    "cJun": "Pu1 and not Gfi1",
    "EgrNab": "(Pu1 and cJun) and not Gfi1",
    "Gfi1": "Cebpa and not EgrNab",
}


def sign_in(rule: str, gene: str) -> int:
    """Whether a rule becomes true, or false, as a gene is switched on; 0 where it plays no role."""
    genes = [name for name in RULES if name in rule]
    if gene not in genes:
        return 0
    steps = set()
    for state in product((False, True), repeat=len(genes)):
        values = dict(zip(genes, state, strict=True))
        off, on = (bool(eval(rule, {}, values | {gene: own})) for own in (False, True))
        steps.add(int(on) - int(off))
    (step,) = steps - {0}
    return step


def test_couplings_of_the_reference_network_have_the_signs_of_its_rules() -> None:
    """Up is up and down is down, 0.8 each; a pair whose rules disagree has none."""
    signs = {(a, b): sign_in(RULES[b], a) for a in RULES for b in RULES}
    expected = [[0.8 * _agreed(signs[a, b], signs[b, a]) for b in RULES] for a in RULES]
    mdata = perturbseq(**HSC)
    network, response = (sps.get.table(mdata, name) for name in ("network", "response"))
    assert list(network.columns) == list(RULES) and np.allclose(network, expected)
    for way, shift in (("knock_out", -1), ("activation", 1)):
        for gene in RULES:
            row = response.loc[f"{gene}_{way}"]
            assert row[gene] == shift and np.count_nonzero(row) == 1


def _agreed(one: int, other: int) -> int:
    (sign,) = {one, other} - {0} if {one, other} - {0} != {1, -1} and (one or other) else {0}
    return sign


def test_niches_lie_on_the_layout_and_have_no_guides() -> None:
    mdata = perturbseq(**NICHES)
    assert mdata.n_obs == 36 and perturbseq(n_programs=2, pattern="ggblocks").n_obs == 36**2
    assert "batch_effect_loadings" not in mdata["rna"].varm and "perturbation_loadings" not in mdata["rna"].varm
    assert sps.get.table(mdata, "response").index.tolist() == ["block_1", "block_2", "block_3", "block_4"]


def test_ways_of_holding_it() -> None:
    from scipy.sparse import issparse

    plain, sparse, kept = rna(), rna(sparse=True), rna(keep_mean=True)
    assert issparse(sparse.X) and np.array_equal(sparse.X.toarray(), plain.X)
    assert "mean" not in plain.layers and np.allclose(kept.layers["mean"], sps.get.mean(plain))


def test_a_layout_that_would_play_no_role_is_refused() -> None:
    with pytest.raises(ValueError, match="layout needs a pattern, whose domains are the conditions, got Grid"):
        perturbseq(layout=Grid(n_rows=6))
