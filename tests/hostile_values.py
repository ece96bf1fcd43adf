"""Values that nobody means, for tests that every function refuses them in its own words."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import spsim as sps

SOURCE = str(Path(sps.__file__).parent)


def nested(depth: int = 100_000) -> list[object]:
    """Lists in lists, far beyond what recursion reaches."""
    inner: list[object] = []
    for _ in range(depth):
        inner = [inner]
    return inner


EXTREME = {
    "0": 0,
    "-1": -1,
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "1e-300": 1e-300,
    "1e-30": 1e-30,
    "1e-5": 1e-5,
    "1e5": 1e5,
    "1e10": 1e10,
    "1e20": 1e20,
    "1e30": 1e30,
    "1e38": 1e38,
    "1e39": 1e39,
    "1e300": 1e300,
    "float32": np.float32(3e38),
    "2**31": 2**31,
    "2**63": 2**63,
    "10**29": 10**29,
    "10**400": 10**400,
    "10**5000": 10**5000,
    "True": True,
    "text": "5",
    "None": None,
    "list": [],
    "dict": {},
    "complex": 1j,
    "array": np.array([1, 2]),
    "object": object(),
    "nested": nested(),
}
FOREIGN = {
    "None": None,
    "number": 5,
    "nan": math.nan,
    "digits": 10**5000,
    "frame": pd.DataFrame({"a": [1]}),
    "series": pd.Series([1, 2]),
    "list": ["X_guess"],
    "nested": nested(),
    "array": np.zeros((3, 2)),
    "tuple": (1, 2),
    "set": {1},
    "dict": {"a": 1},
    "bytes": b"X_guess",
    "function": len,
    "object": object(),
}


def own_error(call: Callable[[], object]) -> str | None:
    """Text of the error of a call, which must be raised by spsim itself; None if there is none."""
    try:
        call()
    except (KeyError, TypeError, ValueError) as error:
        raised_in = traceback.extract_tb(error.__traceback__)[-1].filename
        text = str(error.args[0])
        assert raised_in.startswith(SOURCE), f"{type(error).__name__} of {raised_in}: {text}"
        assert len(text) < 2000, "an error is read by people"
        return text
    return None


def named(values: dict[str, object], *names: str) -> Iterator[tuple[str, object]]:
    """Some of the values, with their names."""
    yield from ((name, values[name]) for name in names or values)


# Options of the scores, and which of the values above they take.
TAKEN = {
    "key_added": {"None", "text"},
    "copy": {"True"},
    "rng": {"None", "number", "array", "tuple", "0", "2**31", "2**63", "10**29", "10**400"},
    "n_chance": {"number", "0"},
    "n_sampled": {"None", "number", "2**31"},
    "n_neighbors": {"number"},
    "n_folds": {"number"},
}
