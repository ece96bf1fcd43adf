"""Published simulations by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate
from spsim._keywords import refuses_unknown
from spsim.datasets._catalogue import Entry, entries
from spsim.scenarios import Origin, Provenance, assembled, simulate_provenance

if TYPE_CHECKING:
    from mudata import MuData
    from pandas import DataFrame


@refuses_unknown()
def published(id: str, *, replicate: int = 1) -> MuData:
    """Return a data set of a published simulation study.

    What equals the paper's files, and what was not published, stands in :func:`list_published`. New noise on the same
    truth comes from :func:`resample`.

    Parameters
    ----------
    id
        Name of the data set, as in :func:`list_published`.
    replicate
        Which replicate, from 1; sets with one published seed have only that.

    Returns
    -------
    A ``MuData``; slots as in :func:`spsim.simulate`, spots in grid order.

    Raises
    ------
    ValueError
        No such data set or replicate; the error names the nearest ones.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.datasets.published("nsf_quilt", replicate=2).shape
    (1296, 200)

    References
    ----------
    :func:`citation` gives the data set's own.
    """
    entry = _entry(id)
    number = _validate.whole("replicate", replicate, at_least=1)
    if number > len(entry.seeds):
        allowed = f"1 to {len(entry.seeds)}" if len(entry.seeds) > 1 else "1, its only published seed"
        msg = f"replicate of {id!r} must be {allowed}, got {replicate}"
        raise ValueError(msg)
    seed = np.random.SeedSequence(entry.seeds[number - 1])
    origin = Origin(id=id, replicate=number)
    provenance = Provenance(scenario=entry.scenario, truth_seed=seed, counts_seed=seed, origin=origin)
    if entry.draw is None:
        return simulate_provenance(provenance)
    drawn = entry.draw(entry.scenario, entry.seeds[number - 1])
    return assembled(drawn.truth, drawn.measured, provenance)


@refuses_unknown()
def list_published() -> DataFrame:
    """Return a table of the published simulations.

    Returns
    -------
    One row per data set, by ``id``: ``system``, ``year``, ``modalities``, ``n_spots``, ``n_features``,
    ``replicates``, ``exact``, ``deviations``, ``claim``, ``doi``.

    Examples
    --------
    >>> import spsim as sps
    >>> sps.datasets.list_published().groupby("system").size().to_dict()
    {'NSF': 9, 'SPARK-X': 1, 'SpaMV': 3, 'SpatialGlue': 6}
    """
    import pandas as pd

    table = pd.DataFrame([_row(entry) for entry in entries().values()])
    return table.set_index("id")


@refuses_unknown()
def citation(id: str) -> str:
    """Return the BibTeX entry of a published simulation.

    Parameters
    ----------
    id
        Name of the data set, as in :func:`list_published`.

    Returns
    -------
    BibTeX.

    Raises
    ------
    ValueError
        No such data set; the error names the nearest one.

    Examples
    --------
    >>> import spsim as sps
    >>> print(sps.datasets.citation("nsf_quilt").splitlines()[0])
    @article{townes2023nonnegative,
    """
    return _entry(id).paper.bibtex


def _entry(identifier: str) -> Entry:
    _validate.one_of("id", identifier, entries())
    return entries()[identifier]


def _row(entry: Entry) -> dict[str, object]:
    modalities = entry.scenario.modalities
    return {
        "id": entry.id,
        "system": entry.paper.system,
        "year": entry.paper.year,
        "modalities": ", ".join(modality.name for modality in modalities),
        "n_spots": entry.scenario.n_spots,
        "n_features": sum(modality.n_features for modality in modalities),
        "replicates": len(entry.seeds),
        "exact": entry.exact,
        "deviations": entry.deviations,
        "claim": entry.claim,
        "doi": entry.paper.doi,
    }
