"""What every likelihood has in common: a value that compares, prints and goes through JSON."""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim._validate import listing, one_of, shown

if TYPE_CHECKING:
    from spsim.likelihoods._background import Background


@dataclasses.dataclass(frozen=True, kw_only=True)
class Likelihood(ABC):
    """How a mean becomes a measurement: a frozen value without data or state.

    Likelihoods compare equal when their parameters do, hash, print as a call and go through JSON. Families differ in
    what they add: :class:`CountLikelihood` adds the two tails of a distribution over whole numbers,
    :class:`ContinuousLikelihood` the quantiles of one over real numbers.
    """

    def to_dict(self) -> dict[str, Any]:
        """Return name and parameters in types that JSON knows; :func:`from_dict` is the inverse.

        Returns
        -------
        The key ``"name"``, then one key per parameter. An infinite value becomes the text ``"inf"``, because JSON has no
        infinity; a value per feature becomes a list.

        Examples
        --------
        >>> from spsim.likelihoods import NegativeBinomial
        >>> NegativeBinomial(shape=10).to_dict()
        {'name': 'NegativeBinomial', 'shape': 10.0}
        """
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {"name": type(self).__name__} | {key: _written(value) for key, value in values.items()}


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

    def kinds(self, n_features: int) -> tuple[np.ndarray, np.ndarray]:
        """Group features by their parameters: return one feature of each kind, and the kind of each feature."""
        return np.zeros(1, np.intp), np.broadcast_to(np.intp(0), n_features)

    def of_features(self, feature: np.ndarray) -> CountLikelihood:
        """Return the distributions of elements that belong to these features, for use with arrays as long."""
        return self

    def kept(self) -> tuple[CountLikelihood, float]:
        """Return the distribution without structural zeros, and their probability; they take the lowest uniforms."""
        return self, 0.0

    def parts(self) -> tuple[CountLikelihood, Background | None]:
        """Return what is sampled by inversion, and what is added where that is 0."""
        return self, None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContinuousLikelihood(Likelihood):
    """A distribution over real numbers for every mean, by its quantile function.

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
    """Build the likelihood that :meth:`Likelihood.to_dict` wrote down.

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
    known = {kind.__name__: kind for kind in _concrete(Likelihood)}
    if not isinstance(record, Mapping) or "name" not in record:
        msg = f"likelihood must be a mapping with a 'name' among {listing(sorted(known))}, got {shown(record)}"
        raise ValueError(msg)
    one_of("likelihood name", record["name"], sorted(known))
    kind = known[record["name"]]
    parameters = [field.name for field in dataclasses.fields(kind)]
    values = {key: _read(value) for key, value in record.items() if key != "name"}
    for key in values:
        one_of(f"parameter of {kind.__name__}", key, parameters)
    return kind(**values)


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    return "inf" if value == math.inf else value


def _read(value: Any) -> Any:
    if isinstance(value, list | tuple | np.ndarray):
        return [_infinite(item) for item in value]
    return _infinite(value)


def _infinite(value: Any) -> Any:
    return math.inf if isinstance(value, str) and value == "inf" else value


def _concrete(kind: type[Likelihood]) -> Iterator[type[Likelihood]]:
    for child in kind.__subclasses__():
        if not child.__abstractmethods__ and not child.__name__.startswith("_"):
            yield child
        yield from _concrete(child)
