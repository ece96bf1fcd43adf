"""Hashes of names and arrays, by which an object is known again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from pandas import Index


def names_digest(names: Index) -> bytes:
    """Return the hash of a list of names."""
    return hashlib.sha256("\n".join(names.tolist()).encode()).digest()


def joined_digest(*digests: bytes) -> str:
    """Return one hash of several, as text."""
    return hashlib.sha256(b"".join(digests)).hexdigest()


def arrays_digest(*arrays: np.ndarray) -> str:
    """Return one hash of several arrays, as text."""
    return joined_digest(*(hashlib.sha256(array.tobytes()).digest() for array in arrays))


def text_digest(*texts: str) -> str:
    """Return one hash of several texts, as text."""
    return joined_digest(*(hashlib.sha256(text.encode()).digest() for text in texts))
