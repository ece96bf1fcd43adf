"""Hidden folders in which files and folders become complete, and what killed processes left in them."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spsim._files import _lock
from spsim._files._rename import rename_new

PREFIX = ".spsim-unfinished-"
LOCK, NEW, OLD = "lock", "new", "old"


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """Yield a hidden folder in ``folder``, this process's own while it lives and gone afterwards.

    What is to be moved to ``folder`` belongs into its folder ``new``. An old one may be set aside in its folder ``old``:
    if its place is still empty at the end, it goes back there.
    """
    room, lock = _own_room(folder)
    try:
        yield room
    finally:
        _leave(room, lock)


def sweep(folder: Path) -> None:
    """Put back what killed processes had set aside in ``folder``, and remove what they left; spare the living."""
    with suppress(OSError):
        for room in folder.iterdir():
            # Another user's, or one on a file system that forbids it, is no reason not to write.
            if room.name.startswith(PREFIX):
                with suppress(OSError):
                    _sweep_room(room)


def _own_room(folder: Path) -> tuple[Path, int]:
    while True:
        room = folder / f"{PREFIX}{secrets.token_hex(8)}"
        room.mkdir(mode=0o700)
        lock = _lock.own(room / LOCK)
        if lock is not None:
            return room, lock


def _sweep_room(room: Path) -> None:
    if room.is_symlink() or not {path.name for path in room.iterdir()} <= {LOCK, NEW, OLD}:
        return
    lock = _lock.inherit(room / LOCK)
    if lock is not None:
        _leave(room, lock)


def _leave(room: Path, lock: int) -> None:
    """The lock goes last: were this cut short, the next sweep would go on with it."""
    try:
        for aside in list(room.glob(f"{OLD}/*")):
            with suppress(FileExistsError):
                rename_new(aside, room.parent / aside.name)
        for part in (room / OLD, room / NEW):
            remove(part)
    finally:
        os.close(lock)
    with suppress(OSError):
        (room / LOCK).unlink()
        room.rmdir()


def remove(folder: Path) -> None:
    """Remove a folder, read-only folders in it too; what cannot be removed is left to the next sweep."""
    for where, folders, _ in os.walk(folder):
        for path in (Path(where), *(Path(where, name) for name in folders)):
            if not path.is_symlink():
                with suppress(OSError):
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
