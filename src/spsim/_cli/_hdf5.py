"""Guard against what no `except` catches: on a damaged file the HDF5 library may crash, or never return."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from spsim._cli import _walk_hdf5

SECONDS = 2  # of the processor, for a small file
BYTES_A_SECOND = 20_000_000
PATIENCE = 20  # times as long, of the clock


def check_walkable(path: Path) -> None:
    """Refuse a file that another process cannot read to its end."""
    seconds = SECONDS + path.stat().st_size // BYTES_A_SECOND
    # -P: the folder of the program is no place to import from.
    command = [sys.executable, "-P", str(_walk_hdf5.__file__), str(path.absolute()), str(seconds)]
    try:
        ended = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE * seconds).returncode
    except subprocess.TimeoutExpired:
        ended = None
    if ended != 0:
        msg = "the HDF5 library crashes on it, or does not come to an end"
        raise ValueError(msg)
