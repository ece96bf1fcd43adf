"""What a folder holds."""

from __future__ import annotations

import os
from pathlib import Path


def entries(folder: Path) -> dict[str, str]:
    """Return what lies below a folder, by its path from there with forward slashes: a file, a folder, or neither.

    A link is neither, whatever it leads to: it is looked at, not followed.
    """
    found = {}
    for where, folders, files in os.walk(folder, onerror=_refuse):
        for name in (*folders, *files):
            path = Path(where, name)
            found[path.relative_to(folder).as_posix()] = what_stands(path)
    return found


def what_stands(path: Path) -> str:
    """Return whether a path is a ``file``, a ``folder``, or ``neither`` (a link, a pipe, a device)."""
    if path.is_symlink():
        return "neither"
    return "folder" if path.is_dir() else "file" if path.is_file() else "neither"


def _refuse(error: OSError) -> None:
    raise error
