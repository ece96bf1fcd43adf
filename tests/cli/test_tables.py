"""Tables as Python, R and spreadsheets write them: read as they are meant, or refused with what was seen."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from sklearn.metrics import adjusted_rand_score

from score_runs import refused, scores
from spsim._cli._read import read_table
from spsim._cli._result import observations_of


def agreement(table: pd.DataFrame) -> dict[str, float]:
    return table.query("target == 'domains'").set_index("score")["value"].to_dict()


@pytest.fixture
def codes(mdata) -> pd.Series:
    """The true domains as numbers."""
    return pd.Series(mdata.obs["domain"].cat.codes.to_numpy(), index=mdata.obs_names, name="cluster")


def test_whole_numbers_saved_with_a_point_are_labels(tmp_path, truth, codes) -> None:
    """pandas writes 0.0 where a column once had a missing value; R writes 1 for 1.0."""
    tables = []
    for number, labels in enumerate((codes, codes.astype(float), codes.astype(float) + 3, "c" + codes.astype(str))):
        labels.to_csv(tmp_path / f"{number}.csv")
        tables.append(scores(truth, tmp_path / f"{number}.csv", "--key", "k"))
    assert agreement(tables[0])["ari"] == 1.0 and agreement(tables[0])["nmi"] == 1.0
    for table in tables[1:]:
        assert_frame_equal(table, tables[0])


def test_other_numbers_are_a_factor(tmp_path, truth, codes) -> None:
    (codes + 0.5).to_csv(tmp_path / "f.csv")
    assert set(scores(truth, tmp_path / "f.csv")["score"]) >= {"factor_recovery", "variance_recovered"}


@pytest.mark.parametrize("others", ["domain_{}", "{}", "{}.0"])
@pytest.mark.parametrize(
    "name", ["NA", "nan", "None", "", "NULL", "#N/A", "001", "TRUE", "1e5", "a;b", "T cell", 'the "x"']
)
def test_any_text_is_a_label(tmp_path, mdata, name, others) -> None:
    """Also where all others are whole numbers."""
    codes = mdata.obs["domain"].cat.codes.to_numpy()
    labels = pd.Series([name if code == 1 else others.format(code + 3) for code in codes], mdata.obs_names, name="x")
    labels.to_csv(tmp_path / "l.csv")
    found = observations_of(read_table(tmp_path / "l.csv"), "k").obs["k"]
    assert list(found.index) == list(mdata.obs_names) and adjusted_rand_score(found.astype(str), codes) == 1.0


def test_a_cluster_that_is_called_na_is_scored(tmp_path, truth, mdata) -> None:
    mdata.obs["domain"].astype(str).replace("block_1", "NA").to_csv(tmp_path / "l.csv")
    assert agreement(scores(truth, tmp_path / "l.csv"))["ari"] == 1.0


def as_comma(frame, path):
    frame.to_csv(path)


def as_semicolon(frame, path):
    frame.to_csv(path, sep=";")


def as_tab(frame, path):
    frame.to_csv(path, sep="\t")


def with_a_mark(frame, path):
    frame.to_csv(path, encoding="utf-8-sig")


def as_excel_on_windows(frame, path):
    frame.to_csv(path, sep=";", encoding="utf-8-sig", lineterminator="\r\n")


def as_write_table(frame, path):
    """R: blanks, all texts quoted, no name above the names of rows."""
    quoted = ['"' + str(name) + '"' for name in frame.columns]
    cells = [
        [f'"{name}"', *(f'"{c}"' if isinstance(c, str) else repr(float(c)) for c in row)]
        for name, *row in frame.itertuples()
    ]
    path.write_text("\n".join(" ".join(row) for row in [quoted, *cells]) + "\n")


def as_write_table_with_tabs(frame, path):
    as_write_table(frame, path)
    path.write_text(path.read_text().replace(" ", "\t"))


def compressed(frame, path):
    path.write_bytes(gzip.compress(frame.to_csv().encode()))


WRITERS = [as_comma, as_semicolon, as_tab, with_a_mark, as_excel_on_windows, as_write_table, as_write_table_with_tabs]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt"])
def test_separators_and_headers(tmp_path, mdata, codes, write, suffix) -> None:
    """The ending says nothing of the separator."""
    values = mdata.obsm["spatial_factors"] + np.random.default_rng(0).random((64, 4))
    frame = pd.DataFrame(values, mdata.obs_names).add_prefix("F")
    write(frame, tmp_path / f"f{suffix}")
    table = read_table(tmp_path / f"f{suffix}")
    assert list(table.index) == list(frame.index) and list(table) == list(frame)
    assert np.array_equal(observations_of(table, "k").obsm["k"], values)
    write(("c" + codes.astype(str)).to_frame(), tmp_path / f"l{suffix}")
    assert list(observations_of(read_table(tmp_path / f"l{suffix}"), "k").obs["k"]) == list("c" + codes.astype(str))


@pytest.mark.parametrize("write", [as_write_table, as_excel_on_windows])
def test_other_tables_are_scored_as_plain_ones(tmp_path, truth, codes, write) -> None:
    write(codes.to_frame(), tmp_path / "l.txt")
    assert agreement(scores(truth, tmp_path / "l.txt"))["ari"] == 1.0


def test_compressed_tables(tmp_path, truth, codes) -> None:
    compressed(codes.to_frame(), tmp_path / "leiden.csv.gz")
    table = scores(truth, tmp_path / "leiden.csv.gz")
    assert agreement(table)["ari"] == 1.0 and set(table["key"]) == {"leiden"}
    (tmp_path / "broken.csv.gz").write_bytes((tmp_path / "leiden.csv.gz").read_bytes()[:40])
    refused(truth, tmp_path / "broken.csv.gz", "cannot be read as a table")


@pytest.mark.parametrize(
    ("separator", "quoting"), [(";", csv.QUOTE_MINIMAL), ("\t", csv.QUOTE_MINIMAL), (",", csv.QUOTE_ALL)]
)
def test_decimal_commas_are_refused(tmp_path, truth, mdata, separator, quoting) -> None:
    frame = pd.DataFrame(mdata.obsm["spatial_factors"] + 0.25, mdata.obs_names)
    for n_columns in (1, 4):
        path = tmp_path / f"{n_columns}.csv"
        frame.iloc[:, :n_columns].to_csv(path, sep=separator, decimal=",", quoting=quoting)
        refused(truth, path, "numbers need a decimal point, got '", ",25' in column '0'", "write.csv2")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "got no second column, or no second line; a line of column names and all others need as many"),
        ("spot\nspot_0\n", "got no second column"),
        ("spot,cluster\n", "got no second column, or no second line"),
        ("spot,cluster\nspot_0,a\nspot_1,b,c\n", "with commas, got 3 columns in line 3, and 2 before it"),
        ("spot\ta\tb\nspot_0\t1\t2\nspot_1\t1\n", "with tabs, got 2 columns in line 3, and 3 before it"),
        ("spot,a,b,c\nspot_0,1\n", "with commas, got 4 names of columns, and a line of 2 values"),
        ("spot_0,a\nspot_1,b\n", "the first line must hold names of columns, got the row of 'spot_0'"),
        ("name,spot_0,spot_1\nf,1,2\n", "columns are ('spot_0', …): transpose it"),
        ("name,rna_0,rna_1\nf,1.5,2\n", "columns are ('rna_0', …): transpose it"),
        ("spot,a,b\nspot_0,1,x\nspot_1,2,y\n", "one column of labels or columns of numbers, got 'a', 'b'"),
        ("spot,a,b\nspot_0,1.5,NA\nspot_1,2,1\n", "must be finite"),
        ("spot,a\nspot_0,1.5\nspot_1,inf\n", "must be finite"),
        ("spot,a\nspot_0,1\nspot_0,2\n", "must be unique to be aligned, got 'spot_0' more than once"),
        ("gene,I\nrna_0,1\nrna_x,2\n", "truth has no feature for 1 of 2 names, among them 'rna_x'"),
        ("gene,I\nrna_0,1\nrna_0,2\n", "names of rows must be unique to be aligned, got 'rna_0' more than once"),
        ("gene,stat,adj\nrna_0,1,2\n", "(give --score-column or --p-value-column), or loadings"),
        ("gene,stat\nrna_0,1\n", "or loadings: columns of numbers named by one word and a number"),
        ("gene,pval,p_value\nrna_0,1,1\n", "which of the columns 'pval', 'p_value' is meant?"),
        ("gene,is_svg\nrna_0,maybe\n", "column 'is_svg' must say true or false, got 'maybe'"),
        ("gene,pval\nrna_0,low\n", "column 'pval' must hold numbers, got 'low'"),
        ("gene,F1,F2\nrna_0,1,x\n", "column 'F2' must hold numbers, got 'x'"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path, truth, text, words) -> None:
    (tmp_path / "e.csv").write_text(text)
    refused(truth, tmp_path / "e.csv", words)


def test_columns_are_named_for_tables_of_features_only(tmp_path, truth, codes) -> None:
    codes.to_csv(tmp_path / "l.csv")
    words = ("--p-value-column goes with a table of features, got 'p', but ESTIMATE is a table of observations",)
    refused(truth, tmp_path / "l.csv", *words, options=("--p-value-column", "p"))
