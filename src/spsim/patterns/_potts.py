"""Domains from a Markov random field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from spsim import _validate
from spsim._places import distinct_places
from spsim._random import Stream
from spsim.patterns._names import MOST_FACTORS
from spsim.patterns._neighbours import neighbour_pairs
from spsim.patterns._pattern import Pattern
from spsim.patterns._swendsen_wang import potts_states
from spsim.truth import Sites

# A field forgets its start within tens of sweeps, also at the critical interaction: more only take time.
MOST_SWEEPS = 10_000


@dataclass(frozen=True, kw_only=True)
class Potts(Pattern):
    r"""Domains from the Potts model: every spot has one state, and neighbours tend to agree.

    .. math:: p(s) \propto \exp\Big(\beta \sum_{i \sim j} [s_i = s_j]\Big), \qquad F_{il} = [s_i = l]

    Neighbours are the nearest spots of a lattice (four on a grid, six on a hexagonal one); elsewhere they are joined by
    the Delaunay triangulation. Spots that share x and y share the state. All states are equally likely; the interaction
    :math:`\beta` sets how large domains grow. Up to the critical value, :math:`\ln(1 + \sqrt q)` for :math:`q`
    states on a grid (0.88, 1.00, 1.10 for 2, 3, 4), domains of all sizes up to a typical one occur; beyond it one state
    takes most of the tissue. On a hexagonal lattice the critical values are 0.55, 0.63, 0.69.

    The state of a spot depends on all spots: it is the same for every order of the same spots, not for fewer of them.

    Parameters
    ----------
    interaction
        :math:`\beta`, at least 0; 0 makes spots independent.
    n_states
        Number of states, each of which is a factor.
    n_sweeps
        Updates of the whole field from independent states (Swendsen–Wang); more bring the field closer to the
        distribution. The default suffices for interactions that are not critical.
    names
        One name per state; ``state_1``, ``state_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> niches = sps.patterns.Potts(interaction=0.95, n_states=3)
    >>> mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 20}], pattern=niches)
    >>> sps.get.factors(mdata).sum(axis=1).unique().tolist()
    [1.0]

    References
    ----------
    :cite:t:`wu1982potts` for the model and its critical values, :cite:t:`swendsen1987nonuniversal` for the algorithm.
    """

    interaction: float = field(kw_only=False)
    n_states: int = 3
    n_sweeps: int = 100
    kind: ClassVar[str] = "state"

    def __post_init__(self) -> None:
        object.__setattr__(self, "interaction", _validate.real("interaction", self.interaction, at_least=0))
        for name, most in (("n_states", MOST_FACTORS), ("n_sweeps", MOST_SWEEPS)):
            object.__setattr__(self, name, _validate.whole(name, getattr(self, name), at_least=1, at_most=most))
        super().__post_init__()

    @property
    def n_factors(self) -> int:
        """Number of states."""
        return self.n_states

    def factors(self, sites: Sites, source: Stream) -> np.ndarray:
        """One for the state of each spot, zero for the others, n × L float32."""
        positions, place = distinct_places(sites.coordinates[:, :2])
        states = potts_states(
            neighbour_pairs(positions),
            len(positions),
            n_states=self.n_states,
            interaction=self.interaction,
            n_sweeps=self.n_sweeps,
            source=source,
        )
        return (states[place, None] == np.arange(self.n_states)).astype(np.float32)
