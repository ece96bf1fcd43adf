"""What may stand for a layout: itself, its record or name, and positions or a mask as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from spsim import _validate
from spsim._recipe import as_recipe, members
from spsim.patterns._coordinates import Coordinates
from spsim.patterns._layout import Layout
from spsim.patterns._mask import Mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

LayoutLike: TypeAlias = (
    "Layout | Mapping[str, Any] | str | np.ndarray | Sequence[Sequence[float]] | DataFrame | AnnData | MuData"
)


def as_layout(what: str, value: Any) -> Layout:
    """Return the layout that a value stands for; an array of true and false is a mask, any other one positions."""
    if isinstance(value, Layout | str | Mapping):
        layout: Layout = as_recipe(what, value, Layout)
        return layout
    is_data = hasattr(value, "obsm") and not isinstance(value, type)
    if not is_data and not isinstance(value, list | tuple) and not hasattr(value, "__array__"):
        msg = (
            f"{what} must be a layout of spsim.patterns, its name or its dict (names: "
            f"{_validate.listing(sorted(members(Layout)))}), positions n × 2 or n × 3, or an AnnData with "
            f"obsm['spatial'], got {_validate.shown(value)}"
        )
        raise TypeError(msg)
    try:
        return Mask(mask=value) if not is_data and _is_mask(value) else Coordinates(coordinates=value)
    except (KeyError, TypeError, ValueError) as error:
        msg = f"{what}: {error.args[0]}"
        raise type(error)(msg) from error


def _is_mask(value: Any) -> bool:
    try:
        return bool(np.asarray(value).dtype.kind == "b")
    except (RecursionError, TypeError, ValueError):  # which is refused by name
        return False
