"""Mixing: a part of what belongs to one observation is measured in others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class Mixing:
    r"""Weights with which the means of observations are summed.

    .. math:: \Lambda_{i \cdot} \leftarrow \sum_c K_{ic} \Lambda_{c \cdot} +
       \frac{u}{|g(i)|} \sum_{c \in g(i)} \Lambda_{c \cdot}

    Parameters
    ----------
    name
        The weights stand in ``obsp["NAME_weights"]``.
    weights
        K, observations × observations.
    uniform
        u: what spreads over all observations of the same group alike.
    groups
        Group of each observation, from 0 on; nothing spills from one to another.
    """

    name: str
    weights: csr_matrix
    uniform: float
    groups: np.ndarray

    def mixed(self, values: np.ndarray) -> np.ndarray:
        """Return rows (float64) summed with the weights."""
        near = np.asarray(self.weights @ values)
        if not self.uniform:
            return near
        share = (self.uniform / np.bincount(self.groups))[self.groups]
        return near + share[:, None] * self._sums(values)

    def squared(self, values: np.ndarray) -> np.ndarray:
        """Return rows (float64) summed with the squares of the weights."""
        near = np.asarray(self.weights.power(2) @ values)
        if not self.uniform:
            return near
        share = (self.uniform / np.bincount(self.groups))[self.groups][:, None]
        # Of (K + u / |g|)², the mixed term and the last one.
        return near + 2 * share * np.asarray(self.weights @ values) + share**2 * self._sums(values)

    def leaves(self, values: np.ndarray) -> bool:
        """Whether rows that are summed with each other are equal: then they stay as they are."""
        _, first = np.unique(self.groups, return_index=True)
        return bool((values == values[first][self.groups]).all())

    def _sums(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over the group of each observation."""
        sums = np.zeros((int(self.groups.max(initial=-1)) + 1, values.shape[1]))
        np.add.at(sums, self.groups, values)
        return sums[self.groups]
