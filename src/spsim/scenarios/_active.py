"""Which spatial factors a modality sees."""

from __future__ import annotations

from collections.abc import Sequence

from spsim import _validate
from spsim.scenarios._modality import Modality


def active_positions(modality: Modality, factor_names: Sequence[str]) -> tuple[int, ...]:
    """Return the sorted positions of a modality's active factors."""
    if modality.active_factors is None:
        return tuple(range(len(factor_names)))
    positions = [_position(item, factor_names, modality.name) for item in modality.active_factors]
    _validate.unique(f"active_factors of modality {modality.name!r}", [factor_names[p] for p in positions])
    return tuple(sorted(positions))


def _position(item: int | str, factor_names: Sequence[str], modality: str) -> int:
    if isinstance(item, str) and item in factor_names:
        return list(factor_names).index(item)
    if isinstance(item, int) and 0 <= item < len(factor_names):
        return item
    msg = (
        f"active_factors of modality {modality!r} must be names or positions 0 to {len(factor_names) - 1} of "
        f"{_validate.listing(factor_names)}, got {item!r}{_validate.closest(item, factor_names)}"
    )
    raise ValueError(msg)
