"""Crossed labels: what is switched on where two labels meet, such as a program of one condition in one domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._random import Stream
from spsim._recipe import in_words
from spsim.factors._factor_recipe import FactorRecipe
from spsim.truth import Factors, Label, Observations


@dataclass(frozen=True, kw_only=True)
class Crossed(FactorRecipe):
    r"""One factor per combination of labels, one where an observation has it: interactions are finer labels.

    .. math:: F_{i, (a, b)} = [c(i) = a] \, [d(i) = b]

    Parameters
    ----------
    by
        Names of two or more labels, such as ``["condition", "domain"]``.
    only
        Combinations that count, such as ``["treated:block_2"]``; all by default. The others have no factor.
    varies_in_space
        Whether features that respond are spatially variable.

    Raises
    ------
    ValueError
        Fewer than two labels, one given twice, a combination that does not exist.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     n_side=12,
    ...     design=sps.designs.Slices(groups={"condition": ["control", "treated"]}),
    ...     factors={"response": sps.factors.Crossed(by=["condition", "domain"], only=["treated:block_2"])},
    ...     modalities=[{"name": "rna", "n_mixed": 40, "loadings": {"response": sps.factors.Markers(share=0.2)}}],
    ... )
    >>> sps.simulate(scenario).obs["response"].cat.categories.tolist()
    ['treated:block_2']
    """

    by: Sequence[str] = field(kw_only=False)
    only: Sequence[str] | None = None
    varies_in_space: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "by", _texts("by", self.by))
        _validate.unique("by", self.by)
        if len(self.by) < 2:
            msg = f"by must name at least two labels, got {_validate.shown(self.by)}"
            raise ValueError(msg)
        if self.only is not None:
            object.__setattr__(self, "only", _texts("only", self.only))
            _validate.unique("only", self.only)
            if not self.only:
                msg = "only must name at least one combination, or be left out for all of them, got none"
                raise ValueError(msg)
        _validate.flag("varies_in_space", self.varies_in_space)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        which = "each combination" if self.only is None else in_words(self.only)
        return f"1 in observations of {which} of {in_words(self.by)}, else 0"

    @property
    def needs(self) -> tuple[str, ...]:
        """The labels."""
        return tuple(self.by)

    @property
    def has_label(self) -> bool:
        """The combination."""
        return True

    @property
    def is_spatial(self) -> bool:
        """As the recipe says."""
        return self.varies_in_space

    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return indicators of the combinations; nothing is random."""
        both = observations.labels[self.by[0]]
        for name in self.by[1:]:
            both = both.crossed(observations.labels[name])
        wanted = both.names if self.only is None else tuple(self.only)
        for name in wanted:
            _validate.one_of("only", name, both.names)
        at = np.full(len(both.names) + 1, -1)
        at[[both.names.index(name) for name in wanted]] = np.arange(len(wanted))
        label = Label(codes=at[both.codes], names=wanted)
        return Factors(columns=wanted, values=label.indicators, label=label)


def _texts(name: str, values: object) -> tuple[str, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence):
        msg = f"{name} must be a list of names, got {_validate.shown(values)}"
        raise TypeError(msg)
    return tuple(_names.usable_text(name, value) for value in values)
