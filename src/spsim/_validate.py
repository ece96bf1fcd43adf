"""Named one-line checks: each error tells the parameter, the value and what is allowed."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from numbers import Integral, Real

import numpy as np


def whole(name: str, value: object, *, at_least: int = 0) -> int:
    """Return ``value`` as int if it is a whole number of at least ``at_least``."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        msg = f"{name} must be a whole number of at least {at_least}, got {value!r}"
        raise TypeError(msg) if not isinstance(value, Real) or isinstance(value, bool) else ValueError(msg)
    if int(value) < at_least:
        msg = f"{name} must be a whole number of at least {at_least}, got {value!r}"
        raise ValueError(msg)
    return int(value)


def real(name: str, value: object, *, above: float = -math.inf, at_least: float = -math.inf) -> float:
    """Return ``value`` as float if it is a finite number in the stated range."""
    bound = f" above {above:g}" if above > -math.inf else f" of at least {at_least:g}" if at_least > -math.inf else ""
    msg = f"{name} must be a finite number{bound}, got {value!r}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(msg)
    number = float(value)
    if not math.isfinite(number) or number < at_least or number <= above:
        raise ValueError(msg)
    return number


def positive(name: str, value: object) -> float:
    """Return ``value`` as float if it is above 0; infinity is allowed (a limit such as Poisson)."""
    msg = f"{name} must be a number above 0 (infinity is allowed), got {value!r}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(msg)
    number = float(value)
    if not number > 0:
        raise ValueError(msg)
    return number


def probability(name: str, value: object) -> float:
    """Return ``value`` as float if it lies in [0, 1]."""
    msg = f"{name} must be a probability in [0, 1], got {value!r}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(msg)
    number = float(value)
    if not 0 <= number <= 1:
        raise ValueError(msg)
    return number


def fraction(name: str, value: object) -> float:
    """Return ``value`` as float if it lies in [0, 1]."""
    number = real(name, value)
    if not 0 <= number <= 1:
        msg = f"{name} must lie in [0, 1], got {value!r}"
        raise ValueError(msg)
    return number


def one_of(name: str, value: object, allowed: Iterable[object]) -> None:
    """Refuse a value that is not among ``allowed``, naming the closest ones."""
    known = list(allowed)
    if value not in known:
        msg = f"{name} must be one of {listing(known)}, got {value!r}{closest(value, known)}"
        raise ValueError(msg)


def known_key(name: str, key: object, keys: Iterable[object]) -> None:
    """Refuse a key that does not exist, listing those that do."""
    known = list(keys)
    if key not in known:
        msg = f"{name}: no {key!r}; there are {listing(known)}{closest(key, known)}"
        raise KeyError(msg)


def unique(name: str, values: Sequence[str]) -> None:
    """Refuse names that occur twice."""
    repeated = sorted({v for v in values if list(values).count(v) > 1})
    if repeated:
        msg = f"{name} must be unique, got {listing(repeated)} more than once"
        raise ValueError(msg)


def finite(name: str, values: np.ndarray) -> None:
    """Refuse an array with NaN or infinite entries."""
    n_bad = int(np.size(values) - np.count_nonzero(np.isfinite(values)))
    if n_bad:
        msg = f"{name} must be finite, got {n_bad} NaN or infinite value{'s' if n_bad > 1 else ''}"
        raise ValueError(msg)


def listing(values: Iterable[object]) -> str:
    """Values as a readable list."""
    return ", ".join(repr(v) for v in values) or "none"


def closest(value: object, known: Iterable[object]) -> str:
    """The tail of an error: the nearest known name, if one is near."""
    near = difflib.get_close_matches(str(value), [str(k) for k in known], n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def non_negative(name: str, values: np.ndarray) -> None:
    """Refuse an array with NaN, infinite or negative entries."""
    finite(name, values)
    if np.size(values) and np.min(values) < 0:
        msg = f"{name} must not be negative, got a minimum of {np.min(values):g}"
        raise ValueError(msg)


def flag(name: str, value: object) -> bool:
    """Return ``value`` if it is True or False."""
    if not isinstance(value, bool):
        msg = f"{name} must be True or False, got {value!r}"
        raise TypeError(msg)
    return value


def text(name: str, value: object) -> str:
    """Return ``value`` if it is a text."""
    if not isinstance(value, str) or not value:
        msg = f"{name} must be a text that is not empty, got {value!r}"
        raise TypeError(msg)
    return value
