"""Tables of texts as Python, R and spreadsheets write them."""

from __future__ import annotations

import csv
import gzip
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame, Series

# Names and cells without blanks are seldom, so that these come last.
SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", " ": "blanks"}
# What R, pandas and spreadsheets write where a number is missing.
MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "None", "none", "NULL", "null", "<NA>", "#N/A"})
# R writes no name above the names of rows.
SHORTER = "a line of column names that is one shorter"
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


def parsed_table(path: Path) -> DataFrame:
    """Return a table with names as rows, every cell as the text that stands in it.

    Columns are separated by tabs, semicolons, commas or blanks, one and the same in all lines; the line of column names may
    be one shorter, as R writes it.
    """
    import pandas as pd

    text = _text(path)
    separator = _separator(text)
    buffer = io.StringIO(text, newline="")
    header = next(csv.reader(buffer, delimiter=separator))
    cells = pd.read_csv(buffer, sep=separator, header=None, dtype=str, keep_default_na=False)
    # Not with index_col, which takes names such as 001 for numbers.
    table = cells.set_index(0).rename_axis(None)
    # The name above the names of rows, where there is one, becomes that of the columns' index.
    first = header[0] if len(header) > table.shape[1] else None
    table.columns = pd.Index(header[len(header) - table.shape[1] :], dtype=object, name=first)
    _check_decimals(table)
    return table


def as_numbers(column: Series) -> Series | None:
    """Return a column of texts as numbers, NaN where one is missing; None if it holds anything else."""
    import pandas as pd

    given = column[~column.isin(MISSING)]
    if given.empty or pd.to_numeric(given, errors="coerce").isna().any():
        return None
    # As Python reads them: to_numeric may miss the last bit.
    return column.mask(column.isin(MISSING), "nan").astype(float)


def _text(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    # Spreadsheets begin with a mark of the byte order.
    return content.decode("utf-8-sig")


def _separator(text: str) -> str:
    """Return the separator that gives all lines the same number of columns, two at least; better the first line, too."""
    faults = {separator: _fault(text, separator) for separator in SEPARATORS}
    fitting = [separator for separator in SEPARATORS if faults[separator] in ("", SHORTER)]
    if fitting:
        return min(fitting, key=lambda separator: faults[separator] == SHORTER)
    seen = next((fault for fault in faults.values() if "line" in fault), "got no second column, or no second line")
    msg = f"{seen}; a line of column names and all others need as many, separated by tabs, semicolons, commas or blanks"
    raise ValueError(msg)


def _fault(text: str, separator: str) -> str:
    """Say what speaks against a separator; nothing if nothing does."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        widths = ((rows.line_num, len(row)) for row in rows if row)
        first = next(widths, (0, 0))[1]
        width = next(widths, (0, 0))[1]
        if width < 2:
            return "got one column"
        if first not in (width, width - 1):
            return f"with {SEPARATORS[separator]}, got {first} names of columns, and a line of {width} values"
        for line, found in widths:
            if found != width:
                return f"with {SEPARATORS[separator]}, got {found} columns in line {line}, and {width} before it"
    except csv.Error as error:
        return f"with {SEPARATORS[separator]}, {error} in line {rows.line_num}"
    return "" if first == width else SHORTER


def _check_decimals(table: DataFrame) -> None:
    for name, column in table.items():
        comma = column.str.fullmatch(_DECIMAL_COMMA)
        if comma.any() and as_numbers(column.str.replace(",", ".", n=1)) is not None:
            msg = (
                f"numbers need a decimal point, got {column[comma].iloc[0]!r} in column {name!r}: write them again, in R "
                "with write.csv in place of write.csv2"
            )
            raise ValueError(msg)
