"""Data sets on patterns that are parameters: stored as text, replayed from the seed."""

from __future__ import annotations

import json
from dataclasses import dataclass

import mudata
import numpy as np
import pytest

import spsim as sps
from pattern_examples import EXAMPLES
from spsim._random import seed_sequence, stream
from spsim.patterns import FactorMatrix, Gradient, Grid, Pattern
from spsim.slots import without_pulling

MODALITIES = [{"name": "rna", "n_mixed": 40, "dropout_rate": 0.3}, {"name": "protein", "n_spatial": 20}]
each = pytest.mark.parametrize("pattern", EXAMPLES.values(), ids=EXAMPLES)


def made(pattern, **fields):
    return sps.datasets.multiomics(MODALITIES, **({"pattern": pattern, "n_side": 10, "rng": 3} | fields))


def assert_same(left, right) -> None:
    for name, adata in left.mod.items():
        assert np.array_equal(adata.X, right[name].X)
        for key in ("spatial", "spatial_factors", "nonspatial_factors"):
            assert np.array_equal(adata.obsm[key], right[name].obsm[key])
    assert left.uns["spsim"]["params"] == right.uns["spsim"]["params"]


@each
def test_written_and_read_it_replays_from_text_and_seed(pattern, tmp_path) -> None:
    mdata = made(pattern)
    with without_pulling():
        mdata.write(tmp_path / "data.h5mu")
        read = mudata.read_h5mu(tmp_path / "data.h5mu")
    record = json.loads(read.uns["spsim"]["params"])["scenario"]
    assert record["pattern"] == pattern.to_dict()
    scenario = sps.Scenario.from_mdata(read)
    assert scenario.pattern == pattern and scenario.layout == Grid(n_rows=10)
    read.obsm["spatial_factors"][:] = 0  # not what a replay starts from
    assert_same(mdata, sps.datasets.replay(read))
    assert_same(mdata, sps.datasets.resample(sps.datasets.resample(mdata, rng=4), rng=3))


@each
def test_its_dict_and_a_configuration_file_do_the_same(pattern, tmp_path) -> None:
    record = pattern.to_dict()
    assert_same(made(pattern), made(record))
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps({"id": "multiomics", "pattern": record, "n_side": 10, "modalities": MODALITIES}))
    assert_same(made(pattern), sps.datasets.multiomics(path, rng=3))


def test_factors_do_not_depend_on_the_counts_seed_and_the_layouts_stream_is_another() -> None:
    layout = sps.patterns.Uniform(n_spots=100, width=10, height=10)
    field = sps.patterns.GaussianProcess(length_scale=2, n_factors=2)
    mdata = made(field, layout=layout, n_side=36)
    again = sps.datasets.resample(mdata, rng=8)
    assert np.array_equal(mdata.obsm["spatial_factors"], again.obsm["spatial_factors"])
    sites = layout.sites(stream(seed_sequence(3), "layout"))
    assert np.array_equal(mdata.obsm["spatial"], sites.coordinates)
    assert np.array_equal(mdata.obsm["spatial_factors"], field.factors(sites, stream(seed_sequence(3), "pattern")))


def test_domains_are_where_a_factor_exceeds_half_its_maximum() -> None:
    mdata = made(Gradient(angle=0, names=["right"]))
    assert mdata.obs["domain"].value_counts().to_dict() == {"background": 50, "right": 50}


@dataclass(frozen=True, kw_only=True)
class Checkers(Pattern):
    """A pattern of the user's own."""

    n_factors: int = 2

    @property
    def holds_arrays(self) -> bool:
        return True

    def factors(self, sites, source) -> np.ndarray:
        colour = sites.coordinates[:, :2].astype(int).sum(axis=1) % 2
        return (colour[:, None] == np.arange(2)).astype(np.float32)


def test_a_class_of_ones_own_replays_from_what_the_object_carries() -> None:
    mdata = made(Checkers())
    assert mdata.obs["domain"].value_counts().to_dict() == {"factor_1": 50, "factor_2": 50}
    assert_same(mdata, sps.datasets.replay(mdata))


def test_a_factor_matrix_may_come_as_a_dict() -> None:
    line = np.column_stack([np.arange(6.0), np.zeros(6)])
    matrix = FactorMatrix(factors=line[:, :1], coordinates=line)
    assert_same(made(matrix, n_side=36), made(matrix.to_dict(), n_side=36))
