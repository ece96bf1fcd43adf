"""A block: one term of the mean, factors times loadings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SCALES = ("mean", "log")


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    r"""One product :math:`A B^\top` in the mean of a modality.

    Parameters
    ----------
    name
        Its factors stand in ``obsm["NAME_factors"]``, its loadings in ``varm["NAME_loadings"]``.
    columns
        Names of the factors.
    factors
        A, observations × columns, float32.
    loadings
        B, features × columns, float32.
    scale
        ``"mean"``: added to the baseline; ``"log"``: added to the logarithm of the mean.
    is_spatial
        Whether the factors vary in space: a feature with a loading on such a block is spatially variable.
    is_assigned
        Whether each feature belongs to at most one column, which ``var["NAME_factor"]`` then names.
    mixed
        The factors once they have spilled over into other observations, if they have: what the mean then reads.
    """

    name: str
    columns: tuple[str, ...]
    factors: np.ndarray
    loadings: np.ndarray
    scale: str = "mean"
    is_spatial: bool = False
    is_assigned: bool = False
    mixed: np.ndarray | None = None

    @property
    def acting(self) -> np.ndarray:
        """The factors that the mean reads."""
        return self.factors if self.mixed is None else self.mixed
