"""Whole files and folders or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_atomically(path: Path, write: Callable[[str], object]) -> None:
    """Let ``write`` make a file or folder beside ``path``, then move it there: an interrupted run leaves no half of it."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        write(str(unfinished))
        if path.is_dir():
            # A folder with something in it cannot be replaced in one step: move it aside, where it is deleted.
            os.replace(path, Path(folder) / "replaced")
        os.replace(unfinished, path)
