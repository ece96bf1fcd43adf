"""Where to write, and whether what stands there may go."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spsim._files._entries import what_stands


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is to be written."""

    name: str
    """As in "an .h5mu file"."""
    is_folder: bool
    foreign: Callable[[Path], str | None]
    """Says what of an existing file or folder spsim did not write; None if it wrote all of it."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A place to write to."""

    given: Path
    """As the user wrote it."""
    path: Path
    """Every link followed, so that what a link leads to is replaced and the link stays."""
    kind: Kind
    force: bool
    """Whether what spsim wrote before may be replaced."""

    def check(self) -> None:
        """Refuse a place that cannot be written to, or where something stands that must stay."""
        self._check_surroundings()
        if os.path.lexists(self.path):
            self._check_type()
            foreign = None if _holds_nothing(self.path) else self.kind.foreign(self.path)
            if foreign is not None:
                msg = (
                    f"{self._name} exists and is not replaced, because {foreign}; choose another name, or move what "
                    "is there away"
                )
                raise FileExistsError(msg)
            if not self.force:
                msg = f"{self._name} exists; give --force to overwrite it"
                raise FileExistsError(msg)

    @property
    def _name(self) -> str:
        return repr(str(self.given))

    def _check_surroundings(self) -> None:
        folder = self.path.parent
        if not folder.is_dir():
            msg = f"no such folder: {str(folder)!r}, to write {self._name} in; make it first, or choose another"
            raise FileNotFoundError(msg)
        if not os.access(folder, os.W_OK | os.X_OK):
            msg = f"{self._name} cannot be written: nothing may be written in {str(folder)!r}; choose another folder"
            raise PermissionError(msg)
        if any(_is_same(self.path, folder) for folder in _working_folders()):
            msg = f"{self._name} is the folder you are in, or holds it; choose another name"
            raise FileExistsError(msg)

    def _check_type(self) -> None:
        stands, wanted = what_stands(self.path), "folder" if self.kind.is_folder else "file"
        if stands == wanted:
            return
        if stands == "neither":
            stands = "link that leads to itself" if self.path.is_symlink() else "device, pipe or socket"
        msg = (
            f"{self._name} is a {stands}, where {self.kind.name} would be written; choose another name, or move what "
            "is there away"
        )
        raise FileExistsError(msg)


def aim(given: Path, *, kind: Kind, force: bool) -> Target:
    """Return the place that a path names."""
    try:
        path = Path(os.path.realpath(given))
    except FileNotFoundError as error:
        msg = f"{str(given)!r} cannot be found: the folder you are in is gone; change to another one"
        raise FileNotFoundError(msg) from error
    return Target(given=given, path=path, kind=kind, force=force)


def _working_folders() -> tuple[Path, ...]:
    try:
        here = Path.cwd()
    except FileNotFoundError:  # deleted, so that nothing holds it
        return ()
    return (here, *here.parents)


def _is_same(path: Path, folder: Path) -> bool:
    """Also by another name: where case does not matter, or a folder is mounted twice."""
    try:
        return path.samefile(folder)
    except OSError:  # nothing there, or a link that leads to itself
        return False


def _holds_nothing(path: Path) -> bool:
    return not any(path.iterdir()) if path.is_dir() else path.stat().st_size == 0
