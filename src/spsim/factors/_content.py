"""Content: how much RNA or protein a cell of each type holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._random import Stream
from spsim.factors._effect import Effect
from spsim.factors._sizes import size_per_category
from spsim.truth import Observations


@dataclass(frozen=True, kw_only=True)
class Content(Effect):
    r"""Molecules per cell differ between types: the mean of all features is multiplied with the content of the type.

    .. math:: \Lambda_{ij} \leftarrow \Lambda_{ij} \, c_{t(i)}, \qquad \log c_t \sim N(0, \text{sd}^2)

    So shares of cells and shares of molecules are two truths. It differs from :class:`spsim.factors.Detection` in what it
    means: content is a property of cells, which spots that hold them share.

    Parameters
    ----------
    by
        Label of the types.
    sd
        Standard deviation of the logarithm; 0 leaves the data as they are without it.
    key
        Name of the column of ``obs`` with each observation's content.

    Raises
    ------
    ValueError
        A negative standard deviation.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     factors={"cell_type": sps.factors.CellTypes()},
    ...     n_side=12,
    ...     modalities=[{"name": "rna", "n_mixed": 40, "effects": [sps.factors.Content(by="cell_type")]}],
    ... )
    >>> sps.simulate(scenario)["rna"].obs["content"].nunique()
    3
    """

    by: str = field(default="cell_type", kw_only=False)
    sd: float = 0.6
    key: str = "content"

    def __post_init__(self) -> None:
        for name in ("by", "key"):
            _names.usable_name(name, getattr(self, name))
        object.__setattr__(self, "sd", _validate.spread("sd", self.sd))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return f"molecules per observation that differ by {self.by} (sd {self.sd:g} on the logarithm)"

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of the types."""
        return (self.by,)

    @property
    def keys(self) -> tuple[str, ...]:
        """The contents, in ``obs``."""
        return (self.key,)

    @property
    def is_of_features(self) -> bool:
        """Contents are a property of cells, wherever they are measured."""
        return True

    def sizes(self, observations: Observations, source: Stream) -> Mapping[str, np.ndarray]:
        """Return the content of each observation; types are a prefix of more of them."""
        return {self.key: size_per_category(observations.labels[self.by], self.sd, source)}
