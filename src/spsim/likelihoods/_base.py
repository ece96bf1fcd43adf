"""What every likelihood has in common: a value that compares, prints and goes through JSON."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from spsim._recipe import Recipe, as_recipe


@dataclasses.dataclass(frozen=True, kw_only=True)
class Likelihood(Recipe):
    """How a mean becomes a measurement: a frozen value without data or state.

    Likelihoods compare equal when their parameters do, hash, print as a call and go through JSON. Families differ in
    what they add: :class:`CountLikelihood` adds the two tails of a distribution over whole numbers,
    :class:`ContinuousLikelihood` the quantiles of one over real numbers.
    """

    # The lowest mean that can be measured; counts have none below 0.
    lowest_mean: ClassVar[float] = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class CountLikelihood(Likelihood):
    r"""A distribution over :math:`0, 1, 2, \dots` for every mean, stochastically increasing in the mean.

    A subclass gives the two tails, each accurate where it is small. Everything else follows: a count is
    :math:`F^{-1}(U; \mu)`, the number of thresholds :math:`F(k; \mu)` that a uniform :math:`U` reaches.
    """

    @abstractmethod
    def cdf(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y \le k)` element by element, accurate where it is small."""

    @abstractmethod
    def survival(self, mean: np.ndarray, count: np.ndarray) -> np.ndarray:
        r"""Return :math:`P(Y > k)` element by element, accurate where it is small."""

    def variants(self, n_features: int) -> tuple[np.ndarray, np.ndarray]:
        """Group features by their parameters: return one feature of each variant, and the variant of each feature."""
        return np.zeros(1, np.intp), np.broadcast_to(np.intp(0), n_features)

    def take(self, elements: np.ndarray) -> CountLikelihood:
        """Return the distributions of chosen elements, for use with arrays as long.

        Elements are features first; of what this returns they are the elements of those arrays.
        """
        return self

    def kept(self) -> tuple[CountLikelihood, float]:
        """Return the distribution without structural zeros, and their probability; they take the lowest uniforms."""
        return self, 0.0

    def parts(self) -> tuple[CountLikelihood, Background | None]:
        """Return what is sampled by inversion, and what is added where that is 0."""
        return self, None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Background:
    """The part of a mixture that takes the lowest uniforms, with this probability, whatever the mean of an entry is."""

    likelihood: CountLikelihood
    mean: float
    probability: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContinuousLikelihood(Likelihood):
    """A distribution over real numbers for every mean, by its quantile function.

    Its ``lowest_mean`` is 0 unless it says otherwise, as :class:`Gaussian` does.

    Examples
    --------
    >>> from spsim.likelihoods import ContinuousLikelihood, LogNormal, Poisson
    >>> isinstance(LogNormal(), ContinuousLikelihood), isinstance(Poisson(), ContinuousLikelihood)
    (True, False)
    """

    @abstractmethod
    def quantile(self, mean: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """Return the values at 64-bit uniforms (uint64), element by element."""


def from_dict(record: Mapping[str, Any]) -> Likelihood:
    """Build the likelihood that ``to_dict`` wrote down.

    Parameters
    ----------
    record
        The key ``"name"`` and any of the parameters of that likelihood; missing ones take their defaults. An unknown
        name or parameter raises ``ValueError`` with the closest known one.

    Returns
    -------
    The likelihood.

    Examples
    --------
    >>> from spsim.likelihoods import from_dict
    >>> from_dict({"name": "NegativeBinomial", "shape": 2.5})
    NegativeBinomial(shape=2.5)
    """
    return as_recipe("likelihood", record, Likelihood)
