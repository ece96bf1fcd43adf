"""What a user says of slices, checked field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spsim import _names, _validate
from spsim._recipe import FrozenMapping, as_recipe
from spsim.designs._motion import Motion
from spsim.designs._recut import Recut
from spsim.designs._reflection import Reflection


def checked_missing(missing: object, names: Sequence[str]) -> FrozenMapping:
    """Return lists of names of spatial factors by name of the slice."""
    if not isinstance(missing, Mapping):
        msg = f"missing must be a mapping from slices to names of spatial factors, got {_validate.shown(missing)}"
        raise TypeError(msg)
    for name, factors in missing.items():
        _validate.one_of("slice in missing", name, names)
        if isinstance(factors, str) or not isinstance(factors, Sequence):
            msg = f"missing of {_validate.shown(name)} must be a list of names of spatial factors, got {_validate.shown(factors)}"
            raise TypeError(msg)
    return FrozenMapping(missing)


def checked_motions(motions: object) -> tuple[Motion, ...]:
    """Return motions; what a slice can be done only once stands there once."""
    if isinstance(motions, str | Mapping) or not isinstance(motions, Sequence):
        msg = f"motions must be a list of motions of spsim.designs or their dicts, got {_validate.shown(motions)}"
        raise TypeError(msg)
    checked = tuple(as_recipe(f"motions[{position}]", motion, Motion) for position, motion in enumerate(motions))
    for kind in (Recut, Reflection):
        n = sum(isinstance(motion, kind) for motion in checked)
        if n > 1:
            msg = f"motions must hold {kind.__name__} at most once, got it {n} times"
            raise ValueError(msg)
    return checked


def checked_diameters(diameters: object, names: Sequence[str]) -> FrozenMapping:
    """Return diameters above 0 by name of the slice."""
    if not isinstance(diameters, Mapping):
        msg = f"diameters must be a mapping from slices to diameters, got {_validate.shown(diameters)}"
        raise TypeError(msg)
    for name in diameters:
        _validate.one_of("slice in diameters", name, names)
    return FrozenMapping(
        {name: _validate.real(f"diameter of {name!r}", value, above=0) for name, value in diameters.items()}
    )


def checked_groups(groups: object, n_slices: int, *, reserved: Sequence[str]) -> FrozenMapping:
    """Return one category per slice by name of the label."""
    if not isinstance(groups, Mapping):
        msg = f"groups must be a mapping from names to one category per slice, got {_validate.shown(groups)}"
        raise TypeError(msg)
    for name, values in groups.items():
        _names.usable_name("groups", name, reserved=tuple(reserved))
        if isinstance(values, str) or not isinstance(values, Sequence) or len(values) != n_slices:
            msg = (
                f"groups[{name!r}] must be a list of one category per slice ({n_slices}), got {_validate.shown(values)}"
            )
            raise ValueError(msg)
        for value in values:
            _names.usable_text(f"category of groups[{name!r}]", value)
    return FrozenMapping(groups)
