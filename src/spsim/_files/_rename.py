"""The two renames that Python lacks: an exchange, and one that replaces nothing."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

# From linux/fs.h and fcntl.h.
_NOREPLACE, _EXCHANGE = 1, 2
_AT_FDCWD = -100
# A kernel or a file system (NFS, some of FUSE) that has no such rename.
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP}
# A file system without hard links.
_UNLINKABLE = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}


def exchange(first: Path, second: Path) -> bool:
    """Let two paths change places in one step; False where the system has no such step."""
    return _rename(first, second, _EXCHANGE)


def rename_new(source: Path, target: Path) -> None:
    """Move a file or folder where nothing stands; FileExistsError if something does."""
    if sys.platform == "win32":
        os.rename(source, target)
    elif not _rename(source, target, _NOREPLACE):
        (_rename_folder if source.is_dir() else _rename_file)(source, target)


def _rename(source: Path, target: Path, flag: int) -> bool:
    renameat2 = _renameat2()
    if renameat2 is None:
        return False
    sys.audit("os.rename", str(source), str(target), -1, -1)  # as os.rename does
    if renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(target))


@cache
def _renameat2() -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is not None:
        function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    return function


def _rename_folder(source: Path, target: Path) -> None:
    """POSIX lets a folder take the place of an empty one only."""
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ENOTEMPTY, errno.EEXIST):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        raise


def _rename_file(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _UNLINKABLE:
            raise
        # Neither exclusive renames nor links: what remains is to look, a moment before.
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        os.rename(source, target)
    else:
        os.unlink(source)
