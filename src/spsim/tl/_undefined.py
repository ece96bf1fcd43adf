"""What cannot be scored, since the truth is the same everywhere in what is scored: named in one warning."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from spsim import _validate, metrics
from spsim._warn import warn_user
from spsim.metrics._arrays import matrix, unit_columns
from spsim.tl._lookup import Found


def is_constant(found: Found) -> np.ndarray:
    """Return which true factors do not vary over the spots: there is nothing to recover of them."""
    return unit_columns(matrix("truth", found.factors))[1]


def constant_factors(found: Found) -> list[str]:
    """Return why true factors cannot be scored: nothing if all vary."""
    names = [str(name) for name in found.factors.columns[is_constant(found)]]
    if not names:
        return []
    return [f"the same value of {_validate.listing(names)} at all {len(found.rows)} scored spots"]


def single_label(found: Found) -> list[str]:
    """Return why a true label cannot be scored: nothing if there are several, outside the background too."""
    labels = found.true_labels
    inside = labels[found.foreground]
    for scored, what in ((labels, "scored spots"), (inside, "scored spots outside the background")):
        if len(scored) and (scored == scored[0]).all():
            return [f"one {found.label}, {_validate.shown(str(scored[0]))}, at all {len(scored)} {what}"]
    return []


def unscored_programs(found: Found, result: metrics.LoadingRecovery) -> list[str]:
    """Return why true programs cannot be scored: nothing if all that the method sees can. Of others nobody expects it."""
    names = [str(name) for name in found.factors.columns[found.visible & ~is_constant(found) & ~result.scored]]
    if not names:
        return []
    return [f"none or all of the {result.n} scored features in the program of {_validate.listing(names)}"]


def one_kind(share: float, what: str, n_entries: int) -> list[str]:
    """Return why a mask cannot be scored: nothing if its entries are of both kinds."""
    if 0 < share < 1:
        return []
    return [f"{what} at {'all' if share else 'none'} of the {n_entries} scored entries"]


def undefined_of(found: Found) -> list[str]:
    """Return both kinds of reasons, as far as there is such a truth."""
    return [
        *([] if found.missing_block else constant_factors(found)),
        *([] if found.missing_label else single_label(found)),
    ]


def warn_undefined(reasons: Iterable[str]) -> None:
    """Warn of scores that are NaN, if there are any."""
    named = list(dict.fromkeys(reasons))
    if named:
        warn_user(
            f"the truth holds {'; '.join(named)}: there is nothing to recover, so such scores and ceilings are NaN, and "
            "means and assertions leave them out"
        )
