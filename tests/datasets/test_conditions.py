"""``slices(conditions=…)``: composition and a program differ, and batches are confounded with it as far as is said."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from slice_worlds import same
from spsim.datasets import slices
from spsim.factors import Batch

CONDITIONS = ["control", "control", "treated", "treated"]


def test_conditions_differ_in_composition_and_in_a_program() -> None:
    mdata = slices(n_side=20, conditions=CONDITIONS, rng=5)
    types = sps.get.table(mdata, "cell_type_composition")
    assert types.index.tolist() == ["control", "treated"]
    for name in types.index:
        drawn = mdata.obs["cell_type"][mdata.obs["condition"] == name].value_counts(normalize=True)
        # Of at least 600 spots: standard error of at most 0.021, five of them allowed.
        assert np.abs(drawn[types.columns] - types.loc[name]).max() < 0.105
    responds = mdata.obs["response"].notna()
    expected = (mdata.obs["condition"] == "treated") & (mdata.obs["cell_type"] == "type_1")
    assert responds.tolist() == expected.tolist()
    assert mdata["rna"].varm["response_loadings"].any() and not mdata["rna"].varm["response_loadings"][-100:].any()
    mdata.obs["types"] = mdata.obs["cell_type"].astype(str)
    table = sps.tl.abundance_recovery(mdata, "types", label="cell_type")
    assert table.loc["rmse", "score"] == pytest.approx(0, abs=1e-9)


def correlation(confounding: float) -> tuple[float, float]:
    """Of batch effects of two slices of one condition, and of two: over 3 × 400 features."""
    effects = []
    for rng in range(3):
        adata = slices(n_side=6, conditions=CONDITIONS, confounding=confounding, rng=rng)["rna"]
        own, shared = adata.varm["batch_loadings"], adata.varm["batch_condition_loadings"]
        effects.append(own + shared[:, [0, 0, 1, 1]])
    table = np.corrcoef(np.concatenate(effects).T)
    assert np.concatenate(effects).std() == pytest.approx(0.3, rel=0.1)
    return (table[0, 1] + table[2, 3]) / 2, (table[0, 2] + table[1, 3]) / 2


@pytest.mark.parametrize("confounding", [0.0, 0.3, 0.7, 1.0])
def test_batches_are_confounded_with_conditions_to_the_degree_that_is_said(confounding) -> None:
    """Mean of two correlations of 1,200 pairs: standard error of at most 0.029; five of them allowed, once in 10⁶."""
    within, between = correlation(confounding)
    assert abs(within - confounding) < 0.145 and abs(between) < 0.145
    assert abs(within - (confounding + 0.3)) > 0.145


def test_nested_batches_are_the_data_without_confounding_bit_for_bit() -> None:
    for rng in range(3):
        nested = slices(n_side=8, conditions=CONDITIONS, rng=rng)
        plain = sps.datasets.twin(nested, effects=[Batch(by="slice", sd=0.3, within="domain", within_sd=0.15)])
        same(nested, plain)
        confounded = slices(n_side=8, conditions=CONDITIONS, confounding=0.4, rng=rng)
        assert not np.array_equal(nested["rna"].X, confounded["rna"].X)
        assert np.array_equal(nested.obsm["cell_type_factors"], confounded.obsm["cell_type_factors"])
