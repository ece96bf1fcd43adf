"""What `spsim simulate` writes, by the ending of its output."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from spsim._cli._seal import seal
from spsim._cli._zarr_store import list_files
from spsim.slots import check_writable, without_pulling

if TYPE_CHECKING:
    from mudata import MuData


def writer_of(output: Path) -> Callable[[MuData, str], None]:
    """Return what writes the kind of output that the name asks for."""
    from spsim._matrix_market import write_folder

    writers: dict[str, Callable[[MuData, str], None]] = {".h5mu": _write_h5mu, ".zarr": _write_zarr, "": write_folder}
    if output.suffix not in writers:
        msg = f"--output must end in .h5mu or .zarr, or have no suffix (a folder for R), got {str(output)!r}"
        raise ValueError(msg)
    if output.suffix:
        check_writable()
    return writers[output.suffix]


def _write_h5mu(mdata: MuData, path: str) -> None:
    with without_pulling():
        mdata.write(path)
    seal(Path(path))


def _write_zarr(mdata: MuData, path: str) -> None:
    with without_pulling():
        mdata.write_zarr(path)
    list_files(Path(path))
