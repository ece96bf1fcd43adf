"""`spsim score`: the numbers of tl, from files, errors in one line."""

from __future__ import annotations

import anndata
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from pandas.testing import assert_frame_equal

import spsim as sps
from spsim._cli import main
from spsim.slots import without_pulling


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("score")
    mdata = sps.datasets.multiomics(n_side=12)
    with without_pulling():
        mdata.write(folder / "truth.h5mu")
    rng = np.random.default_rng(0)
    order = rng.permutation(144)
    names = mdata.obs_names[order]
    factors = pd.DataFrame(mdata.obsm["spatial_factors"][order] + rng.random((144, 4)), index=names)
    factors.to_csv(folder / "factors.csv")
    pd.DataFrame({"cluster": rng.integers(0, 3, 144)}, index=names).to_csv(folder / "labels.csv")
    pd.DataFrame({"cluster": rng.random(144), "name": "a"}, index=names).to_csv(folder / "mixed.csv")
    factors.rename(index="cell_{}".format).to_csv(folder / "strangers.csv")
    adata = anndata.AnnData(
        obs=pd.DataFrame({"leiden": list("abc") * 48}, index=names), obsm={"X_f": factors.to_numpy()}
    )
    adata.write(folder / "both.h5ad")
    sps.tl.evaluate(mdata, ["spatial_factors"], copy=True).to_csv(folder / "scores.csv", index=False)
    return folder


def run(*arguments: object):
    return CliRunner().invoke(main, ["score", *map(str, arguments)])


@pytest.mark.parametrize(
    ("name", "key", "modality"),
    [
        ("factors.csv", None, None),
        ("labels.csv", "mine", "rna"),
        ("both.h5ad", "X_f", None),
        ("both.h5ad", "leiden", None),
    ],
)
def test_the_table_is_that_of_tl(folder, tmp_path, name, key, modality) -> None:
    options = [*(["--key", key] if key else []), *(["--modality", modality] if modality else [])]
    result = run(folder / "truth.h5mu", folder / name, *options, "-o", tmp_path / "t.csv")
    assert result.exit_code == 0, result.output
    truth = sps.datasets.multiomics(n_side=12)
    key = key or "factors"
    if name == "both.h5ad":
        data = anndata.read_h5ad(folder / name)
    else:
        table = pd.read_csv(folder / name, index_col=0)
        data = anndata.AnnData(obs=pd.DataFrame(index=table.index))
        if name == "labels.csv":
            data.obs[key] = table["cluster"]
        else:
            data.obsm[key] = table.to_numpy()
    expected = sps.tl.evaluate(data, [key], truth=truth if modality is None else truth[modality])
    assert_frame_equal(pd.read_csv(tmp_path / "t.csv"), expected.reset_index(drop=True), check_dtype=False)
    assert all(
        word in result.output for word in (key, "factor_recovery", "ceiling", f"{expected['value'].iloc[0]:.4f}")
    )


def test_the_ceiling_is_that_of_the_modality(folder, tmp_path) -> None:
    for options, n_below in (([], 0), (["--modality", "rna"], 1)):
        run(folder / "truth.h5mu", folder / "factors.csv", *options, "-o", tmp_path / "t.csv", "--force")
        table = pd.read_csv(tmp_path / "t.csv").query("score == 'factor_recovery'")
        assert (table["ceiling"] < 1).sum() == n_below


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no.h5mu", "factors.csv"], "no.h5mu"),
        (["truth.h5mu", "no.csv"], "no.csv"),
        (
            ["factors.csv", "factors.csv"],
            "TRUTH must end in .h5mu, .h5ad, .zarr, or be a folder for R, without a suffix, got",
        ),
        (
            ["truth.h5mu", "t.png"],
            "ESTIMATE must end in .csv, .tsv, .txt, one of these and .gz, .h5mu, .h5ad, .zarr, got",
        ),
        (["truth.h5mu", "truth.h5mu"], "--key must name what to score in"),
        (["truth.h5mu", "both.h5ad"], "--key must name what to score"),
        (["truth.h5mu", "both.h5ad", "--key", "louvain"], "keys: no 'louvain'; there are 'X_f', 'leiden'"),
        (["truth.h5mu", "mixed.csv"], "must hold names and then one column of labels or columns of numbers"),
        (["truth.h5mu", "strangers.csv"], "truth has no observation for 144 of 144 names"),
        (["truth.h5mu", "factors.csv", "--modality", "atac"], "--modality: no 'atac'; there are 'rna', 'protein'"),
        (["truth.h5mu", "factors.csv", "-o", "t.txt"], "--output must end in .csv, got"),
        (["truth.h5mu", "factors.csv", "-o", "labels.csv"], "because it is no table of scores; choose another name"),
        (["truth.h5mu", "factors.csv", "-o", "scores.csv"], "exists; give --force to overwrite it"),
    ],
)
def test_bad_input_is_one_line_and_leaves_no_file(folder, arguments, message) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    paths = [folder / a if a.endswith((".h5mu", ".csv", ".h5ad", ".txt", ".png")) else a for a in arguments]
    result = run(*paths)
    assert result.exit_code == 1 and message in result.output and isinstance(result.exception, SystemExit)
    assert len(result.output.strip().splitlines()) == 1
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
