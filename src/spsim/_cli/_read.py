"""The one place where the command line reads: whatever a reader raises becomes one line that names the file."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spsim._cli._hdf5 import check_walkable
from spsim._cli._plain import reason
from spsim._cli._seal import is_sealed
from spsim._cli._table import parsed_table
from spsim._cli._zarr_store import check_intact, encoding_of

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

MOST_CHARACTERS = 200  # of what a reader says
DEEPEST = 50  # levels of a configuration; a scenario has ten


def read_configuration(path: Path) -> Any:
    """Return the content of a JSON file."""
    with _reading(path, "JSON"):
        content = json.loads(path.read_text(encoding="utf-8"), parse_int=_whole)
        _check_depth(content)
    return content


def read_object(path: Path) -> AnnData | MuData:
    """Return the content of an .h5mu or .h5ad file, or of a .zarr folder with either."""
    readers = {".h5mu": read_mudata, ".h5ad": read_anndata, ".zarr": _read_zarr}
    return readers[path.suffix](path)


def read_mudata(path: Path) -> MuData:
    """Return the content of an .h5mu file."""
    import mudata

    from spsim.slots import without_pulling

    with _reading(path, "MuData"):
        if not is_sealed(path):
            check_walkable(path)
        with without_pulling():
            return _with_modalities(mudata.read_h5mu(path))


def read_anndata(path: Path) -> AnnData:
    """Return the content of an .h5ad file."""
    import anndata

    with _reading(path, "AnnData"):
        check_walkable(path)
        return anndata.read_h5ad(path)


def read_folder_for_r(path: Path) -> MuData:
    """Return the truth in a folder for R."""
    from spsim._matrix_market import read_folder

    with _reading(path, "a folder for R", is_folder=True):
        return read_folder(path)


def read_table(path: Path) -> DataFrame:
    """Return the content of a table, its first column as names."""
    with _reading(path, "a table"):
        return parsed_table(path)


def _read_zarr(path: Path) -> AnnData | MuData:
    import anndata
    import mudata

    from spsim.slots import without_pulling

    is_anndata = encoding_of(path) == "anndata"
    with _reading(path, "AnnData" if is_anndata else "MuData", is_folder=True):
        check_intact(path)
        if is_anndata:
            return anndata.read_zarr(path)
        with without_pulling():
            return _with_modalities(mudata.read_zarr(path))


def _with_modalities(data: MuData) -> MuData:
    if not getattr(data, "mod", None):
        msg = "it holds no modalities"
        raise ValueError(msg)
    return data


@contextmanager
def _reading(path: Path, what: str, *, is_folder: bool = False) -> Iterator[None]:
    _check_there(path, is_folder=is_folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        # What h5py, zarr, blosc, pandas and json raise on damage is not bounded. Nothing but readers runs inside.
        msg = (
            f"{str(path)!r} cannot be read as {what} ({type(error).__name__}: {reason(error)[:MOST_CHARACTERS]}); it is damaged, incomplete or "
            "something else: make it again, or give another; what was edited in place must be read and written again"
        )
        raise ValueError(msg) from error


def _check_there(path: Path, *, is_folder: bool) -> None:
    if not path.exists():
        msg = f"no such {'folder' if is_folder else 'file'}: {str(path)!r}"
        raise FileNotFoundError(msg)
    if not (path.is_dir() if is_folder else path.is_file()):
        msg = f"{str(path)!r} must be a {'folder' if is_folder else 'file'}, and it is none; give another"
        raise ValueError(msg)


def _whole(digits: str) -> int:
    """No count or seed in a configuration needs more than 128 bits; arithmetic on far longer ones overflows."""
    number = int(digits)
    if abs(number) >= 2**128:
        msg = f"a whole number of {len(digits)} digits is too large"
        raise ValueError(msg)
    return number


def _check_depth(content: object) -> None:
    level = [content]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    msg = f"it is nested more than {DEEPEST} levels deep"
    raise ValueError(msg)


def _inside(value: object) -> list[object]:
    return list(value.values()) if isinstance(value, Mapping) else list(value) if isinstance(value, list) else []
