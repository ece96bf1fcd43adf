"""A stack of motifs: one small picture per factor, stretched over the layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spsim import _validate
from spsim.patterns._layout import Sites
from spsim.patterns._names import checked_names


@dataclass(frozen=True, kw_only=True, eq=False)
class Motifs:
    r"""A stack of L small pictures, each of which becomes one spatial factor.

    The stack is stretched over the box of the layout and each spot takes the pixel it falls in. Where the grid's side
    is a multiple of the motif's, this is the Kronecker product :math:`F_l = B_l \otimes 1_{k \times k}`.

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

    pixels: np.ndarray
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        try:
            pixels = np.array(self.pixels, np.float32)
        except (TypeError, ValueError) as error:
            msg = f"pixels must be a numeric array L × height × width, got {type(self.pixels).__name__}"
            raise TypeError(msg) from error
        if pixels.ndim != 3 or 0 in pixels.shape:
            msg = f"pixels must be a non-empty array L × height × width, got shape {pixels.shape}"
            raise ValueError(msg)
        _validate.non_negative("pixels", pixels)
        pixels.flags.writeable = False
        object.__setattr__(self, "pixels", pixels)
        object.__setattr__(self, "names", checked_names(self.names, len(pixels)))

    def factors(self, sites: Sites) -> np.ndarray:
        """Value of each factor at each spot, n × L float32."""
        _, height, width = self.pixels.shape
        size = np.array([width, height])
        relative = (sites.coordinates[:, :2] - sites.lower[:2]) * size / (sites.upper[:2] - sites.lower[:2])
        columns, rows = np.clip(np.floor(relative).astype(np.intp), 0, size - 1).T
        return np.ascontiguousarray(self.pixels[:, rows, columns].T)

    def to_dict(self) -> dict[str, Any]:
        """Return the stack as JSON-able values."""
        return {"name": "Motifs", "pixels": self.pixels.tolist(), "names": list(self.names)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Motifs) and self.names == other.names and np.array_equal(self.pixels, other.pixels)

    def __hash__(self) -> int:
        return hash((self.names, self.pixels.tobytes()))
