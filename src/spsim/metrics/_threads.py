"""Work in blocks on all processors that this process may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def n_threads() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(function: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """Call ``function`` on each part, a thread each, and return the results in order.

    Products of matrices keep to the thread that asks for them: thousands of small ones, each shared out by the library,
    wait for each other more than they compute.
    """
    from concurrent.futures import ThreadPoolExecutor

    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        if len(parts) == 1:
            return [function(parts[0])]
        with ThreadPoolExecutor(len(parts)) as pool:
            return list(pool.map(function, parts))
