"""Coordinates, and the box that a pattern is stretched over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spsim.truth._label import Label


@dataclass(frozen=True, kw_only=True, eq=False)
class Sites:
    """Coordinates of the spots (x = column, y = row downwards) and the box that they fill.

    Parameters
    ----------
    coordinates
        Positions, n × 2 or n × 3, in the layout's unit.
    lower, upper
        Corners of the box that a pattern is stretched over: half a spacing beyond the outermost spots of a lattice.
    spacing
        Distance between neighbouring spots.
    obs_names
        Names of the spots that the user brought, such as barcodes; ``None`` where they are numbered.
    labels
        What a layout knows of its spots, such as the slice of a stack that each lies in.
    """

    coordinates: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    spacing: float = 1.0
    obs_names: Sequence[str] | None = None
    labels: Mapping[str, Label] = field(default_factory=dict)


def joined_labels(sections: Sequence[Sites]) -> dict[str, Label]:
    """Return the labels of the spots of one layout that was placed several times, one placing after the other."""
    return {
        name: replace(label, codes=np.concatenate([sites.labels[name].codes for sites in sections]))
        for name, label in sections[0].labels.items()
    }
