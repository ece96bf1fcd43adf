"""Content: molecules per cell differ between types, and so do two truths."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from effect_worlds import RNA, made, source, spots, untouched
from spsim.factors import CellTypes, Content, Detection, Spillover


@pytest.mark.parametrize("sd", [0.3, 1.0])
def test_types_have_contents_of_that_spread(sd) -> None:
    """3 seeds × 64 types: relative standard error of the spread 0.051; 4.5 of them, false-alarm rate 7e-6."""
    some = spots(kind=tuple(f"t{k}" for k in range(64)))
    logs = [np.log(Content(by="kind", sd=sd).sizes(some, source(s))["content"].astype(float)) for s in range(3)]
    values = np.concatenate(logs)
    error = 4.5 / np.sqrt(2 * len(values))
    assert abs(values.std() / sd - 1) < error < abs(1.5 * values.std() / sd - 1)
    assert abs(np.mean(values)) < 4.5 * sd / np.sqrt(len(values))


def test_the_mean_of_a_cell_is_multiplied_with_that_of_its_type() -> None:
    top = {"factors": {"cell_type": CellTypes(n_types=3)}}
    with_, plain = (made(*e, top=top) for e in ((Content(sd=0.8),), ()))
    adata = with_["rna"]
    untouched(with_, plain)
    ratio = sps.get.mean(adata).to_numpy() / sps.get.mean(plain["rna"]).to_numpy()
    assert np.allclose(ratio, adata.obs["content"].to_numpy(float)[:, None], rtol=1e-9)
    of_types = adata.obs.groupby("cell_type", observed=True)["content"].agg(["min", "max"])
    assert (of_types["min"] == of_types["max"]).all() and of_types["min"].nunique() == 3


def test_cells_have_their_content_wherever_they_are_measured() -> None:
    top = {"factors": {"cell_type": CellTypes(n_types=3)}}
    other = RNA | {"name": "again", "features_of": "rna"}

    def contents(effect):
        modalities = [RNA | {"effects": [effect]}, other | {"effects": [effect]}]
        mdata = sps.simulate(sps.Scenario(n_side=8, **top, modalities=modalities))
        return [mdata[name].obs[effect.keys[0]].to_numpy() for name in ("rna", "again")]

    assert np.array_equal(*contents(Content(sd=0.8)))
    # A detection is a property of the measurement.
    assert not np.array_equal(*contents(Detection(by="cell_type", sd=0.8)))


def test_types_are_a_prefix_and_who_has_none_has_the_median() -> None:
    few, many = (Content(by="k").sizes(spots(k=names), source())["content"] for names in (("a", "b"), ("a", "b", "c")))
    assert few[0] == many[0] and few[-1] == many[30]
    some = spots(k=("a", "b"))
    some.labels["k"].codes[:4] = -1
    assert (Content(by="k").sizes(some, source())["content"][:4] == 1).all()


def test_contents_spill_and_resample_with_their_cells() -> None:
    top = {"factors": {"cell_type": CellTypes(n_types=3)}}
    mdata = made(Content(sd=0.8), Spillover(share=0.3), top=top)
    part = mdata[np.arange(60, 2, -7)].copy()
    again, of_part = (sps.datasets.resample(world, rng=5)["rna"] for world in (mdata, part))
    assert np.array_equal(of_part.X, again[of_part.obs_names].X)
    assert "content" not in sps.get.without_truth(mdata)["rna"].obs


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"sd": -1}, ValueError, "sd must be a finite number of at least 0"),
        ({"sd": 11}, ValueError, "sd must be at most 10"),
        ({"by": 3}, TypeError, "by must be a text"),
        ({"key": "a:b"}, ValueError, "key must"),
    ],
)
def test_bad_values_are_refused_by_name(fields, error, message) -> None:
    with pytest.raises(error, match=message):
        Content(**fields)


@pytest.mark.parametrize("key", ["exposure", "area", "gene", "shape", "domain", "library_size"])
def test_names_that_stand_for_something_else_are_refused(key) -> None:
    with pytest.raises(ValueError, match=f"Content of modality 'rna': the name '{key}' is taken already"):
        made(Content(by="domain", key=key))
