"""What of an existing file or folder spsim did not write; None if it wrote all of it.

Judged by content, never by name: what cannot be recognised stays.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

from spsim import _keys
from spsim._cli._hdf5 import check_walkable
from spsim._cli._seal import is_sealed
from spsim._files import entries
from spsim._matrix_market import CONTENTS, PARAMETERS

# How pictures begin; the text of an SVG follows its XML declaration.
_PICTURES = {".png": (b"\x89PNG\r\n\x1a\n",), ".pdf": (b"%PDF-",), ".svg": (b"<?xml", b"<svg")}
# What spsim 0.1.0 wrote into a folder for R; later ones list it.
_TABLES = ("spots.csv", "activity.csv")
_OF_A_MODALITY = ("counts.mtx", "values.mtx", "features.csv", "nonspatial_factors.csv")


def foreign_in_h5mu(path: Path) -> str | None:
    """A file with spsim's seal is spsim's as long as it is intact; without a seal, one with spsim's record."""
    try:
        if is_sealed(path):
            return None
        check_walkable(path)
        is_ours = _has_record(path)
    except ValueError as error:
        return str(error)
    return None if is_ours else f"it holds no MuData with uns[{_keys.UNS!r}], spsim's record"


def foreign_in_folder(path: Path) -> str | None:
    """A folder for R is spsim's if its parameters are, and if it holds nothing but their tables."""
    try:
        params = json.loads((path / PARAMETERS).read_text(encoding="utf-8"))
        known = _listed(path) or _files_of([str(modality["name"]) for modality in params["scenario"]["modalities"]])
        is_ours = "seeds" in params
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        is_ours, known = False, {PARAMETERS: "file"}
    foreign = [name for name, what in entries(path).items() if known.get(name) != what]
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        return f"it holds {foreign[0]!r}{more}, which spsim did not write"
    return None if is_ours else f"its {PARAMETERS} is not spsim's"


def foreign_in_picture(suffix: str, path: Path) -> str | None:
    """A picture of the same kind may be replaced: it says nothing of who drew it."""
    with path.open("rb") as file:
        start = file.read(2**12)
    is_picture = start.startswith(_PICTURES[suffix]) and (suffix != ".svg" or b"<svg" in start)
    return None if is_picture else f"it is no {suffix} picture"


def foreign_in_table(path: Path) -> str | None:
    """A table of scores has their columns, and nothing else."""
    from spsim.tl._evaluate import COLUMNS

    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, strict=True)
            is_ours = next(rows) == list(COLUMNS) and all(len(row) == len(COLUMNS) for row in rows)
    except (OSError, ValueError, csv.Error, StopIteration):
        is_ours = False
    return None if is_ours else "it is no table of scores"


def _has_record(path: Path) -> bool:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return "mod" in file and f"uns/{_keys.UNS}/{_keys.PARAMS}" in file
    except Exception:  # noqa: BLE001  (what h5py raises on a damaged file is not bounded)
        return False


def _listed(path: Path) -> dict[str, str]:
    """Return files and folders that the folder lists as its own."""
    if not (path / CONTENTS).is_file():
        return {}
    files = [str(name) for name in json.loads((path / CONTENTS).read_text(encoding="utf-8"))]
    folders = {name.rpartition("/")[0] for name in files} - {""}
    return {**dict.fromkeys(files, "file"), **dict.fromkeys(folders, "folder")}


def _files_of(modalities: list[str]) -> dict[str, str]:
    files = [*_TABLES, PARAMETERS, *(f"{name}/{file}" for name in modalities for file in _OF_A_MODALITY)]
    return {**dict.fromkeys(files, "file"), **dict.fromkeys(modalities, "folder")}
