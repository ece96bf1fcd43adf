"""The kinds of files and folders that the commands write."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from spsim._cli._ours import foreign_in_folder, foreign_in_h5mu, foreign_in_picture, foreign_in_table
from spsim._cli._zarr_store import foreign_in_zarr
from spsim._files import Kind

PICTURES = (".png", ".pdf", ".svg")
TABLES = (".csv",)

_KINDS = {
    ".h5mu": Kind(name="an .h5mu file", is_folder=False, foreign=foreign_in_h5mu),
    ".zarr": Kind(name="a .zarr folder", is_folder=True, foreign=foreign_in_zarr),
    "": Kind(name="a folder for R", is_folder=True, foreign=foreign_in_folder),
    ".csv": Kind(name="a table", is_folder=False, foreign=foreign_in_table),
    **{
        suffix: Kind(name="a picture", is_folder=False, foreign=functools.partial(foreign_in_picture, suffix))
        for suffix in PICTURES
    },
}


def kind_of(path: Path) -> Kind:
    """Return what a path's ending asks for."""
    return _KINDS[path.suffix]


def check_suffix(name: str, path: Path, allowed: Sequence[str]) -> None:
    """Refuse another ending."""
    if path.suffix not in allowed:
        msg = f"{name} must end in {', '.join(allowed)}, got {str(path)!r}"
        raise ValueError(msg)
