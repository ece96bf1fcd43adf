"""What the catalogue knows of a published data set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spsim.scenarios import Scenario
from spsim.truth import Measurement, Truth


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Truth and measurement of one replicate."""

    truth: Truth
    measured: dict[str, Measurement]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A publication and the system it presents."""

    system: str
    year: int
    doi: str
    bibtex: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One published data set: the scenario, the seeds of its replicates, and what is exact.

    Parameters
    ----------
    id
        Name in :func:`spsim.datasets.published`.
    paper
        Where it was published.
    scenario
        Its parameters.
    seeds
        One per replicate.
    draw
        The published order of random draws, called with scenario and seed; ``None`` where none was published, so that
        the package's own streams are used.
    exact
        What equals the paper's files, and what cannot.
    deviations
        What was not published or is different here.
    claim
        What the paper shows with the data.
    """

    id: str
    paper: Paper
    scenario: Scenario
    seeds: tuple[int, ...]
    draw: Callable[[Scenario, int], Drawn] | None
    exact: str
    deviations: str
    claim: str
