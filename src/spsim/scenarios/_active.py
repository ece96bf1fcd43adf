"""Which spatial factors a modality sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spsim import _validate
from spsim.scenarios._modality import Modality


def active_positions(modality: Modality, factor_names: Sequence[str]) -> tuple[int, ...]:
    """Return the sorted positions of a modality's active factors."""
    if modality.active_factors is None:
        return tuple(range(len(factor_names)))
    known = {name: position for position, name in enumerate(factor_names)}
    positions = [_position(item, known, modality.name) for item in modality.active_factors]
    _validate.unique(f"active_factors of modality {modality.name!r}", [factor_names[p] for p in positions])
    return tuple(sorted(positions))


def _position(item: int | str, known: Mapping[str, int], modality: str) -> int:
    if isinstance(item, str) and item in known:
        return known[item]
    if isinstance(item, int) and 0 <= item < len(known):
        return item
    msg = (
        f"active_factors of modality {modality!r} must be names or positions 0 to {len(known) - 1} of "
        f"{_validate.listing(known)}, got {_validate.shown(item)}{_validate.closest(item, known)}"
    )
    raise ValueError(msg)
