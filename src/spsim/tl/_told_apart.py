"""Which categories of a label a method can tell apart: those to which some feature that it was given responds unlike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys
from spsim.slots import block_entry, block_names, has_record, has_responses, is_torn, read_truth, responses_to, value_of

if TYPE_CHECKING:
    from spsim.tl._lookup import Found


def as_told_apart(found: Found, labels: np.ndarray) -> np.ndarray:
    """Return labels in which categories are one that no feature tells apart, although it responds to them."""
    responses = joint_responses(found, found.label)
    merged = _merged(responses, lambda a, b: _differ_otherwise(found, a, b))
    return np.array([merged.get(label, label) for label in labels.tolist()])


def domains_told_apart(found: Found, labels: np.ndarray) -> np.ndarray:
    """Return domains in which those are one whose factors add up to the same."""
    responses = joint_responses(found, _keys.SPATIAL_BLOCK)
    if not _merged(responses, lambda a, b: False):
        return labels
    sums: dict[bytes, str] = {}
    names = {}
    for label in dict.fromkeys(labels.tolist()):
        parts = [responses[name].astype(np.float64) for name in label.split("+") if name in responses]
        names[label] = sums.setdefault(np.sum(parts, axis=0).tobytes() if parts else b"", label)
    return np.array([names[label] for label in labels.tolist()])


def confused_factors(found: Found) -> list[list[int]]:
    """Return groups of positions of true factors that no feature tells apart, although it responds to them."""
    named = replace(found, label=found.block)
    merged = _merged(joint_responses(found, found.block), lambda a, b: _differ_otherwise(named, a, b))
    groups: dict[str, list[int]] = {}
    for position, name in enumerate(found.factors.columns):
        groups.setdefault(merged.get(name, name), []).append(position)
    return [group for group in groups.values() if len(group) > 1]


def seen_columns(found: Found) -> np.ndarray:
    """Return what a perfect method finds of the true factors: those that it sees, as one sum where it confuses them."""
    factors, confused = found.factors.to_numpy(), confused_factors(found)
    alone = found.visible.copy()
    alone[sum(confused, [])] = False
    return np.column_stack([factors[:, alone], *(factors[:, group].sum(axis=1) for group in confused)])


def joint_responses(found: Found, name: str) -> dict[str, np.ndarray]:
    """Return how all features that the method was given respond to each factor or category."""
    own = [response for part in given_parts(found) if (response := responses_to(part, name)) is not None]
    shared = [column for column in (own[0] if own else {}) if all(column in response for response in own)]
    return {column: np.concatenate([response[column] for response in own]) for column in shared}


def given_parts(found: Found) -> list[Any]:
    """Return the true modalities that the method was given, as far as they say what is true of them."""
    parts = getattr(found.source, "mod", {"": found.source})
    given = [part for name, part in parts.items() if found.modality in (None, name) or len(parts) == 1]
    return [part for part in given if has_record(part) and not is_torn(part) and has_responses(part)]


def _merged(responses: dict[str, np.ndarray], differ: Any) -> dict[str, str]:
    """Return the first of the names that are alike for each of the others."""
    merged: dict[str, str] = {}
    alike: dict[bytes, list[str]] = {}
    for name, response in responses.items():
        if response.any():
            firsts = alike.setdefault((response + 0).tobytes(), [])  # zeros without a sign
            first = next((first for first in firsts if not differ(first, name)), None)
            if first is None:
                firsts.append(name)
            else:
                merged[name] = first
    return merged


def _differ_otherwise(found: Found, first: str, second: str) -> bool:
    """Return whether a size, or another factor that features respond to, is one value in a category and not in the other.

    Types of unlike content, or combinations of labels that only one of them is part of.
    """
    for part in given_parts(found):
        names = part.obs[found.label].astype(str).to_numpy() if found.label in part.obs else np.empty(0, str)
        for column in _columns(part, found.label) if len(names) else ():
            one, other = (np.unique(column[names == name]) for name in (first, second))
            if min(len(one), len(other)) == 1 and not np.array_equal(one, other):
                return True
    return False


def _columns(part: Any, label: str) -> Iterator[np.ndarray]:
    for name in block_names(part):
        entries = [block_entry(part, name, slot) for slot in ("obsm", "varm")] if name != label else []
        if entries:
            factors, loadings = (np.asarray(value_of(part, entry)) for entry in entries)
            yield from factors[:, loadings.any(axis=0)].T
    yield from (np.asarray(value_of(part, e)) for e in read_truth(part) if e.get("role") == "size")
