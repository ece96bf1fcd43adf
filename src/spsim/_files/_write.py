"""One way to write: beside the target first, then in its place in one step."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from spsim._files._durable import keep_modes, make_durable, sync_folder
from spsim._files._rename import exchange, rename_new
from spsim._files._target import Target
from spsim._files._unfinished import NEW, OLD, remove, sweep, unfinished


def write_atomically(target: Target, write: Callable[[str], object]) -> None:
    """Let ``write`` make a file or folder beside the target, then put it there.

    At any moment the old one or the new one is whole: killed, interrupted, cut off from power, or beside another
    process that writes the same. What stands at the target is checked again at the end, since much may have happened
    while ``write`` worked.
    """
    sweep(target.path.parent)
    target.check()
    with unfinished(target.path.parent) as room:
        # Libraries choose the format by the ending that the user gave, which a link's target need not have.
        new = room / NEW / f"new{target.given.suffix}"
        new.parent.mkdir()
        write(str(new))
        make_durable(new)
        _put(new, target, room / OLD / target.path.name)
        sync_folder(target.path.parent)


def _put(new: Path, target: Target, aside: Path) -> None:
    while True:
        # Looked at before the check: what appears after it is replaced by no step.
        is_taken = os.path.lexists(target.path)
        if is_taken:
            keep_modes(target.path, new)
        target.check()
        try:
            return _step(new, target, aside) if is_taken else rename_new(new, target.path)
        except (FileExistsError, FileNotFoundError):
            # Another process was faster; look again, unless it took what we made.
            if not os.path.lexists(new):
                raise


def _step(new: Path, target: Target, aside: Path) -> None:
    if not target.kind.is_folder:
        os.replace(new, target.path)
    elif not exchange(new, target.path):
        # Should the second of these two steps not be reached, the old one is put back.
        remove(aside)
        aside.parent.mkdir(exist_ok=True)
        os.rename(target.path, aside)
        rename_new(new, target.path)
