"""Hidden folders in which files and folders become complete, and what killed processes left in them."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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
    room = _Room(_new_name(folder))
    try:
        room.enter()
        yield room.path
    finally:
        try:
            room.leave()
        except (KeyboardInterrupt, SystemExit):
            room.leave()  # told to stop while tidying up: tidy up, then stop
            raise


def sweep(folder: Path) -> None:
    """Put back what killed processes had set aside in ``folder``, and remove what they left; spare the living."""
    with suppress(OSError):
        for path in folder.iterdir():
            # Another user's, or one on a file system that forbids it, is no reason not to write.
            if path.name.startswith(PREFIX):
                with suppress(OSError):
                    _sweep_room(path)


@dataclass
class _Room:
    path: Path
    lock: int | None = None

    def enter(self) -> None:
        while self.lock is None:
            self.path = _new_name(self.path.parent)
            self.path.mkdir(mode=0o700)
            self.lock = _lock.own(self.path / LOCK)

    def leave(self) -> None:
        """The lock goes last: were this cut short, the next sweep would go on with it."""
        try:
            for aside in list(self.path.glob(f"{OLD}/*")):
                with suppress(FileExistsError):
                    rename_new(aside, self.path.parent / aside.name)
            for part in (self.path / OLD, self.path / NEW):
                remove(part)
        finally:
            if self.lock is not None:
                os.close(self.lock)
                self.lock = None
        with suppress(OSError):
            (self.path / LOCK).unlink(missing_ok=True)
            self.path.rmdir()


def _new_name(folder: Path) -> Path:
    return folder / f"{PREFIX}{secrets.token_hex(8)}"


def _sweep_room(path: Path) -> None:
    if path.is_symlink() or not {part.name for part in path.iterdir()} <= {LOCK, NEW, OLD}:
        return
    lock = _lock.inherit(path / LOCK)
    if lock is not None:
        _Room(path, lock).leave()


def remove(folder: Path) -> None:
    """Remove a folder, read-only folders in it too; what cannot be removed is left to the next sweep."""
    for where, folders, _ in os.walk(folder):
        for path in (Path(where), *(Path(where, name) for name in folders)):
            if not path.is_symlink():
                with suppress(OSError):
                    path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
