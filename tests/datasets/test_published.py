"""The catalogue against its blind second implementation."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest

import spsim as sps
from spsim.datasets._catalogue import entries

ORACLE_FOLDER = Path(__file__).parents[1] / "oracles" / "published"
IDS = list(entries())
REPLICATES = [
    pytest.param(id, replicate, marks=[pytest.mark.slow] if replicate > 1 else [])
    for id in IDS
    for replicate in range(1, len(entries()[id].seeds) + 1)
]


def oracles() -> dict:
    """Every oracle by the id it re-implements, loaded by path so that nothing can register itself."""
    found = {}
    for path in sorted(ORACLE_FOLDER.glob("*.py")):
        if not path.name.startswith(("test_", "_")):
            spec = importlib.util.spec_from_file_location(f"oracle_{path.stem}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found |= module.ORACLES
    return found


ORACLES = oracles()


def test_every_entry_has_an_oracle_and_every_oracle_an_entry() -> None:
    assert sorted(ORACLES) == sorted(IDS)


@pytest.mark.parametrize(("id", "replicate"), REPLICATES)
def test_entry_equals_its_oracle(id, replicate) -> None:
    mdata, oracle = sps.datasets.published(id, replicate=replicate), ORACLES[id](replicate)
    assert np.array_equal(mdata.obsm["spatial"], oracle["coordinates"])
    assert np.array_equal(mdata.obsm["spatial_factors"], oracle["factors"])
    assert list(sps.get.factors(mdata)) == list(oracle["factor_names"])
    assert mdata.obs["domain"].tolist() == list(oracle["domain"])
    assert list(mdata.mod) == list(oracle["modalities"])
    for name, expected in oracle["modalities"].items():
        adata = mdata[name]
        for key in ("spatial_loadings", "nonspatial_loadings"):
            assert np.array_equal(adata.varm[key], np.asarray(expected[key], np.float32)), (name, key)
        assert np.array_equal(adata.obsm["nonspatial_factors"], expected["nonspatial_factors"]), name
        if "values" in expected:
            assert np.array_equal(adata.X, expected["values"]), name
        for layer in ("counts", "counts_before_dropout"):
            if layer in expected:
                assert np.array_equal(adata.layers[layer], expected[layer]), (name, layer)


def test_the_stored_file_of_the_paper() -> None:
    """sha256 of the authors' nsf_quilt replicate 1: counts in grid order, little-endian int32, C order."""
    counts = sps.datasets.published("nsf_quilt")["rna"].X.astype("<i4")
    digest = hashlib.sha256(counts.tobytes()).hexdigest()
    assert digest == "735182b11b86b12a4e6a813fed33330b13a52e21f49a34a794d645d1817d5cda"


@pytest.mark.parametrize("id", IDS)
def test_entries_replay_and_measure_anew(id, tmp_path) -> None:
    import mudata

    mdata = sps.datasets.published(id)
    mdata.write(tmp_path / "a.h5mu")
    read = mudata.read(tmp_path / "a.h5mu")
    again = sps.datasets.replay(read)
    new = sps.datasets.resample(read, rng=12345)
    replayed = sps.datasets.replay(new)
    for name, adata in mdata.mod.items():
        assert np.array_equal(adata.X, read[name].X) and np.array_equal(adata.X, again[name].X)
        assert list(adata.layers) == list(again[name].layers)
        assert (adata.X != new[name].X).mean() > 0.05
        assert np.array_equal(new[name].X, replayed[name].X)
        assert np.array_equal(adata.varm["spatial_loadings"], new[name].varm["spatial_loadings"])
    assert mdata.uns["spsim"]["scenario"] == id
    assert f"published data set {id!r}, replicate 1" in sps.datasets.describe(mdata).paragraph


def test_spamv_drops_half_and_keeps_what_was_before() -> None:
    rna = sps.datasets.published("spamv_1")["rna"]
    before = rna.layers["counts_before_dropout"]
    changed = rna.X != before
    assert (rna.X[changed] == 0).all()
    # Share of non-zero entries that were dropped: 4.5 standard errors about one half.
    n_nonzero = (before > 0).sum()
    assert abs(changed.sum() / n_nonzero - 0.5) < 4.5 * 0.5 / np.sqrt(n_nonzero)
    assert "counts_before_dropout" not in sps.datasets.published("spamv_1")["protein"].layers


@pytest.mark.parametrize("name", ["rna", "protein"])
def test_spatialglue_adds_the_published_noise(name) -> None:
    adata = sps.datasets.published("spatialglue_3")[name]
    noise = (adata.X - adata.layers["counts"]).ravel()
    # N(2, 0.5²): mean and variance within 4.5 standard errors; the noise does not follow the counts.
    assert abs(noise.mean() - 2) < 4.5 * 0.5 / np.sqrt(noise.size)
    assert abs(noise.var() - 0.25) < 4.5 * 0.25 * np.sqrt(2 / noise.size)
    assert abs(np.corrcoef(noise, adata.layers["counts"].ravel())[0, 1]) < 4.5 / np.sqrt(noise.size)
    assert np.array_equal(adata.layers["counts"], adata.layers["counts"].round())


def test_the_table_says_what_there_is() -> None:
    table = sps.datasets.list_published()
    assert list(table.index) == IDS and table.notna().all(axis=None)
    assert (table.loc[table.index.str.startswith("nsf"), "replicates"] == 5).all()
    assert table.loc["spamv_2", ["modalities", "n_spots", "n_features"]].tolist() == ["rna, protein", 1296, 1100]
    for id in IDS:
        assert f"doi = {{{table.loc[id, 'doi']}}}" in sps.datasets.citation(id)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nsf_quit", 1), r"id must be one of 'nsf_quilt', .*got 'nsf_quit' \(did you mean 'nsf_quilt'\?\)"),
        (("nsf_quilt", 6), "replicate of 'nsf_quilt' must be 1 to 5, got 6"),
        (("nsf_quilt", 0), "replicate must be a whole number of at least 1, got 0"),
        (("spamv_1", 2), "replicate of 'spamv_1' must be 1, its only published seed, got 2"),
    ],
)
def test_unknown_ids_and_replicates_are_refused(arguments, message) -> None:
    with pytest.raises(ValueError, match=message):
        sps.datasets.published(arguments[0], replicate=arguments[1])
    if arguments[0] == "nsf_quit":
        with pytest.raises(ValueError, match=message):
            sps.datasets.citation(arguments[0])
