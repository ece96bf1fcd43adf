"""Spill-over: a share of the molecules of a spot or cell is measured around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from spsim import _names, _validate
from spsim._random import Stream
from spsim.factors._effect import Effect
from spsim.truth import Mixing, Observations

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# In widths of the kernel: beyond, less than a part in 80 of the weight at the centre.
REACH = 3.0


@dataclass(frozen=True, kw_only=True)
class Spillover(Effect):
    r"""Each observation loses a share of its molecules to its neighbours, and one to everybody.

    .. math:: \Lambda_{i \cdot} \leftarrow (1 - s_i - u) \Lambda_{i \cdot} +
       s \sum_{c \neq i} \frac{\kappa(|x_i - x_c|)}{\sum_{i' \neq c} \kappa(|x_{i'} - x_c|)} \Lambda_{c \cdot} +
       \frac{u}{n} \sum_c \Lambda_{c \cdot}, \qquad \kappa(d) = e^{-d^2 / 2 w^2}, \; d \le 3 w

    Library sizes and baselines spill as well. Nothing spills from one slice or sample to another, and who has no neighbour
    keeps its share: :math:`s_i` is 0 then, else s.

    Parameters
    ----------
    share
        Share s that neighbours receive; 0 leaves the data as they are without it.
    width
        Width w of the kernel, in coordinate units, above 0.
    uniform
        Share u that spreads over all observations of the slice or sample alike; 0 by default.
    key
        Name of the weights, which stand in ``obsp["spillover_weights"]``, without the uniform part :math:`u / n`.

    Raises
    ------
    ValueError
        A value out of range, or shares that sum to more than 1.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12, effects=[sps.factors.Spillover(share=0.2, width=1)])
    >>> mdata["rna"].obsm["spatial_factors_mixed"].shape, mdata["rna"].obsp["spillover_weights"].shape
    ((144, 4), (144, 144))
    """

    share: float = field(default=0.05, kw_only=False)
    width: float = 1.0
    uniform: float = 0.0
    key: str = "spillover"

    def __post_init__(self) -> None:
        for name in ("share", "uniform"):
            object.__setattr__(self, name, _validate.probability(name, getattr(self, name)))
        object.__setattr__(self, "width", _validate.real("width", self.width, above=0))
        _names.usable_name("key", self.key)
        if self.share + self.uniform > 1:
            msg = f"share and uniform must sum to at most 1, got {self.share:g} and {self.uniform:g}"
            raise ValueError(msg)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        if not self.share + self.uniform:
            return "no spill-over (share 0)"
        uniform = f" and {self.uniform:g} to all alike" if self.uniform else ""
        return f"spill-over: each observation loses a share of {self.share:g} to neighbours (kernel width {self.width:g}){uniform}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The weights."""
        return (self.key,)

    def mixing(self, observations: Observations, source: Stream) -> Mixing | None:
        """Return the weights of neighbours; nothing is random."""
        if not self.share + self.uniform:
            return None
        places = observations.places
        if places is None:
            msg = (
                f"{self.key} needs places, but observations {observations.name!r} are dissociated: leave the effect out"
            )
            raise ValueError(msg)
        groups = _groups(observations)
        kernel = _kernel(places, groups, self.width)
        return Mixing(
            name=self.key, weights=_weights(kernel, self.share, self.uniform), uniform=self.uniform, groups=groups
        )


def _groups(observations: Observations) -> np.ndarray:
    separating = [label.codes for label in observations.labels.values() if label.separates]
    if not separating:
        return np.zeros(observations.n, np.intp)
    return np.unique(np.column_stack(separating), axis=0, return_inverse=True)[1].reshape(-1)


def _kernel(places: np.ndarray, groups: np.ndarray, width: float) -> csr_matrix:
    """Return the kernel between different observations of one group."""
    from scipy.sparse import csr_matrix
    from scipy.spatial import cKDTree

    pairs = [np.empty((0, 2), np.intp)]
    for group in range(int(groups.max(initial=-1)) + 1):
        own = np.flatnonzero(groups == group)
        pairs.append(own[cKDTree(places[own]).query_pairs(REACH * width, output_type="ndarray")])
    first, second = np.vstack(pairs).T
    near = np.exp(-0.5 * ((places[first] - places[second]) ** 2).sum(axis=1) / width**2)
    rows, columns = np.append(first, second), np.append(second, first)
    return csr_matrix((np.append(near, near), (rows, columns)), shape=(len(places),) * 2)


def _weights(kernel: csr_matrix, share: float, uniform: float) -> csr_matrix:
    """Return what each observation (row) receives of each other one (column), columns summing to 1 - uniform."""
    from scipy.sparse import csr_matrix, diags

    given = np.asarray(kernel.sum(axis=0)).ravel()
    lost = np.where(given > 0, share, 0.0)
    spread = kernel @ diags(np.divide(lost, given, out=np.zeros_like(given), where=given > 0))
    weights = csr_matrix(spread + diags(1.0 - uniform - lost))
    weights.sort_indices()
    return weights
