"""A stack of motifs: one small picture per factor, stretched over the layout."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Stream
from spsim.patterns._pattern import Pattern
from spsim.truth import Sites

# In pixels: coordinates such as 0.3 = 3 × 0.1 miss the line between two pixels by a rounding error.
ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Motifs(Pattern):
    r"""A stack of L small pictures, each of which becomes one spatial factor.

    The stack is stretched over the box of the layout and each spot takes the pixel that its centre falls in; a centre
    on the line between two pixels takes the one to the right or below. Where a grid's sides are multiples of the
    motif's, this is the Kronecker product :math:`F_l = B_l \otimes 1_{k \times m}`.

    Parameters
    ----------
    pixels
        Non-negative array, L × height × width.
    names
        One name per factor; ``factor_1``, ``factor_2``, … if left out.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> stripes = sps.patterns.Motifs(pixels=np.array([[[1, 0]], [[0, 1]]]), names=["left", "right"])
    >>> sps.datasets.multiomics([{"name": "rna"}], pattern=stripes, n_side=8).obs["domain"].value_counts().to_dict()
    {'left': 32, 'right': 32}
    """

    pixels: np.ndarray = field(kw_only=False)

    def __post_init__(self) -> None:
        try:
            with np.errstate(over="ignore"):  # infinity is refused by name
                pixels = np.array(self.pixels, np.float32)
        except (OverflowError, RecursionError, TypeError, ValueError) as error:
            msg = f"pixels must be a numeric array L × height × width, got {type(self.pixels).__name__}"
            raise TypeError(msg) from error
        if pixels.ndim != 3 or 0 in pixels.shape:
            msg = f"pixels must be a non-empty array L × height × width, got shape {pixels.shape}"
            raise ValueError(msg)
        _validate.non_negative("pixels", pixels)
        pixels.flags.writeable = False
        object.__setattr__(self, "pixels", pixels)
        super().__post_init__()

    @property
    def n_factors(self) -> int:
        """Number of motifs."""
        return len(self.pixels)

    @property
    def holds_arrays(self) -> bool:
        """Always."""
        return True

    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """Value of each factor at each spot, n × L float32; nothing is random."""
        _, height, width = self.pixels.shape
        size = np.array([width, height])
        relative = (sites.coordinates[:, :2] - sites.lower[:2]) * size / (sites.upper[:2] - sites.lower[:2])
        columns, rows = np.clip(np.floor(relative + ROUNDING).astype(np.intp), 0, size - 1).T
        return np.ascontiguousarray(self.pixels[:, rows, columns].T)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Motifs) and self.names == other.names and np.array_equal(self.pixels, other.pixels)

    def __hash__(self) -> int:
        return hash((self.names, self.pixels.tobytes()))
