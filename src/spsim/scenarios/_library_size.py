"""Library sizes of spots."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pydantic import field_validator, model_validator

from spsim import _validate
from spsim.scenarios._measurable import LARGEST_DEVIATE, MOST_SPREAD
from spsim.scenarios._record import Record


class LibrarySize(Record):
    r"""Log-normal library sizes: the mean of spot i is multiplied with :math:`\ell_i`.

    .. math:: \log \ell_i \sim N(\log \text{median}, \text{sd}^2)

    Parameters
    ----------
    median
        Median of the sizes, above 0.
    sd
        Standard deviation of their logarithm, at most 10; 0 gives every spot the median.

    Raises
    ------
    ValueError
        A median that is not above 0, or a negative standard deviation.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(library_size=sps.LibrarySize(sd=0.4))
    >>> float(mdata["rna"].obs["library_size"].median().round(1))
    1.0
    """

    median: float = 1.0
    sd: float = 0.3

    @field_validator("median", mode="before")
    @classmethod
    def _positive(cls, value: object, info: Any) -> float:
        return _validate.real(f"{info.field_name} of library_size", value, above=0)

    @field_validator("sd", mode="before")
    @classmethod
    def _spread(cls, value: object, info: Any) -> float:
        return _validate.real(f"{info.field_name} of library_size", value, at_least=0, at_most=MOST_SPREAD)

    @model_validator(mode="after")
    def _held(self) -> LibrarySize:
        if math.log(self.median) + LARGEST_DEVIATE * self.sd > math.log(np.finfo(np.float32).max):
            msg = f"median and sd of library_size must be smaller, got {self.median:g} and {self.sd:g}"
            raise ValueError(msg)
        return self
