"""Sizes of observations: what may stand in a modality's field ``library_size``, and one size per category of a label."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from spsim import _keys, _validate
from spsim._deviates import LARGEST_DEVIATE, log_normal
from spsim._random import Purpose, Stream
from spsim.factors._effect import Effect
from spsim.truth import Label


@dataclass(frozen=True, kw_only=True)
class Sizes(Effect):
    """A recipe for one size per observation, log-normal around a median."""

    @property
    @abstractmethod
    def center(self) -> float:
        """The median."""

    @property
    @abstractmethod
    def spread(self) -> float:
        """Standard deviation of the logarithm."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The sizes."""
        return (_keys.LIBRARY_SIZE,)


def size_per_category(label: Label, sd: float, source: Stream) -> np.ndarray:
    """Return the size of each observation, log-normal around 1 for each category; categories are a prefix of more of them."""
    sizes = log_normal(len(label.names), 1.0, sd, source, Purpose.EFFECT)
    return np.append(sizes, np.float32(1))[label.codes]  # 1 where there is no category


def checked_sizes(median: object, sd: object) -> tuple[float, float]:
    """Return a median and a spread whose sizes single precision can hold."""
    center = _validate.real("median of library_size", median, above=0)
    spread = _validate.spread("sd of library_size", sd)
    if math.log(center) + LARGEST_DEVIATE * spread > math.log(np.finfo(np.float32).max):
        msg = f"median and sd of library_size must be smaller, got {center:g} and {spread:g}"
        raise ValueError(msg)
    return center, spread
