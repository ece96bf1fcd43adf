"""Panels: features that are measured in some slices, samples or runs only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._effect import Effect
from spsim.truth import Observations
from spsim.truth import Panel as Measured


@dataclass(frozen=True, kw_only=True)
class Panel(Effect):
    r"""Each category measures each feature with a given probability; what is not measured is NaN, never 0.

    .. math:: P(j \in \text{panel}_s) = \text{share}

    A feature that no category would measure is measured in one. :func:`spsim.get.mean` stays finite everywhere.

    Parameters
    ----------
    by
        Label of the categories, such as ``"slice"``; who belongs to none is measured with all features.
    share
        Probability that a feature is measured; 1 leaves the data as they are without it.
    key
        Name of the panel: features × categories in ``varm["panel"]``, which an experimenter knows.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     design=sps.designs.Slices(),
    ...     n_side=12,
    ...     modalities=[{"name": "rna", "n_mixed": 40, "effects": [sps.factors.Panel(by="slice", share=0.5)]}],
    ... )
    >>> rna = sps.simulate(scenario)["rna"]
    >>> bool(np.isclose(np.isnan(rna.X).mean(), 1 - rna.varm["panel"].mean()))
    True
    """

    by: str = field(kw_only=False)
    share: float = 0.8
    key: str = "panel"

    def __post_init__(self) -> None:
        _names.usable_name("by", self.by)
        _names.usable_name("key", self.key)
        object.__setattr__(self, "share", _validate.probability("share", self.share))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        if self.share == 1:
            return f"All features are measured in every {self.by}."
        return f"Each {self.by} measures each feature with probability {self.share:g}; the others are missing there."

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of the categories."""
        return (self.by,)

    @property
    def keys(self) -> tuple[str, ...]:
        """The panel."""
        return (self.key,)

    def panel(self, observations: Observations, n_features: int, source: Stream) -> Measured | None:
        """Return which features are measured where; categories and features are a prefix of more of them."""
        if self.share == 1:
            return None
        # Only samples that are there: a feature that no other one measures would be measured nowhere.
        label = observations.labels[self.by].occurring
        drawn = np.column_stack(
            [uniforms(source, Purpose.PANEL, n_features, tile=tile) for tile in range(len(label.names))]
        )
        is_measured = drawn < self.share
        nowhere = np.flatnonzero(~is_measured.any(axis=1))
        is_measured[nowhere, drawn[nowhere].argmin(axis=1)] = True
        return Measured(name=self.key, by=self.by, label=label, is_measured=is_measured)
