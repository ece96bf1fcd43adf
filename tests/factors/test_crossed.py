"""Crossed labels: indicators of combinations, against a loop."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import made, source, spots
from spsim.factors import CellTypes, Crossed, Markers

GROUPS = {"condition": ["control", "treated", "treated"]}


def world(recipe, **fields):
    design = sps.designs.Slices(n_slices=3, groups=GROUPS)
    top = {"design": design, "factors": {"cell_type": CellTypes(n_types=2), "response": recipe}, "n_side": 6}
    return made(top=top, **fields)


@pytest.mark.parametrize("by", [("condition", "domain"), ("domain", "condition"), ("slice", "cell_type", "domain")])
def test_factors_are_one_where_all_labels_meet(by) -> None:
    mdata = world(Crossed(by=by))
    factors, label = mdata.obsm["response_factors"], mdata.obs["response"]
    names = list(label.cat.categories)
    for i in range(mdata.n_obs):
        expected = ":".join(mdata.obs[name].iloc[i] for name in by)
        assert label.iloc[i] == expected
        assert factors[i].tolist() == [float(name == expected) for name in names]
    assert len(names) == np.prod([mdata.obs[name].cat.categories.size for name in by])


def test_only_some_combinations_count() -> None:
    mdata = world(Crossed(by=["condition", "domain"], only=["treated:block_2", "control:block_1"]))
    factors = mdata.obsm["response_factors"]
    treated = (mdata.obs["condition"] == "treated") & (mdata.obs["domain"] == "block_2")
    assert np.array_equal(factors[:, 0], treated.astype(float)) and 0 < factors[:, 0].sum() < len(factors)
    assert mdata.obs["response"].isna().sum() == (factors.sum(axis=1) == 0).sum()
    # A wrong variant: the domain alone.
    assert not np.array_equal(factors[:, 0], (mdata.obs["domain"] == "block_2").astype(float))


def test_features_respond_where_labels_meet() -> None:
    recipe = Crossed(by=["condition", "domain"], only=["treated:block_2"])
    with_, plain = (
        world(recipe, n_mixed=0, n_nonspatial=60, **f)
        for f in ({"loadings": {"response": Markers(weight=7, share=0.5)}}, {})
    )
    gain = sps.get.mean(with_["rna"]).to_numpy() - sps.get.mean(plain["rna"]).to_numpy()
    expected = np.outer(with_.obsm["response_factors"][:, 0], with_["rna"].varm["response_loadings"][:, 0])
    assert np.allclose(gain, expected, atol=1e-5) and set(np.unique(expected)) == {0.0, 7.0}


@pytest.mark.parametrize("varies", [True, False])
def test_it_says_whether_it_varies_in_space(varies) -> None:
    recipe = Crossed(by=["condition", "cell_type"], varies_in_space=varies)
    adata = world(recipe, n_mixed=0, n_spatial=5, n_nonspatial=20, loadings={"response": Markers()})["rna"]
    adata.var["guess"] = np.arange(adata.n_vars, 0, -1.0)
    found = sps.tl.svg_detection(adata, "guess", copy=True).loc["n_spatial", "score"]
    assert found == (25 if varies else 5)


def test_who_lacks_one_of_the_labels_has_no_combination() -> None:
    some = spots(a=("x", "y"), b=("u", "v"))
    some.labels["b"].codes[:7] = -1
    factors = Crossed(by=["a", "b"]).factors(some, source())
    assert (factors.label.codes[:7] == -1).all() and not factors.values[:7].any() and factors.values[7:].sum() == 57


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"by": ["domain"]}, ValueError, "by must name at least two labels"),
        ({"by": "domain"}, TypeError, "by must be a list of names"),
        ({"by": ["a", "a"]}, ValueError, "by must be unique, got 'a' more than once"),
        ({"by": ["a", 3]}, TypeError, "by must be a text"),
        ({"only": "a:b"}, TypeError, "only must be a list of names"),
        ({"only": []}, ValueError, "only must name at least one combination"),
        ({"only": ["a:b", "a:b"]}, ValueError, "only must be unique"),
        ({"varies_in_space": 1}, TypeError, "varies_in_space must be True or False"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Crossed(**({"by": ["a", "b"]} | fields))


def test_combinations_and_labels_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="only must be one of .*got 'treated:blok_2'.*did you mean 'treated:block_2'"):
        world(Crossed(by=["condition", "domain"], only=["treated:blok_2"]))
    with pytest.raises(ValueError, match=r"factors\['response'\]: no label 'batch'; there are"):
        world(Crossed(by=["condition", "batch"]))
