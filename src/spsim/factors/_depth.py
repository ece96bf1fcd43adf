"""Depth that follows tissue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spsim import _keys, _names, _validate
from spsim._deviates import normal_deviates
from spsim._random import Purpose, Stream, uniforms
from spsim._recipe import in_words
from spsim.factors._sizes import Sizes, checked_sizes
from spsim.factors._smooth import smooth_fields
from spsim.truth import Observations


@dataclass(frozen=True, kw_only=True)
class Depth(Sizes):
    r"""Library sizes that differ between categories and vary smoothly over tissue, not only from spot to spot.

    .. math:: \log \ell_i = \log \text{median} + \frac{\text{sd}}{\sqrt m} \big(\varepsilon_i + a_{c(i)} + g(x_i)\big),
       \qquad \varepsilon, a \sim N(0, 1), \quad g \sim \mathcal{GP}(0, C_{3/2}(\text{smooth}))

    where m is the number of the terms there are: a needs ``by``, g needs ``smooth``. Without both these are the sizes of
    :class:`spsim.LibrarySize`. With ``composition`` each row of the mean is divided by its sum first, so that
    :math:`\ell_i` is the total and totals say nothing about factors:

    .. math:: \Lambda_{ij} \leftarrow \ell_i \, \Lambda_{ij} / \sum_k \Lambda_{ik}

    Parameters
    ----------
    median
        Median of the sizes, above 0; with ``composition`` the median total of a row.
    sd
        Standard deviation of their logarithm, at most 10; 0 gives every spot the median.
    by
        Label whose categories have levels of their own, such as ``"domain"``; none by default.
    smooth
        Length scale of the smooth part, in coordinate units; none by default.
    composition
        Whether sizes are totals of rows.

    Raises
    ------
    ValueError
        A value out of range, sizes that single precision cannot hold; ``smooth`` without places.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> depth = sps.factors.Depth(median=500, sd=0.5, smooth=6, composition=True)
    >>> mdata = sps.datasets.quilt(n_mixed=200, library_size=depth, keep_mean=True)
    >>> totals = mdata["rna"].layers["mean"].sum(axis=1)
    >>> round(float(totals.min())), round(float(totals.max()))
    (119, 2151)
    """

    median: float = field(default=1.0, kw_only=False)
    sd: float = 0.3
    by: str | None = None
    smooth: float | None = None
    composition: bool = False

    def __post_init__(self) -> None:
        median, sd = checked_sizes(self.median, self.sd)
        object.__setattr__(self, "median", median)
        object.__setattr__(self, "sd", sd)
        if self.by is not None:
            _names.usable_name("by", self.by)
        if self.smooth is not None:
            object.__setattr__(self, "smooth", _validate.real("smooth", self.smooth, above=0))
        _validate.flag("composition", self.composition)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        more = [
            *([f"differ by {self.by}"] if self.by is not None else []),
            *([f"vary smoothly over tissue (length scale {self.smooth:g})"] if self.smooth is not None else []),
            *(["are the totals of rows, which are normalised first"] if self.composition else []),
        ]
        sizes = f"are log-normal (median {self.median:g}, sd of the logarithm {self.sd:g})"
        return f"Library sizes {in_words([sizes, *more])}."

    @property
    def center(self) -> float:
        """The median."""
        return self.median

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm."""
        return self.sd

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of the levels."""
        return () if self.by is None else (self.by,)

    @property
    def is_composed(self) -> bool:
        """Whether sizes are totals of rows."""
        return self.composition

    def sizes(self, observations: Observations, source: Stream) -> Mapping[str, np.ndarray]:
        """Return one size per observation."""
        parts = [normal_deviates(uniforms(source, Purpose.LIBRARY_SIZE, observations.n))]
        if self.by is not None:
            label = observations.labels[self.by]
            levels = normal_deviates(uniforms(source, Purpose.LIBRARY_SIZE, len(label.names), tile=1))
            parts.append(np.append(levels, 0.0)[label.codes])
        if self.smooth is not None:
            fields = smooth_fields(observations, 1, self.smooth, source, parameter="smooth", purpose=Purpose.DEPTH)
            parts.append(fields[:, 0])
        deviates = parts[0] if len(parts) == 1 else np.sum(parts, axis=0) / np.sqrt(len(parts))
        return {_keys.LIBRARY_SIZE: (self.median * np.exp(self.sd * deviates)).astype(np.float32)}
