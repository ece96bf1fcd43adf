"""Named one-line checks: each error tells the parameter, the value and what is allowed."""

from __future__ import annotations

import difflib
import math
import reprlib
from collections import Counter
from collections.abc import Iterable, Sequence
from numbers import Integral, Real

import numpy as np

# Beyond, double precision (and other readers of JSON) cannot tell whole numbers apart.
MOST = 2**53
# Values end in single precision, whose largest is 3.4e38: their products with a size, an efficiency or a deviate must
# fit too, and squares of places into double precision.
LARGEST, LEAST = 1e30, 1e-30
# Above so many names none is looked for that is like a wrong one, and no list shows more.
_SEARCHED, _SHOWN = 2000, 40

_REPR = reprlib.Repr()
_REPR.maxlevel = 6
_REPR.maxlist = _REPR.maxtuple = _REPR.maxdict = _REPR.maxset = _REPR.maxfrozenset = _REPR.maxdeque = 20
_REPR.maxstring = _REPR.maxlong = _REPR.maxother = 200


def whole(name: str, value: object, *, at_least: int = 0, at_most: int = MOST) -> int:
    """Return ``value`` as int if it is a whole number in the stated range."""
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Integral):  # a time counts as whole for NumPy
        msg = f"{name} must be a whole number of at least {at_least}, got {shown(value)}"
        is_number = isinstance(value, Real) and not isinstance(value, bool | np.timedelta64)
        raise ValueError(msg) if is_number else TypeError(msg)
    if int(value) < at_least:
        msg = f"{name} must be a whole number of at least {at_least}, got {shown(value)}"
        raise ValueError(msg)
    if int(value) > at_most:
        msg = f"{name} must be a whole number of at most {at_most}, got {shown(value)}"
        raise ValueError(msg)
    return int(value)


def real(
    name: str,
    value: object,
    *,
    above: float = -math.inf,
    at_least: float = -math.inf,
    at_most: float = LARGEST,
) -> float:
    """Return ``value`` as float if it is a finite number in the stated range, which single precision can hold."""
    bound = f" above {above:g}" if above > -math.inf else f" of at least {at_least:g}" if at_least > -math.inf else ""
    msg = f"{name} must be a finite number{bound}, got {shown(value)}"
    number = _as_float(msg, value)
    if not math.isfinite(number) or number < at_least or number <= above:
        raise ValueError(msg)
    if abs(number) > at_most or 0 == above < number < LEAST:
        limit = f"at most {at_most:g} in size" if abs(number) > at_most else f"at least {LEAST:g}"
        msg = f"{name} must be {limit}, got {shown(value)}"
        raise ValueError(msg)
    return number


def spread(name: str, value: object) -> float:
    """Return ``value`` as the standard deviation of a logarithm: at most 10, whose deviates single precision can hold."""
    return real(name, value, at_least=0, at_most=10)


def share_lost(name: str, value: object) -> float:
    """Return ``value`` as the share of a mean that is lost, at least 0 and below 1."""
    share = real(name, value, at_least=0)
    if share >= 1:
        msg = f"{name} must be below 1, because the logarithm of the mean is lowered, got {shown(value)}"
        raise ValueError(msg)
    return share


def positive(name: str, value: object) -> float:
    """Return ``value`` as float if it is above 0; infinity is allowed (a limit such as Poisson)."""
    msg = f"{name} must be a number above 0 (infinity is allowed), got {shown(value)}"
    number = _as_float(msg, value)
    if not number > 0:
        raise ValueError(msg)
    return number


def probability(name: str, value: object) -> float:
    """Return ``value`` as float if it lies in [0, 1]."""
    msg = f"{name} must be a probability in [0, 1], got {shown(value)}"
    number = _as_float(msg, value)
    if not 0 <= number <= 1:
        raise ValueError(msg)
    return number


def fraction(name: str, value: object) -> float:
    """Return ``value`` as float if it lies in [0, 1]."""
    number = real(name, value)
    if not 0 <= number <= 1:
        msg = f"{name} must lie in [0, 1], got {shown(value)}"
        raise ValueError(msg)
    return number


def one_of(name: str, value: object, allowed: Iterable[object]) -> None:
    """Refuse a value that is not among ``allowed``, naming the closest ones."""
    known = list(allowed)
    if not _among(value, known):
        msg = f"{name} must be one of {listing(known)}, got {shown(value)}{closest(value, known)}"
        raise ValueError(msg)


def known_key(name: str, key: object, keys: Iterable[object]) -> None:
    """Refuse a key that does not exist, listing those that do."""
    known = list(keys)
    if not _among(key, known):
        msg = f"{name}: no {shown(key)}; there are {listing(known)}{closest(key, known)}"
        raise KeyError(msg)


def unique(name: str, values: Sequence[str]) -> None:
    """Refuse names that occur twice."""
    repeated = sorted(value for value, count in Counter(values).items() if count > 1)
    if repeated:
        msg = f"{name} must be unique, got {listing(repeated)} more than once"
        raise ValueError(msg)


def finite(name: str, values: np.ndarray) -> None:
    """Refuse an array with NaN or infinite entries."""
    n_bad = int(np.size(values) - np.count_nonzero(np.isfinite(values)))
    if n_bad:
        msg = f"{name} must be finite, got {n_bad} NaN or infinite value{'s' if n_bad > 1 else ''}"
        raise ValueError(msg)


def held(name: str, values: np.ndarray) -> None:
    """Refuse an array with entries that are not finite or too large."""
    finite(name, values)
    if np.size(values) and (largest := np.abs(values).max()) > LARGEST:
        msg = f"{name} must be at most {LARGEST:g} in size, got {largest:g}"
        raise ValueError(msg)


def non_negative(name: str, values: np.ndarray) -> None:
    """Refuse an array with NaN, infinite, too large or negative entries."""
    held(name, values)
    if np.size(values) and np.min(values) < 0:
        msg = f"{name} must not be negative, got a minimum of {np.min(values):g}"
        raise ValueError(msg)


def text(name: str, value: object) -> str:
    """Return ``value`` if it is a text."""
    if not isinstance(value, str):
        msg = f"{name} must be a text, got {shown(value)}"
        raise TypeError(msg)
    return value


def listed(name: str, values: object) -> list[object]:
    """Return the members of any iterable but a text."""
    if isinstance(values, str | bytes) or not np.iterable(values):
        single = f"the single text {shown(values)}" if isinstance(values, str) else shown(values)
        msg = f"{name} must be several, as in a list, got {single}"
        raise TypeError(msg)
    return list(values)


def flag(name: str, value: object) -> bool:
    """Return ``value`` as bool if it is True or False."""
    if not isinstance(value, bool | np.bool_):
        msg = f"{name} must be True or False, got {shown(value)}"
        raise TypeError(msg)
    return bool(value)


def shown(value: object) -> str:
    """Value in an error: ``repr``, but short, and without an error of its own (deep nesting, numbers without end)."""
    try:
        words = _REPR.repr(value)
    except (RecursionError, ValueError):
        return f"<{type(value).__name__}>"
    return words if len(words) <= 2 * _REPR.maxother else f"{words[: 2 * _REPR.maxother]}…"


def listing(values: Iterable[object]) -> str:
    """Values as a readable list."""
    known = list(values)
    more = f" … ({len(known)} in all)" if len(known) > _SHOWN else ""
    return (", ".join(shown(v) for v in known[:_SHOWN]) or "none") + more


def closest(value: object, known: Iterable[object]) -> str:
    """The tail of an error: the nearest known name, if one is near."""
    names = [str(k) for k in known]
    if not isinstance(value, str) or len(value) > _REPR.maxstring or len(names) > _SEARCHED:
        return ""
    near = difflib.get_close_matches(value, names, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _as_float(msg: str, value: object) -> float:
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Real):
        raise TypeError(msg)
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError(msg) from error


def _among(value: object, known: Sequence[object]) -> bool:
    try:
        return value in known
    except (NotImplementedError, TypeError, ValueError):  # arrays compare element by element, objects not at all
        return False
