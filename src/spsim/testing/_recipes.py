"""The data sets behind the fixtures: small, fixed, made once, handed out as copies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from spsim import datasets
from spsim.slots import without_pulling
from spsim.testing._fingerprint import FINGERPRINTS, fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mudata import MuData

# Every choice that is not a data set's default. Those of quilt and multiomics are kept on purpose: mixed features make
# a method separate spatial from non-spatial factors, which is what a spatial method is for. With mean 0.5 and half of
# the counts lost, KL-NMF of the raw counts has a factor left at 0.4, where it has all of them at 0.99 by default.
RECIPES: Mapping[str, Callable[[], MuData]] = MappingProxyType(
    {
        "spsim_quilt": lambda: datasets.quilt(),
        "spsim_multiomics": lambda: datasets.multiomics(),
        "spsim_quilt_hard": lambda: datasets.quilt(expression_mean=0.5, dropout_rate=0.5),
        "spsim_null": lambda: datasets.quilt(expression_mean=0),
    }
)


def fresh(name: str) -> MuData:
    """Return a copy of the data set of a fixture; nobody but this function ever holds the original."""
    with without_pulling():
        return _original(name).copy()


@cache
def _original(name: str) -> MuData:
    mdata = RECIPES[name]()
    refuse_other_data(name, fingerprint(mdata))
    return mdata


def refuse_other_data(name: str, found: Mapping[str, str]) -> None:
    """Stop where a data set is not the pinned one: thresholds that were set on that would silently mean another thing."""
    expected = FINGERPRINTS[name]
    changed = [part for part in expected if found[part] != expected[part]]
    if changed:
        msg = (
            f"{name} came out with other {' and '.join(changed)} than this version of spsim promises, so thresholds set "
            f"on it do not hold: got {dict(found)}, expected {dict(expected)}; please report it with your versions of "
            "NumPy and SciPy"
        )
        raise RuntimeError(msg)
