"""Perturbations: which gene each cell's guide targets, in which batch, and whether the guide worked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._categories import category_count, category_names
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._factor_recipe import FactorRecipe
from spsim.truth import Factors, Label, Observations, Table

GUIDE, BATCH, ESCAPED, EFFICIENCY = "guide_id", "batch", "escaped", "guide_efficiency"


@dataclass(frozen=True, kw_only=True)
class Perturbations(FactorRecipe):
    r"""One guide per cell: its target or control, its batch, and whether it works in this cell.

    .. math:: F_{ik} = [c(i) = k] \, [u_i < e_{g(i)}], \qquad
       e_g \sim \mathrm{Beta}\big(\kappa \, \text{efficiency}, \; \kappa \, (1 - \text{efficiency})\big)

    with the guide g of a cell, one of several that target c. Where a guide does not work the cell *escapes*: its label
    says that it is perturbed, and it is not. Target, guide and batch are known; who escapes is not.

    Parameters
    ----------
    n_perturbations
        Number of perturbations beside the control.
    n_guides
        Guides of each, and of the control.
    n_batches
        Number of batches; each cell is in any of them with the same probability, whatever its target, so that every batch
        has controls and all perturbations where cells are many.
    control_share
        Share of control cells; as many as of any perturbation by default.
    efficiency
        Mean share of the cells of a guide in which it works, in [0, 1]; at 1 nobody escapes.
    concentration
        κ, above 0: how much guides agree; ``math.inf`` gives all guides the same efficiency.
    control
        What the control is called.
    names
        One name per perturbation; ``target_1``, ``target_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     pattern=None,
    ...     design=sps.designs.Dissociated(300),
    ...     factors={"perturbation": sps.factors.Perturbations(3, n_guides=2)},
    ...     modalities=[{"name": "rna", "n_nonspatial": 20}],
    ... )
    >>> mdata = sps.simulate(scenario)
    >>> mdata.obs["perturbation"].cat.categories.tolist()
    ['control', 'target_1', 'target_2', 'target_3']
    >>> mdata.obs["guide_id"].nunique(), mdata.uns["spsim"]["guide_efficiency"].shape
    (8, (6, 2))
    """

    n_perturbations: int = field(default=12, kw_only=False)
    n_guides: int = 3
    n_batches: int = 2
    control_share: float | None = None
    efficiency: float = 0.8
    concentration: float = 10.0
    control: str = "control"
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("n_perturbations", "n_guides", "n_batches"):
            object.__setattr__(self, name, category_count(name, getattr(self, name)))
        category_count("n_guides of all perturbations and the control", self.n_guides * (1 + self.n_perturbations))
        if self.control_share is not None:
            object.__setattr__(self, "control_share", _validate.probability("control_share", self.control_share))
        object.__setattr__(self, "efficiency", _validate.probability("efficiency", self.efficiency))
        given = math.inf if isinstance(self.concentration, str) and self.concentration == "inf" else self.concentration
        object.__setattr__(self, "concentration", _validate.positive("concentration", given))
        _names.usable_name("control", self.control)
        object.__setattr__(self, "names", category_names(self.names, self.n_perturbations, kind="target"))
        _names.distinct_names("control and names", (self.control, *self.names))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return (
            f"indicators of {self.n_perturbations} perturbations beside a control, with {self.n_guides} guides each in "
            f"{self.n_batches} batches, which work in a mean share of {self.efficiency:g} of their cells"
        )

    @property
    def has_label(self) -> bool:
        """The target."""
        return True

    @property
    def labels(self) -> tuple[str, ...]:
        """Guide, batch, and who escaped."""
        return (GUIDE, BATCH, ESCAPED)

    @property
    def own_tables(self) -> tuple[str, ...]:
        """How well each guide works."""
        return (EFFICIENCY,)

    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return indicators of the perturbations that work; cells are a prefix of more of them."""
        drawn = uniforms(source, Purpose.PERTURBATION, (observations.n, 4), tile=2 * observations.position)
        names = (self.control, *self.names)
        target = np.where(drawn[:, 0] < self._share, 0, 1 + self._which(drawn[:, 0]))
        guide = target * self.n_guides + (drawn[:, 1] * self.n_guides).astype(np.intp)
        efficiency = np.append(np.ones(self.n_guides), self._efficiencies(source))
        works = (target > 0) & (drawn[:, 3] < efficiency[guide])
        guides = tuple(f"{name}_guide_{number + 1}" for name in names for number in range(self.n_guides))
        label = Label(codes=target, names=names, is_known=True)
        labels = {
            GUIDE: Label(codes=guide, names=guides, is_known=True),
            BATCH: Label(
                codes=(drawn[:, 2] * self.n_batches).astype(np.intp),
                names=tuple(f"{BATCH}_{number + 1}" for number in range(self.n_batches)),
                is_known=True,
            ),
            ESCAPED: Label(codes=((target > 0) & ~works).astype(np.intp), names=("no", "yes")),
        }
        targets = np.repeat(np.array(self.names, object), self.n_guides)
        table = Table(
            rows=guides[self.n_guides :], columns={"target": targets, "efficiency": efficiency[self.n_guides :]}
        )
        return Factors(
            columns=tuple(self.names),
            values=label.indicators[:, 1:] * works[:, None].astype(np.float32),
            label=label,
            labels=labels,
            own_tables={EFFICIENCY: table},
        )

    @property
    def _share(self) -> float:
        return 1.0 / (1 + self.n_perturbations) if self.control_share is None else self.control_share

    def _which(self, drawn: np.ndarray) -> np.ndarray:
        """Return the perturbation of cells that are no controls, all with the same probability."""
        if self._share == 1:
            return np.zeros(len(drawn), np.intp)
        beyond = np.maximum(drawn - self._share, 0.0) / (1.0 - self._share)
        return np.minimum((beyond * self.n_perturbations).astype(np.intp), self.n_perturbations - 1)

    def _efficiencies(self, source: Stream) -> np.ndarray:
        """Return one per guide, guides of one target after the other; perturbations are a prefix of more of them."""
        from scipy.special import betaincinv

        n_guides = self.n_perturbations * self.n_guides
        if self.efficiency in (0, 1) or math.isinf(self.concentration):
            return np.full(n_guides, self.efficiency)
        drawn = uniforms(source, Purpose.PERTURBATION, n_guides, tile=1) + 2.0**-54
        given = self.concentration * self.efficiency, self.concentration * (1.0 - self.efficiency)
        return np.asarray(betaincinv(*given, drawn))
