"""Keys that reach into a modality: ``rna:X_nmf``."""

from __future__ import annotations

from typing import Any

from spsim import _validate
from spsim._objects import annotated


def addressed(data: Any, key: str) -> tuple[Any, str]:
    """Return what holds a key, and the key there: ``"rna:X_nmf"`` means ``X_nmf`` of the modality ``rna``.

    mudata copies columns of a modality to the top under the same name: the modality's own is meant.
    """
    annotated("data", data)
    modality, _, own_key = _validate.text("key", key).partition(":")
    parts = getattr(data, "mod", {})
    return (parts[modality], own_key) if own_key and modality in parts else (data, key)
