"""The outline of a tissue as an image."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike

import numpy as np

from spsim._random import Stream
from spsim.patterns._array_layout import ArrayLayout
from spsim.patterns._arrays import matrix
from spsim.patterns._images import bright
from spsim.truth import Sites


@dataclass(frozen=True, kw_only=True, eq=False)
class Mask(ArrayLayout):
    """Spots at the true pixels of an image, in row-major order.

    A pattern is stretched over the whole image, so that the tissue cuts its outline out of the pattern: a full mask is
    the :class:`Grid` of its size.

    Parameters
    ----------
    mask
        Array height × width of true and false (or 1 and 0), at least one of them true.
    spacing
        Side of a pixel, in ``unit``.
    unit
        Name of the coordinates' unit.

    Raises
    ------
    ValueError
        A mask of another shape, without a true pixel, or with values other than true and false.
    TypeError
        A mask that is no numeric array.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> row, column = np.indices((40, 40)) - 19.5
    >>> disc = sps.patterns.Mask(mask=np.hypot(row, column) < 20, spacing=50, unit="micrometer")
    >>> sps.datasets.quilt(layout=disc, n_spatial=20).shape
    (1264, 20)
    """

    mask: np.ndarray = field(repr=False, kw_only=False)

    def __post_init__(self) -> None:
        numbers = matrix("mask", self.mask, np.float64)
        mask = numbers == 1
        if not (mask | (numbers == 0)).all():
            msg = f"mask must hold only true and false, got {np.unique(numbers)[:5].tolist()}: compare with a threshold"
            raise ValueError(msg)
        if not mask.any():
            msg = f"mask must have a true pixel, got {mask.shape[0]} × {mask.shape[1]} false ones"
            raise ValueError(msg)
        mask.flags.writeable = False
        object.__setattr__(self, "mask", mask)
        super().__post_init__()

    @property
    def n_spots(self) -> int:
        """Number of spots."""
        return int(np.count_nonzero(self.mask))

    def sites(self, source: Stream) -> Sites:
        """Place the spots; nothing is random."""
        size = np.array(self.mask.shape[::-1])
        coordinates = np.argwhere(self.mask)[:, ::-1] * self.spacing
        return Sites(coordinates=coordinates, lower=np.full(2, -0.5) * self.spacing, upper=(size - 0.5) * self.spacing)


def mask_from_image(
    path: str | PathLike[str], *, threshold: float = 0.5, spacing: float = 1.0, unit: str = "spot"
) -> Mask:
    """Read the outline of a tissue from an image file: bright pixels are tissue.

    Each bright pixel becomes a spot, so reduce a photograph to the wanted resolution first.

    Parameters
    ----------
    path
        Image file of any format that Pillow reads; colours are reduced to grey, transparent counts as black.
    threshold
        Grey level between 0 (black) and 1 (white) that a tissue pixel exceeds.
    spacing
        Side of a pixel, in ``unit``.
    unit
        Name of the coordinates' unit.

    Returns
    -------
    The mask.

    Raises
    ------
    FileNotFoundError
        No such file.
    ValueError
        Not an image, or no pixel brighter than ``threshold``.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np
    >>> import spsim as sps
    >>> from PIL import Image
    >>> path = os.path.join(tempfile.mkdtemp(), "tissue.png")
    >>> Image.fromarray(np.array([[0, 200, 0], [220, 255, 90]], np.uint8)).save(path)
    >>> sps.patterns.mask_from_image(path).mask.astype(int).tolist()
    [[0, 1, 0], [1, 1, 0]]
    """
    return Mask(mask=bright(path, threshold), spacing=spacing, unit=unit)
