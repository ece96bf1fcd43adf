"""A folder of Matrix Market and CSV files that R reads without Python, and its truth read back."""

from __future__ import annotations

from spsim._matrix_market._files import CONTENTS, PARAMETERS, RECORD
from spsim._matrix_market._read import read_folder
from spsim._matrix_market._write import write_folder

__all__ = ["CONTENTS", "PARAMETERS", "RECORD", "read_folder", "write_folder"]
