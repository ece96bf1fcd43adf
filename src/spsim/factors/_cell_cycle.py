"""The cell cycle: programs that are true, but not what anybody looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._factor_recipe import FactorRecipe
from spsim.truth import Factors, Label, Observations

PHASES = ("G1", "S", "G2M")


@dataclass(frozen=True, kw_only=True)
class CellCycle(FactorRecipe):
    r"""Where each cell is in its cycle, whatever was done to it: one factor that is high in S, one that is high in G2/M.

    .. math:: F_{i,\text{S}} = [0 \le t_i < d_\text{S}] \, \sin (\pi t_i / d_\text{S}), \qquad t_i + d_\text{G1} \sim U(0, 1)

    and likewise in G2/M, where t runs through the phase and d is its share of the cycle. Features respond as
    ``loadings={"cell_cycle": Normal()}`` of a modality says.

    Parameters
    ----------
    shares
        Shares of G1, S and G2/M, each above 0; they are divided by their sum.

    Raises
    ------
    ValueError
        A value out of range, not three of them.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     pattern=None,
    ...     design=sps.designs.Dissociated(200),
    ...     factors={"cell_cycle": sps.factors.CellCycle()},
    ...     modalities=[{"name": "rna", "n_nonspatial": 20, "loadings": {"cell_cycle": sps.factors.Normal(share=0.2)}}],
    ... )
    >>> sps.simulate(scenario).obs["cell_cycle"].cat.categories.tolist()
    ['G1', 'S', 'G2M']
    """

    shares: Sequence[float] = field(default=(0.5, 0.3, 0.2), kw_only=False)

    def __post_init__(self) -> None:
        shares = tuple(_validate.real("shares", share, above=0) for share in _validate.listed("shares", self.shares))
        if len(shares) != len(PHASES):
            msg = f"shares must be three numbers, of {_validate.listing(PHASES)}, got {_validate.shown(self.shares)}"
            raise ValueError(msg)
        object.__setattr__(self, "shares", shares)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        return "a cell cycle of G1, S and G2/M at a random point of which each cell is"

    @property
    def has_label(self) -> bool:
        """The phase."""
        return True

    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return the factors of S and of G2/M; observations are a prefix of more of them."""
        drawn = uniforms(source, Purpose.FACTORS, observations.n, tile=2 * observations.position)
        ends = np.cumsum(np.array(self.shares) / sum(self.shares))
        codes = np.searchsorted(ends[:-1], drawn, side="right")
        through = (drawn[:, None] - ends[:-1]) / np.diff(ends)
        values = np.where((through >= 0) & (through < 1), np.sin(np.pi * through), 0.0)
        label = Label(codes=codes, names=PHASES)
        return Factors(columns=PHASES[1:], values=values.astype(np.float32), label=label)
