"""Read all of an HDF5 file, as a program of its own that may crash or hang: `python _walk_hdf5.py FILE SECONDS`."""

from __future__ import annotations

import math
import sys
import time
from contextlib import suppress
from typing import Any

MOST_NUMBERS = 2**22  # at a time


def main(path: str, seconds: int) -> None:
    """Read every attribute and every value; what only raises an error is left to the reader after this one."""
    import h5py

    with suppress(ImportError):  # Windows counts no seconds
        import resource

        # Of the processor, so that a slow disk or a busy machine is no damage.
        limit = math.ceil(time.process_time()) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(Exception), h5py.File(path, "r") as file:
        _read_attributes(file)
        file.visititems(_read)


def _read(_: str, item: Any) -> None:
    """No error may end the walk: what comes after it may hang."""
    _read_attributes(item)
    with suppress(Exception):
        if hasattr(item, "shape"):
            _read_values(item)


def _read_attributes(item: Any) -> None:
    with suppress(Exception):
        for name in item.attrs:
            with suppress(Exception):
                item.attrs[name]


def _read_values(item: Any) -> None:
    if not item.shape:
        item[()]
        return
    n_rows = max(1, MOST_NUMBERS * item.shape[0] // max(1, item.size))
    for start in range(0, item.shape[0], n_rows):
        item[start : start + n_rows]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
