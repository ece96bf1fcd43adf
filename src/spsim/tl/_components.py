"""Which components of an estimate are shared and which are private: a word for each, or the shared block's key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate
from spsim.metrics._arrays import block
from spsim.metrics._factor_kind import kind_of
from spsim.tl._array_in import array_in
from spsim.tl._lookup import Found, holder
from spsim.tl._names import truth_rows

if TYPE_CHECKING:
    from pandas import Index


def with_kinds(found: Found, kinds: Iterable[str] | None, shared_key: str | None) -> tuple[Found, list[str]]:
    """Return an estimate with the kind of each component; the components of a shared block come first."""
    if (kinds is None) == (shared_key is None):
        got = "none" if kinds is None else "both"
        msg = (
            "kinds (a word for each component of key) or shared_key (of the shared block, where key holds the private one) "
            f"must be given, exactly one of them, got {got}"
        )
        raise ValueError(msg)
    own = found.values
    if shared_key is None:
        words = [_validate.text("kinds", kind) for kind in _validate.listed("kinds", kinds)]
        if len(words) != own.shape[1]:
            msg = f"kinds must be one per component of {found.key!r} ({own.shape[1]}), got {len(words)}"
            raise ValueError(msg)
        return found, words
    private = f"private_{found.named_modality}"
    shared = block("shared_key", _at(found, shared_key, found.names))
    joined = np.hstack([shared, block("key", own)])
    return replace(found, given=joined), ["shared"] * shared.shape[1] + [private] * own.shape[1]


def components_of(words: list[str], modality: str, modalities: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Return which components a modality shares with others, and which are its own."""
    meant: dict[str, set[str]] = {"background": set(), "nonspatial": set()} | {
        f"private_{name}": {name} for name in modalities
    }
    for size in range(2, len(modalities) + 1):
        meant |= {kind_of(some, len(modalities)): set(some) for some in combinations(modalities, size)}
    meant["shared"] = set(modalities)
    for word in words:
        _validate.one_of("kinds", word, meant)
    own = f"private_{modality}"
    return [word != own and modality in meant[word] for word in words], [word == own for word in words]


def _at(found: Found, key: str, names: Index) -> np.ndarray:
    """Another block of the estimate, at the same spots."""
    where, own_key = holder(found.data, key, "obsm")
    return array_in(where, "obsm", own_key)[truth_rows(names, where, owner="shared_key")]
