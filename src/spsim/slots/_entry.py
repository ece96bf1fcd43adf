"""One thing that is true, and where it stands in an object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SLOTS = ("obs", "var", "obsm", "varm", "obsp", "layers", "uns")


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """A slot, a key in it, the value there, and what it is.

    Parameters
    ----------
    slot, key
        Where it stands.
    value
        What stands there.
    known
        Whether an experimenter knows it too: then blind copies keep it.
    about
        What readers need to know: the ``block`` or ``label`` that it belongs to, its ``role`` in the mean, names of its
        columns.
    """

    slot: str
    key: str
    value: Any
    known: bool = False
    about: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return all but the value, as the object's list of what is true records it."""
        return {"slot": self.slot, "key": self.key, "known": self.known, **self.about}
