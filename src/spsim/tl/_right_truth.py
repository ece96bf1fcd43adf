"""Whether a truth is that of a result: names alone do not tell, since all data sets have a ``spot_0``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _keys
from spsim.slots import fingerprints, recorded_fingerprints

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


def check_right_truth(where: AnnData | MuData, data: AnnData | MuData, truth: AnnData | MuData) -> None:
    """Refuse a truth that is not of the simulation which the blind copy under a result was made from.

    What holds the result is asked first. Objects that say nothing (users' own, those of older versions) are taken as
    they are.
    """
    own = fingerprints(where) or fingerprints(data)
    known = recorded_fingerprints(truth)
    if own and known and not own <= known:
        msg = (
            f"truth is another simulation than the one that this result was made from, by uns[{_keys.FINGERPRINT!r}]: pass "
            "the object whose blind copy the method was given (spsim.get.without_truth), or one measured again from it; "
            f"if both are right, delete uns[{_keys.FINGERPRINT!r}]"
        )
        raise ValueError(msg)
