"""A seal on an .h5mu file that spsim wrote: the digest of its bytes, where HDF5 leaves room for its users.

HDF5 itself does not see changed values, and may not survive changed descriptions of them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

# mudata keeps the first 512 bytes for itself (HDF5's user block) and uses fewer than 100 of them.
START, END = 256, 512
MARK = b"spsim-sha256="
CHUNK = 2**20


def seal(path: Path) -> None:
    """Write the digest; a file without room for it stays unsealed."""
    with path.open("r+b") as file:
        head = file.read(END)
        if head.startswith(b"MuData") and not any(head[START:]) and file.read(4) == b"\x89HDF":
            digest = _digest(path)
            file.seek(START)
            file.write(MARK + digest)


def is_sealed(path: Path) -> bool:
    """Whether a file is as spsim wrote it; ValueError if it was and is no more."""
    with path.open("rb") as file:
        found = file.read(END)[START:].rstrip(b"\0")
    if not found.startswith(MARK):
        return False
    if found != MARK + _digest(path):
        msg = "it is not as spsim wrote it"
        raise ValueError(msg)
    return True


def _digest(path: Path) -> bytes:
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        sha256.update(file.read(START))
        file.seek(END)
        while piece := file.read(CHUNK):
            sha256.update(piece)
    return sha256.hexdigest().encode()
