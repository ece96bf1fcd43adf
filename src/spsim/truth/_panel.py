"""A panel: which features are measured in which slice, sample or run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.truth._label import Label


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """Features that are measured in some categories of a label only; elsewhere they are unknown, not 0.

    Parameters
    ----------
    name
        It stands in ``varm["NAME"]``.
    by
        Name of the label.
    label
        The label itself; who has none is measured with all features.
    is_measured
        Features × categories, bool.
    """

    name: str
    by: str
    label: Label
    is_measured: np.ndarray

    def missing(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Return which entries of these observations are not measured."""
        all_there = np.ones((len(self.is_measured), 1), bool)
        return ~np.hstack([self.is_measured, all_there]).T[self.label.codes[start:stop]]
