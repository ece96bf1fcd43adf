"""The least part of a case that fails alike."""

from __future__ import annotations

import time
from collections.abc import Callable

from verification.fuzzing.case import Case
from verification.fuzzing.guard import Outcome


def shrunk(case: Case, outcome: Outcome, judge: Callable[[Case], Outcome], *, seconds: float = 10.0) -> Case:
    """Leave out statements and arguments as long as the case fails in the same group."""
    end = time.monotonic() + seconds
    smaller = iter(case.smaller())
    while (candidate := next(smaller, None)) is not None and time.monotonic() < end:
        if judge(candidate).group == outcome.group:
            case, smaller = candidate, iter(candidate.smaller())
    return case
