"""One tissue, one set of observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spsim._random import Stream
from spsim.designs._design import Design
from spsim.truth import Observations, Sites

SPOT = "spot"


@dataclass(frozen=True, kw_only=True)
class Plain(Design):
    """Every spot of the layout is observed where it is.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.designs.Plain().n_observations(1296)
    {'spot': 1296}
    """

    def n_observations(self, n_spots: int) -> Mapping[str, int]:
        """Return the number of spots."""
        return {SPOT: n_spots}

    def observe(self, sections: Sequence[Sites], source: Stream) -> dict[str, Observations]:
        """Return the spots; nothing is random."""
        (sites,) = sections
        spots = Observations(
            name=SPOT,
            n=len(sites.coordinates),
            places=sites.coordinates,
            sites=sites,
            labels=sites.labels,
            obs_names=sites.obs_names,
        )
        return {SPOT: spots}
