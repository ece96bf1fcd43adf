"""Whole files or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_atomically(path: Path, write: Callable[[str], object]) -> None:
    """Let ``write`` fill a file beside ``path``, then move it there: an interrupted run leaves no half file."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        write(str(unfinished))
        os.replace(unfinished, path)
