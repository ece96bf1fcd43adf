"""What layouts around an array of the user's have in common."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from spsim.patterns._layout import Layout


@dataclass(frozen=True, kw_only=True, eq=False)
class ArrayLayout(Layout):
    """A layout that compares by the content of its arrays and keeps them out of what a data set records."""

    @property
    def holds_arrays(self) -> bool:
        """Always."""
        return True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, ArrayLayout) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)

    @property
    def _content(self) -> tuple[object, ...]:
        values = [getattr(self, field.name) for field in fields(self)]
        return tuple((v.shape, v.tobytes()) if isinstance(v, np.ndarray) else v for v in values)
