"""One definition of a usable name, for everything that gets one."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd
import pytest

import spsim as sps
from spsim._matrix_market import write_folder
from spsim._names import MOST_BYTES, distinct_names, usable_name, usable_text

UNUSABLE = [
    *(
        "",
        " ",
        ".",
        "..",
        "...",
        ".hidden",
        ".zattrs",
        "trailing.",
        "trailing ",
        " leading",
        "\u00a0leading",
        "\u3000x",
    ),
    *("a/b", "/", "a\\b", "\\", "C:", "rna:X", "a|b", "a<b", "a>b", 'a"b', "a?b", "a*b"),
    *("\0", "a\0b", "a\nb", "a\tb", "\ta", "a\rb", "\x1b[31m", "a\x7fb", "\x85x", "a\u2028b", "a\u2029b"),
    *("\ud800", "a\udfffb", "a\u200bb", "a\u202eb", "\ufeffa", "a\u2066b"),
    *("x" * 101, "x" * 300, "α" * 51, "🧬" * 26),
    *("=cmd", "=1+1", "+1", "-1", "@SUM(A1)", "_index", "__a", "'a", "(a)", "#a", "~", "%PATH%", "$HOME"),
    *("CON", "con", "Nul", "prn", "AUX", "com1", "LPT9", "com¹", "nul.txt", "CON.tar.gz", "aux .x", "CONIN$"),
    *("NA", "nan", "NaN", "None", "null", "NULL", "zarr.json"),
]
USABLE = [
    *("rna", "RNA", "protein", "ADT-2", "block_1", "inverted_T", "Fibroblast α", "CD4 T", "Th1/2".replace("/", "-")),
    *("Zellkern äöü", "細胞", "клетка", "1", "3D", "a.b", "spots", "σ70", "x_1", "L", "Mφ", "n'importe", "a,b", "a;b"),
    *("x" * MOST_BYTES, "α" * 50, "コン", "console", "nulls", "auxin", "comb", "lpt10", "nana", "naïve", "e\u0301tage"),
]


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_name_is_refused_everywhere(name) -> None:
    for make in (
        lambda: usable_name("name", name),
        lambda: sps.Modality(name=name),
        lambda: sps.patterns.Gradient(names=[name]),
        lambda: sps.patterns.FactorMatrix(factors=[[1.0]], coordinates=[[0.0, 0.0]], names=[name]),
        lambda: sps.patterns.Motifs(pixels=np.ones((2, 1, 1)), names=["a", name]),
    ):
        with pytest.raises(ValueError, match="name.* must ") as caught:
            make()
        assert len(str(caught.value)) < 600 and "\0" not in str(caught.value)


@pytest.mark.parametrize("name", [None, 3, 1.5, b"rna", ["rna"], ("rna",), np.array(["rna"]), pd.Series(["rna"])])
def test_a_name_is_a_text(name) -> None:
    with pytest.raises(TypeError, match="name of a modality must be a text, got"):
        sps.Modality(name=name)
    with pytest.raises(TypeError, match="names of factors must be a text, got"):
        sps.patterns.Gradient(names=[name])


@pytest.mark.parametrize("name", USABLE)
def test_a_usable_name_is_kept(name) -> None:
    assert usable_name("name", name) == name
    assert sps.Modality(name=name).name == name
    assert sps.patterns.Gradient(names=[name]).names == (name,)


def test_a_modality_may_be_called_as_no_factor_may() -> None:
    assert sps.Modality(name="CD4+").name == "CD4+"
    with pytest.raises(ValueError, match=r"without '\+' or '/'.*got 'CD4\+'"):
        sps.patterns.Gradient(names=["CD4+"])


@pytest.mark.parametrize(
    "name",
    [
        *("spatial_x", "spatial_y", "spatial_z", "Spatial_X", "domain", "Domain", "x", "y", "background", "spot"),
        *("modality", "spsim_index", "library_size", "nonspatial_1", "nonspatial_12", "Nonspatial_2"),
    ],
)
def test_a_factor_takes_no_other_columns_place(name) -> None:
    with pytest.raises(ValueError, match="names of factors must .*got"):
        sps.patterns.Blobs(radius=1, n_factors=2, names=["a", name])


@pytest.mark.parametrize(
    "name", ["spatial", "spatial_factors", "spots.csv", "Spots.CSV", "activity.csv", "parameters.json"]
)
def test_a_modality_takes_no_other_files_place(name) -> None:
    with pytest.raises(ValueError, match="name of a modality must be none of"):
        sps.Modality(name=name)


@pytest.mark.parametrize(
    "pair", [("rna", "RNA"), ("straße", "STRASSE"), ("é", "e\u0301"), ("Å", "\u212b"), ("ﬁn", "fin")]
)
def test_names_that_a_file_system_takes_for_one_are_refused(pair) -> None:
    with pytest.raises(ValueError, match="must differ in more than case or the form of letters"):
        distinct_names("names", pair)
    with pytest.raises(ValueError, match="names of modalities must differ"):
        sps.Scenario(modalities=[{"name": name} for name in pair])
    with pytest.raises(ValueError, match="names must differ"):
        sps.patterns.Gradient(angle=[0, 90], names=pair)


def test_published_and_named_patterns_have_usable_names() -> None:
    for make in sps.patterns.NAMED.values():
        assert len(set(make().names)) == len(make().names)
    distinct_names("T and t", ["T", "L", "ring"])


@pytest.mark.parametrize("names", ["ab", 5, {"a": 1}, {"a", "b"}, iter("ab"), None])
def test_a_list_of_names_is_a_list(names) -> None:
    with pytest.raises(TypeError, match="names must be a list of one name per factor, got"):
        sps.patterns.Gradient(angle=[0, 90], names=names)


@pytest.mark.parametrize("value", ["", "\0", "a\nb", "\ud800", "x" * 1001, "a\u202eb", None, 3, ["spot"]])
def test_texts_that_no_file_holds_are_refused(value) -> None:
    coordinates = np.zeros((1, 2))
    for name, make in (
        ("id", lambda: sps.Scenario(id=value, modalities=[{}])),
        ("unit", lambda: sps.patterns.Grid(unit=value)),
        ("unit", lambda: sps.patterns.FactorMatrix(factors=[[1.0]], coordinates=coordinates, unit=value)),
    ):
        with pytest.raises((TypeError, ValueError), match=f"{name} must be a text"):
            make()


def test_units_may_hold_what_names_may_not() -> None:
    assert usable_text("unit", "µm/px (10×)") == "µm/px (10×)"


@pytest.mark.parametrize("name", ["Fibroblast α", "1", "n'importe", "a,b", "コン"])
def test_a_usable_name_comes_back_from_every_file(tmp_path, name) -> None:
    import mudata

    pattern = sps.patterns.Gradient(angle=[0, 90], names=[name, "other"])
    mdata = sps.datasets.multiomics([{"name": name, "n_spatial": 3}, {"name": "b"}], pattern=pattern, n_side=3)
    sps.tl.factors_to_obs(mdata)
    mdata.write(tmp_path / "d.h5mu")
    mdata.write_zarr(tmp_path / "d.zarr")
    for again in (mudata.read(tmp_path / "d.h5mu"), mudata.read_zarr(tmp_path / "d.zarr")):
        assert list(again.mod) == [name, "b"] and list(sps.get.factors(again)) == [name, "other"]
    write_folder(mdata, str(tmp_path / "d"))
    spots = pd.read_csv(tmp_path / "d" / "spots.csv", index_col=0)
    assert np.allclose(spots["spatial_x"], mdata.obsm["spatial"][:, 0])
    assert np.allclose(spots[name], mdata.obsm["spatial_factors"][:, 0])
    assert (tmp_path / "d" / unicodedata.normalize("NFC", name) / "counts.mtx").is_file()


def test_the_folder_for_r_loses_no_column(tmp_path) -> None:
    mdata = sps.datasets.quilt(4)
    mdata["rna"].var["loading_squares"] = 1.0
    with pytest.raises(ValueError, match="columns of features.csv must be unique, got 'loading_squares'"):
        write_folder(mdata, str(tmp_path / "columns"))
    mdata = sps.datasets.quilt(4)
    mdata["rna"].var_names = ["=cmd|'/C calc'!A0", *mdata["rna"].var_names[1:]]
    with pytest.raises(ValueError, match="names in features.csv must not begin like a formula"):
        write_folder(mdata, str(tmp_path / "formula"))
