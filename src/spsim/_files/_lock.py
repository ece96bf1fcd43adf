"""A lock that tells the living from the dead: the system lets go of it when its process ends, however that ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    _HELD: type[OSError] = PermissionError

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    _HELD: type[OSError] = BlockingIOError

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def own(path: Path) -> int | None:
    """Lock a new file for as long as this process lives; None if another process took it or removed its folder.

    Some network file systems know no locks: there the file stays unlocked, and :func:`inherit` leaves it alone.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        return None
    try:
        _lock(descriptor)
    except _HELD:
        os.close(descriptor)
        return None
    except OSError:
        return descriptor
    return _if_still_there(descriptor, path)


def inherit(path: Path) -> int | None:
    """Lock the file of a process that has ended; None if it lives, or if that cannot be known."""
    descriptor = None
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        _lock(descriptor)
    except OSError:
        if descriptor is not None:
            os.close(descriptor)
        return None
    return _if_still_there(descriptor, path)


def _if_still_there(descriptor: int, path: Path) -> int | None:
    """Between opening and locking, another process may have locked, removed and left the file."""
    try:
        if os.path.samestat(os.fstat(descriptor), os.stat(path)):
            return descriptor
    except FileNotFoundError:
        pass
    os.close(descriptor)
    return None
