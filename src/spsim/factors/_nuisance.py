"""Nuisance: what varies smoothly over tissue without being what anybody looks for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._categories import category_count, category_names
from spsim._random import Stream
from spsim.factors._factor_recipe import FactorRecipe
from spsim.factors._smooth import smooth_fields
from spsim.truth import Factors, Observations


@dataclass(frozen=True, kw_only=True)
class Nuisance(FactorRecipe):
    r"""Smooth factors that are true, but neither domains nor what is to be recovered: gradients of oxygen, of fixation.

    .. math:: F_{\cdot k} \sim \mathcal{GP}(0, C_{3/2}(\text{length})), \qquad \mathrm{Var}(F_{ik}) = 1

    with a Matérn correlation. What varies independently from spot to spot is gone when a few neighbours are averaged; this
    is not. Features respond as ``loadings={"nuisance": Normal()}`` of a modality says, and are spatially variable then.

    Parameters
    ----------
    n_factors
        Number of factors.
    length
        Length scale in coordinate units, above 0.
    by
        Label whose categories have fields of their own, such as ``"slice"``; without it there is one tissue.
    smoothness
        Of the Matérn correlation: 0.5, 1.5, 2.5 or ``math.inf``.
    positive
        Whether factors are :math:`\Phi(F)`, uniform on [0, 1], so that features may respond on the scale of the mean
        (``loadings={"nuisance": Graded()}``) and spill over.
    names
        One name per factor; ``nuisance_1``, ``nuisance_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit; observations without places.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     n_side=12,
    ...     factors={"nuisance": sps.factors.Nuisance(length=3)},
    ...     modalities=[{"name": "rna", "n_mixed": 40, "loadings": {"nuisance": sps.factors.Normal(sd=0.3)}}],
    ... )
    >>> mdata = sps.simulate(scenario)
    >>> mdata.obsm["nuisance_factors"].shape, mdata["rna"].varm["nuisance_loadings"].shape
    ((144, 2), (40, 2))
    """

    n_factors: int = field(default=2, kw_only=False)
    length: float = 6.0
    by: str | None = None
    smoothness: float = 1.5
    positive: bool = False
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_factors", category_count("n_factors", self.n_factors))
        object.__setattr__(self, "length", _validate.real("length", self.length, above=0))
        if self.by is not None:
            _names.usable_name("by", self.by)
        smoothness = math.inf if isinstance(self.smoothness, str) and self.smoothness == "inf" else self.smoothness
        _validate.one_of("smoothness", smoothness, (0.5, 1.5, 2.5, math.inf))
        object.__setattr__(self, "smoothness", float(smoothness))
        _validate.flag("positive", self.positive)
        object.__setattr__(self, "names", category_names(self.names, self.n_factors, kind="nuisance"))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        of = "tissue" if self.by is None else f"each {self.by}"
        uniform = ", made uniform on [0, 1]" if self.positive else ""
        return (
            f"{self.n_factors} smooth Gaussian fields over {of} (Matérn correlation, smoothness {self.smoothness:g}, "
            f"length scale {self.length:g}){uniform}"
        )

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of what has fields of its own."""
        return () if self.by is None else (self.by,)

    @property
    def is_spatial(self) -> bool:
        """They vary in space."""
        return True

    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return the fields at the observations' places in the tissue."""
        values = smooth_fields(observations, self.n_factors, self.length, source, self.by, smoothness=self.smoothness)
        if self.positive:
            from scipy.special import ndtr

            values = ndtr(values)
        return Factors(columns=tuple(self.names), values=values.astype(np.float32))
