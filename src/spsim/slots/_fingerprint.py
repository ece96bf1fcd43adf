"""What a blind copy is known by: a hash of what was measured, which whoever holds the copy sees anyway.

A hash of seeds or parameters could be searched: recipes are public and seeds are small numbers. Trying a seed against this
one needs what trying it against the counts themselves needs, a simulation, and tells no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from spsim import _keys
from spsim._objects import as_dense
from spsim.truth import Measurement, Truth

# Of each modality, in rows that are spread over all observations: enough to tell any two data sets apart.
MOST_VALUES = 2**12


def fingerprint_of(truth: Truth, measured: Mapping[str, Measurement]) -> str:
    """Return the hash of what is measured and where, the same however it is held (dense, sparse)."""
    known = hashlib.sha256()
    for observations in truth.observations.values():
        if observations.places is not None:
            known.update(np.ascontiguousarray(observations.places, np.float64).tobytes())
    for name, measurement in sorted(measured.items()):
        n, n_features = measurement.raw.shape
        step = max(1, -(-n * n_features // MOST_VALUES))
        values = np.ascontiguousarray(as_dense(measurement.raw[::step]), np.float32)
        known.update(f"{name} {n} {n_features}".encode())
        known.update((values + np.float32(0)).tobytes())  # zeros have no sign
    return known.hexdigest()


def fingerprints(*holders: Any) -> set[str]:
    """Return the fingerprints of the simulations that blind copies, and results made from them, stem from."""
    found = (part.uns.get(_keys.FINGERPRINT) for part in _parts(holders))
    return {str(text) for text in found if text is not None}


def recorded_fingerprints(*holders: Any) -> set[str]:
    """Return the fingerprints of the simulations that objects with a record are; none of objects of older versions."""
    records = (part.uns.get(_keys.UNS) for part in _parts(holders))
    found = (record.get(_keys.OWN_FINGERPRINT) for record in records if isinstance(record, Mapping))
    return {str(text) for text in found if text is not None}


def _parts(holders: tuple[Any, ...]) -> Iterator[Any]:
    for holder in holders:
        yield holder
        yield from getattr(holder, "mod", {}).values()
