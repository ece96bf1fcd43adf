"""Results that :func:`spsim.tl.evaluate` scores: found, aligned and checked once, before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate
from spsim.metrics._arrays import matrix
from spsim.metrics._labels import label_codes
from spsim.slots import addressed
from spsim.tl._draws import Draws
from spsim.tl._lookup import Found, all_keys, find
from spsim.tl._svg_detection import Ranking, find_ranking, is_ranking

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

    from spsim._random import RNGLike


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """What one key holds in one slot."""

    key: str
    slot: str
    found: Found | Ranking
    draws: Draws | None
    """Unrelated results in its place; tables of features have none."""


def find_results(
    data: AnnData | MuData,
    keys: list[str],
    truth: AnnData | MuData | None,
    *,
    n_chance: int,
    rng: RNGLike,
    **where: Any,
) -> list[Result]:
    """Return what the keys hold, with the groups, block and label of :func:`spsim.tl._lookup.find`; errors name all keys that are nowhere, else the first that is of no use."""
    slots = {key: _slots(data, key) for key in keys}
    missing = [key for key in keys if not slots[key]]
    if missing:
        tables = [name for name, table in _tables(data).items() if is_ranking(table)]
        known = [*all_keys(data, "obsm"), *all_keys(data, "obs"), *tables]
        near = _validate.closest(missing[0], known)
        msg = f"keys: no {_validate.listing(missing)}; there are {_validate.listing(known)}{near}"
        raise KeyError(msg)
    found = []
    for key in keys:
        try:
            found += [_checked(data, key, slot, truth, where, n_chance, rng) for slot in slots[key]]
        except (KeyError, TypeError, ValueError) as error:
            msg = f"keys: {key!r}: {error.args[0] if error.args else error}"
            raise type(error)(msg) from error
    return found


def _slots(data: AnnData | MuData, key: str) -> list[str]:
    """Slots in which a key holds something that can be scored."""
    where, own_key = addressed(data, key)
    slots = [slot for slot in ("obsm", "obs") if own_key in getattr(where, slot)]
    return slots + (["uns"] if is_ranking(_tables(data).get(key)) else [])


def _tables(data: AnnData | MuData) -> dict[str, Any]:
    parts = getattr(data, "mod", {})
    return dict(data.uns) | {f"{name}:{key}": part.uns[key] for name, part in parts.items() for key in part.uns}


def _checked(
    data: AnnData | MuData,
    key: str,
    slot: str,
    truth: AnnData | MuData | None,
    where: dict[str, Any],
    n_chance: int,
    rng: RNGLike,
) -> Result:
    if slot == "uns":
        return Result(key=key, slot=slot, found=find_ranking(data, key, truth), draws=None)
    found = find(data, key, slot, truth, **where)
    draws = Draws(found=found, n_chance=n_chance, rng=rng)
    if slot == "obsm":
        matrix("estimate", found.values)
    else:
        _check_labels(key, found.values)
    # No truth, and a block or label that was asked for and is not there, are errors, no reasons to leave a score out.
    if slot == "obsm" or found.block != _keys.SPATIAL_BLOCK:
        found.factors  # noqa: B018
    if slot == "obs" or found.label != _keys.DOMAIN:
        found.true_labels  # noqa: B018
    draws.null  # noqa: B018 - refuses coordinates that need groups
    return Result(key=key, slot=slot, found=found, draws=draws)


def _check_labels(key: str, labels: np.ndarray) -> None:
    label_codes("labels", labels)
    if labels.dtype.kind == "f" and (labels != np.floor(labels)).any():
        msg = f"obs[{key!r}] must hold labels, got numbers that are not whole"
        raise ValueError(msg)
