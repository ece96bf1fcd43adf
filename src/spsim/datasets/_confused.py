"""Types or domains that one modality of a world cannot tell apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from spsim import _validate

CONFUSE = "confuse"


def checked_confusion(confuse: object, names: Collection[str]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return pairs by modality; rules check the pairs."""
    if not isinstance(confuse, Mapping):
        msg = f'confuse must be a mapping such as {{"rna": [("A", "B")]}}, got {_validate.shown(confuse)}'
        raise TypeError(msg)
    for name in confuse:
        _validate.one_of("a modality in confuse", name, names)
    return confuse


def confused(modality: dict[str, Any], factors: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a modality whose rule for some factors, and whose effects that go by them, confuse pairs of them."""
    loadings = {
        name: replace(rule, **{CONFUSE: pairs}) if name == factors else rule
        for name, rule in modality.get("loadings", {}).items()
    }
    effects = [
        replace(effect, **{CONFUSE: pairs}) if any(field.name == CONFUSE for field in fields(effect)) else effect
        for effect in modality.get("effects", ())
    ]
    return {**modality, "loadings": loadings, "effects": effects}
