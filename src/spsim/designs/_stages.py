"""Slices of different age: structures appear, grow and shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _validate
from spsim._recipe import FrozenMapping, Recipe, in_words


@dataclass(frozen=True, kw_only=True)
class Stages(Recipe):
    r"""Slice s of S has the age :math:`\tau_s = (s - 1) / (S - 1)`; structure k appears at :math:`\tau_k`.

    .. math:: F_{ik} \leftarrow F_{ik} \, \sigma\Big(\frac{\tau_{s(i)} - \tau_k}{\text{width}}\Big), \qquad
       F_{i \cdot} = F\big(c + (x_i - \text{shift} \cdot \tau_{s(i)} - c) / (1 + \text{growth} \cdot \tau_{s(i)})\big)

    with the logistic function σ and the middle c of the tissue.

    Parameters
    ----------
    appear
        Age at which a spatial factor is half there, by its name; others are always there.
    width
        Age over which it comes, above 0.
    growth
        By how much structures of the last slice are larger than those of the first; 0 leaves them as they are.
    shift
        How far structures of the last slice lie from where those of the first do, along x and y in coordinate units;
        zeros leave them where they are. What lies at the border of the tissue is continued beyond it.

    Raises
    ------
    ValueError
        A value out of range.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> stages = sps.designs.Stages(appear={"block_2": 0.5}, width=0.1)
    >>> design = sps.designs.Slices(n_slices=3, stages=stages)
    >>> mdata = sps.simulate(sps.Scenario(design=design, n_side=12, modalities=[{"name": "rna", "n_mixed": 20}]))
    >>> largest = sps.get.factors(mdata).groupby(mdata.obs["slice"], observed=True)["block_2"].max()
    >>> [round(float(value), 2) for value in largest]
    [0.01, 0.5, 0.99]
    """

    appear: Mapping[str, float] = field(default_factory=FrozenMapping, kw_only=False)
    width: float = 0.1
    growth: float = 0.0
    shift: Sequence[float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if not isinstance(self.appear, Mapping):
            msg = f"appear must be a mapping from names of spatial factors to ages, got {_validate.shown(self.appear)}"
            raise TypeError(msg)
        ages = {name: _validate.real(f"age of {name!r} in appear", age) for name, age in self.appear.items()}
        object.__setattr__(self, "appear", FrozenMapping(ages))
        object.__setattr__(self, "width", _validate.real("width", self.width, above=0))
        object.__setattr__(self, "growth", _validate.real("growth", self.growth, at_least=0))
        if isinstance(self.shift, str) or not isinstance(self.shift, Sequence) or len(self.shift) != 2:
            msg = f"shift must be a list of two numbers, along x and y, got {_validate.shown(self.shift)}"
            raise TypeError(msg)
        object.__setattr__(self, "shift", tuple(_validate.real("shift", along) for along in self.shift))

    @property
    def moves(self) -> bool:
        """Whether structures lie elsewhere in some slice."""
        return bool(self.growth or any(self.shift))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        appear = [f"{name} appears at {age:g}" for name, age in self.appear.items()]
        grow = [f"structures grow by a share of {self.growth:g}"] if self.growth else []
        shift = [f"structures shift by ({self.shift[0]:g}, {self.shift[1]:g})"] if any(self.shift) else []
        width = f" (over {self.width:g} of age)" if appear else ""
        return f"Their ages run from 0 to 1: {in_words([*appear, *grow, *shift]) or 'nothing changes'}{width}."

    def ages(self, n_slices: int) -> np.ndarray:
        """Return the age of each slice, from 0 to 1."""
        return np.arange(n_slices) / max(n_slices - 1, 1)

    def amplitudes(self, columns: Sequence[str], n_slices: int) -> np.ndarray:
        """Return slices × factors."""
        from scipy.special import expit

        amplitudes = np.ones((n_slices, len(columns)), np.float32)
        for name, age in self.appear.items():
            amplitudes[:, list(columns).index(name)] = expit((self.ages(n_slices) - age) / self.width)
        return amplitudes

    def seen(self, places: np.ndarray, middle: np.ndarray, age: float) -> np.ndarray:
        """Return where patterns are looked up in a slice of this age."""
        return middle + (places - age * np.array(self.shift) - middle) / (1.0 + self.growth * age)
