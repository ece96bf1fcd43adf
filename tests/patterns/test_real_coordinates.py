"""Coordinates of a real tissue: their spacing, the names of their spots, and factors that end up nowhere."""

from __future__ import annotations

import warnings
from pathlib import Path

import anndata
import mudata
import numpy as np
import pandas as pd
import pytest

import spsim as sps
from spsim.patterns import Coordinates, FactorMatrix

SIDE = 12
LATTICE = np.column_stack([axis.ravel() for axis in np.meshgrid(np.arange(SIDE) * 100.0, np.arange(SIDE) * 100.0)])
BARCODES = [f"AAAC{number:03d}-1" for number in range(SIDE**2)]
FACTORS = sps.datasets.quilt(SIDE, n_spatial=20).obsm["spatial_factors"]
RNA = {"name": "rna", "n_spatial": 40}


def annotated() -> anndata.AnnData:
    adata = anndata.AnnData(np.ones((SIDE**2, 2), np.float32), obs=pd.DataFrame(index=BARCODES))
    adata.obsm["spatial"] = LATTICE
    return adata


def messages(make) -> list[tuple[str, str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make()
    return [(str(one.message), one.filename) for one in caught if one.category is UserWarning]


@pytest.mark.parametrize("step", [0.02, 1, 100, 137.5])
def test_a_matrix_infers_its_spacing_as_coordinates_do(step) -> None:
    places = LATTICE / 100 * step
    pattern = FactorMatrix(FACTORS, places)
    assert pattern.spacing == Coordinates(places).spacing == pytest.approx(step)
    mdata = sps.datasets.multiomics([RNA], pattern=pattern)
    assert float(mdata.uns["spsim"]["spacing"]) == pattern.spacing
    with pytest.raises(ValueError, match="spacing must be given, since all 2 coordinates are one position"):
        FactorMatrix(np.ones((2, 1)), np.zeros((2, 2)))


FRAME = pd.DataFrame(LATTICE, index=BARCODES)


@pytest.mark.parametrize(
    "pattern",
    [
        FactorMatrix(FACTORS, FRAME),
        FactorMatrix(pd.DataFrame(FACTORS, index=BARCODES), LATTICE),
        FactorMatrix(pd.DataFrame(FACTORS, index=BARCODES), FRAME.iloc[::-1]),  # brought into the order of the factors
        FactorMatrix(FACTORS, annotated()),
        FactorMatrix(FACTORS, LATTICE, obs_names=BARCODES),
    ],
)
def test_barcodes_of_factors_become_observation_names(pattern) -> None:
    mdata = sps.datasets.multiomics([RNA], pattern=pattern)
    assert mdata.obs_names.tolist() == mdata["rna"].obs_names.tolist() == BARCODES
    assert np.array_equal(mdata.obsm["spatial"], LATTICE) and np.array_equal(mdata.obsm["spatial_factors"], FACTORS)
    for again in (
        sps.datasets.replay(mdata),
        sps.datasets.resample(mdata, rng=3),
        sps.datasets.twin(mdata, dropout_rate=0.2),
        sps.simulate(sps.Scenario.from_json(sps.Scenario.from_mdata(mdata).to_json())),
    ):
        assert again.obs_names.tolist() == BARCODES
    assert np.array_equal(sps.datasets.replay(mdata)["rna"].X, mdata["rna"].X)


@pytest.mark.parametrize("layout", [FRAME, annotated(), Coordinates(FRAME), Coordinates(LATTICE, obs_names=BARCODES)])
def test_barcodes_of_coordinates_become_observation_names(layout, tmp_path: Path) -> None:
    mdata = sps.datasets.quilt(layout=layout, n_spatial=20)
    assert mdata.obs_names.tolist() == mdata["rna"].obs_names.tolist() == BARCODES
    numbered = sps.datasets.quilt(layout=LATTICE, n_spatial=20)
    assert numbered.obs_names[:2].tolist() == ["spot_0", "spot_1"]
    assert np.array_equal(numbered["rna"].X, mdata["rna"].X)
    mdata.write(tmp_path / "d.h5mu")
    again = mudata.read_h5mu(tmp_path / "d.h5mu")
    assert sps.datasets.replay(again).obs_names.tolist() == BARCODES


def test_barcodes_of_several_slices_carry_the_name_of_their_slice() -> None:
    scenario = sps.Scenario([RNA], layout=FRAME, design=sps.designs.Slices(2))
    mdata = sps.simulate(scenario)
    assert (
        mdata.obs_names[[0, 144]].tolist() == ["AAAC000-1-slice_1", "AAAC000-1-slice_2"] and mdata.obs_names.is_unique
    )
    assert sps.datasets.replay(mdata).obs_names.equals(mdata.obs_names)
    assert sps.Scenario.from_json(scenario.to_json()) == scenario


def test_columns_of_a_table_name_the_factors() -> None:
    table = pd.DataFrame(FACTORS, columns=["a", "b", "c", "d"])
    assert FactorMatrix(table, LATTICE).names == ("a", "b", "c", "d")
    assert FactorMatrix(table, LATTICE, names=list("efgh")).names == ("e", "f", "g", "h")
    assert FactorMatrix(pd.DataFrame(FACTORS), LATTICE).names[0] == "factor_1"
    assert FactorMatrix(table, LATTICE).obs_names is None  # pandas' own numbers are no names


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Coordinates(FRAME.set_axis(["a"] * 144)), "obs_names .* must be unique, got 'a' more than once"),
        (lambda: FactorMatrix(FACTORS, FRAME.set_axis(["a"] * 144)), "obs_names .* must be unique, got 'a'"),
        (lambda: sps.datasets.quilt(layout=FRAME.set_axis(["a"] * 144)), "layout: obs_names .* must be unique"),
        (
            lambda: FactorMatrix(pd.DataFrame(FACTORS, index=BARCODES), FRAME.rename(index=lambda name: f"{name}x")),
            "factors and coordinates must have the same spots in their index .144 and 144 names; in one only: 'AAAC000-1'",
        ),
        (
            lambda: FactorMatrix(pd.DataFrame(FACTORS, index=["a"] * 144), FRAME),
            "names of the spots of factors must be unique, got 'a'",
        ),
        (lambda: Coordinates(LATTICE, obs_names=["a"]), "obs_names must hold one name per spot .144., got 1"),
        (lambda: Coordinates(FRAME.set_axis(["a\nb", *BARCODES[1:]])), "obs_names must be a text without control"),
        (lambda: Coordinates(LATTICE, obs_names="abc"), "obs_names must be several"),
        (lambda: Coordinates(anndata.AnnData(np.ones((3, 2)))), "obsm of coordinates, an AnnData: no 'spatial'"),
    ],
)
def test_bad_names_are_refused(make, message) -> None:
    with pytest.raises((KeyError, TypeError, ValueError), match=message):
        make()


def test_one_stray_spot_that_leaves_factors_nowhere_is_told() -> None:
    stray = np.vstack([[0, 0], LATTICE + 1500])
    ((message, file),) = messages(lambda: sps.datasets.ggblocks(layout=stray, n_spatial=60))
    assert file == __file__
    assert message.startswith("no spot has the factor(s) block_1, block_2, block_3: ")
    assert "stray ones, such as one at (0, 0)" in message and "2650.0)" in message
    assert messages(lambda: sps.datasets.ggblocks(layout=stray[1:], n_spatial=60)) == []


def test_a_column_of_zeros_is_told() -> None:
    factors = FACTORS * np.array([1, 0, 1, 1])
    ((message, _),) = messages(lambda: sps.datasets.multiomics([RNA], pattern=FactorMatrix(factors, LATTICE)))
    assert message == "no spot has the factor(s) factor_2: their columns are 0"


@pytest.mark.parametrize("modality", [RNA, RNA | {"n_spatial": 0, "n_mixed": 30}])
def test_factors_that_make_domains_for_nobody_are_told(modality) -> None:
    two = [modality | {"active_factors": [0]}, modality | {"name": "protein", "active_factors": [0, 2]}]
    ((message, file),) = messages(lambda: sps.datasets.multiomics(two, n_side=12))
    assert message.startswith("no modality sees the factor(s) block_2, block_4, but they make domains")
    assert "active_factors" in message and "visible_domains" in message and file == __file__
    assert messages(lambda: sps.datasets.multiomics(n_side=12)) == []  # one modality sees what the other does not


def test_a_null_world_is_what_was_asked_for() -> None:
    assert messages(lambda: sps.datasets.quilt(12, n_nonspatial=20)) == []
    assert messages(lambda: sps.datasets.quilt(12, n_spatial=20, expression_mean=0)) == []
