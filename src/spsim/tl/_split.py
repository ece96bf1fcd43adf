"""Training and validation spots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim._objects import annotated
from spsim._random import Purpose, RNGLike, seed_sequence, stream, uniforms
from spsim.metrics._groups import group_members
from spsim.tl._groups import group_labels

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

LABELS = ("train", "validation")


@refuses_unknown()
def split(
    data: AnnData | MuData,
    *,
    validation_fraction: float = 0.05,
    block_size: float | None = None,
    groups: str | None = None,
    rng: RNGLike = 0,
    key_added: str = "split",
) -> None:
    """Mark a random share of the spots as validation spots.

    Published code takes the first rows as the training set, which on a grid is one side of the tissue. Here spots are
    drawn one by one or, with ``block_size``, as whole square blocks, so that validation spots have no neighbours among
    the training spots but at the blocks' edges.

    Parameters
    ----------
    data
        A simulated object or one modality of it; changed in place.
    validation_fraction
        Share of the spots, in [0, 1]; 0.05 is what the NSF paper holds out. Blocks are drawn until the share is
        reached.
    block_size
        Side of a block in the coordinates' unit; spots are drawn one by one without it.
    groups
        Column of ``obs`` (slice, sample, also one that ``anndata.concat`` wrote): no block holds spots of two groups,
        wherever they lie. By default the one that the object records.
    rng
        Seed (SPEC 7).
    key_added
        Column to write.

    Returns
    -------
    Nothing. Writes ``obs[key_added]`` (Categorical: train, validation), in a ``MuData``'s modalities too.

    Raises
    ------
    KeyError
        No such column of groups.
    ValueError
        A share outside [0, 1] or a block size that is not positive.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt()
    >>> sps.tl.split(mdata, validation_fraction=0.1)
    >>> mdata.obs["split"].value_counts().to_dict()
    {'train': 1166, 'validation': 130}

    References
    ----------
    :cite:t:`townes2023nonnegative` hold out 5 percent of the spots.
    """
    import pandas as pd

    annotated("data", data)
    _validate.text("key_added", key_added)
    fraction = _validate.probability("validation_fraction", validation_fraction)
    if not data.n_obs:
        msg = "data must hold at least one spot, got none"
        raise ValueError(msg)
    units = _units(data, block_size, group_labels(groups, data.obs_names, data, ()))
    order = np.argsort(uniforms(stream(seed_sequence(rng), "split"), Purpose.SPLIT, units.max() + 1), kind="stable")
    sizes = np.cumsum(np.bincount(units)[order])
    n_drawn = np.searchsorted(sizes, round(fraction * len(units))) + 1 if round(fraction * len(units)) else 0
    is_validation = np.isin(units, order[:n_drawn])
    label = pd.Series(np.where(is_validation, *LABELS[::-1]), index=data.obs_names)
    for part in [data, *getattr(data, "mod", {}).values()]:
        part.obs[key_added] = pd.Categorical(label.reindex(part.obs_names), LABELS)


def _units(data: AnnData | MuData, block_size: float | None, groups: np.ndarray | None) -> np.ndarray:
    """What is drawn as a whole: each spot its own unit, or all spots of a block of a group."""
    if block_size is None:
        return np.arange(data.n_obs)
    side = _validate.real("block_size", block_size, above=0)
    coordinates = np.asarray(data.obsm[_keys.SPATIAL])
    cells = np.empty((data.n_obs, coordinates.shape[1] + 1), np.int64)
    for i, rows in enumerate(group_members(groups, data.n_obs).values()):
        corner = coordinates[rows].min(axis=0)
        cells[rows] = np.column_stack([np.full(len(rows), i), np.floor((coordinates[rows] - corner) / side)])
    return np.unique(cells, axis=0, return_inverse=True)[1].ravel()
