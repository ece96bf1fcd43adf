"""Bytes that survive a power cut, and permissions that survive a replacement."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from spsim._files._entries import what_stands


def make_durable(path: Path) -> None:
    """Have the disk hold a file, or a folder and all in it, before a rename makes it the only one."""
    if path.is_dir() and hasattr(os, "sync"):
        os.sync()  # once for hundreds of files, each of which would wait for the disk
        return
    for part in _inside_first(path):
        if not part.is_dir():
            _sync(part)


def sync_folder(path: Path) -> None:
    """Have the disk hold the names in a folder; some file systems offer no such thing."""
    if sys.platform != "win32":
        with suppress(OSError):
            _sync(path)


def keep_modes(old: Path, new: Path) -> None:
    """Give what replaces a file or folder its owner and permissions, and to what is in it those of its namesakes."""
    for part in _inside_first(new):
        namesake = old / part.relative_to(new)
        if what_stands(namesake) == what_stands(part):
            before = namesake.stat()
            with suppress(OSError, AttributeError):  # only root gives files away, and Windows knows no owners
                os.chown(part, before.st_uid, before.st_gid)
            part.chmod(stat.S_IMODE(before.st_mode))


def _sync(path: Path) -> None:
    # Windows syncs only what is open for writing.
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _inside_first(path: Path) -> list[Path]:
    return [*sorted(path.rglob("*"), reverse=True), path] if path.is_dir() else [path]
