"""Image files as a stack of motifs."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np

from spsim import _validate
from spsim.patterns._images import bright
from spsim.patterns._motifs import Motifs


def motifs_from_images(
    paths: Sequence[str | PathLike[str]], *, threshold: float = 0.5, names: Sequence[str] | None = None
) -> Motifs:
    """Read motifs from image files, one per factor: bright pixels are on.

    Parameters
    ----------
    paths
        Image files of one size, of any format that Pillow reads; colours are reduced to grey, transparent counts as
        black.
    threshold
        Grey level between 0 (black) and 1 (white) that a pixel exceeds where the factor is on.
    names
        One name per factor; the files' names without their endings if left out.

    Returns
    -------
    A stack of one motif per file, of zeros and ones.

    Raises
    ------
    FileNotFoundError
        No such file.
    ValueError
        No path, not an image, images of different sizes, no pixel brighter than ``threshold``, or names that do not
        fit.
    TypeError
        A single path instead of a list.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> import spsim as sps
    >>> from PIL import Image
    >>> path = os.path.join(tempfile.mkdtemp(), "gland.png")
    >>> Image.fromarray(np.array([[0, 200, 0], [220, 255, 90]], np.uint8)).save(path)
    >>> pattern = sps.patterns.motifs_from_images([path])
    >>> pattern.names, pattern.pixels.tolist()
    (('gland',), [[[0.0, 1.0, 0.0], [1.0, 1.0, 0.0]]])
    """
    if isinstance(paths, str | PathLike) or not isinstance(paths, Sequence):
        msg = f"paths must be a list of paths, got {_validate.shown(paths)}"
        raise TypeError(msg)
    if not paths:
        msg = "paths must hold at least one image file, got none"
        raise ValueError(msg)
    pictures = [bright(path, threshold) for path in paths]
    for path, picture in zip(paths, pictures, strict=True):
        if picture.shape != pictures[0].shape:
            msg = f"paths must be images of one size, {_size(pictures[0])} in {str(paths[0])!r}, got {_size(picture)} in {str(path)!r}"
            raise ValueError(msg)
    return Motifs(
        pixels=np.stack(pictures), names=[Path(path).stem for path in paths] if names is None else tuple(names)
    )


def _size(picture: np.ndarray) -> str:
    return f"{picture.shape[0]} × {picture.shape[1]}"
