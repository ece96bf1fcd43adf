"""Image files as arrays."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate

if TYPE_CHECKING:
    from PIL.Image import Image


def bright(path: str | PathLike[str], threshold: float) -> np.ndarray:
    """Return which pixels of an image file are brighter than a grey level; refuse an image without any."""
    limit = _validate.fraction("threshold", threshold)
    grey = read_grey(path)
    if not (grey > limit).any():
        msg = f"threshold must be below the brightest pixel of {str(path)!r} ({grey.max():.3g}), got {limit:g}"
        raise ValueError(msg)
    return grey > limit


def read_grey(path: str | PathLike[str]) -> np.ndarray:
    """Return an image file as grey levels, height × width, from 0 (black) to 1 (white)."""
    from PIL import Image

    if not isinstance(path, str | PathLike):
        msg = f"path must be the path of an image file, got {_validate.shown(path)}"
        raise TypeError(msg)
    if "\0" in str(path) or not Path(path).is_file():
        msg = f"path names no file: {str(path)!r}"
        raise FileNotFoundError(msg)
    try:
        with Image.open(path) as image:
            image.load()
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:  # Pillow's errors of bad files
        msg = f"path must be an image file, got {str(path)!r}: {error}"
        raise ValueError(msg) from error
    return _grey(image)


def _grey(image: Image) -> np.ndarray:
    from PIL import Image

    if image.mode == "F" or image.mode.startswith("I"):  # Pillow would clip at 255
        levels = np.asarray(image, np.float64) / (1 if image.mode == "F" else 2**16 - 1)
        if levels.min() < 0 or levels.max() > 1:
            msg = (
                f"image must have 8 or 16 bits per channel or values in [0, 1], got {levels.min():g}, {levels.max():g}"
            )
            raise ValueError(msg)
        return levels
    opaque = Image.new("RGBA", image.size, "black")
    opaque.alpha_composite(image.convert("RGBA"))
    return np.asarray(opaque.convert("L"), np.float64) / 255
