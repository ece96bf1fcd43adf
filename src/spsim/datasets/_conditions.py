"""Samples within conditions: whose cells and whose program differ, and whose batches may, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from spsim import _validate
from spsim.designs import Slices
from spsim.factors import Batch, CellTypes, Crossed, Effect, FactorRecipe, Markers

CONDITION, CELL_TYPE, RESPONSE = "condition", "cell_type", "response"
# Difficulty: types are as visible as domains, the response within one type is fainter.
LOADINGS: Mapping[str, Any] = {CELL_TYPE: Markers(weight=0.5, share=0.3), RESPONSE: Markers(weight=0.5, share=0.1)}


def checked_conditions(conditions: object, n_slices: int) -> tuple[str, ...]:
    """Return one condition per slice, at least two different ones, or none at all."""
    if conditions is None:
        return ()
    if isinstance(conditions, str) or not isinstance(conditions, Sequence):
        msg = f"conditions must be a list of one condition per slice, got {_validate.shown(conditions)}"
        raise TypeError(msg)
    if len(conditions) != n_slices or len(set(map(str, conditions))) < 2:
        msg = (
            f"conditions must hold one condition per slice ({n_slices}), at least two different ones, got "
            f"{_validate.shown(conditions)}"
        )
        raise ValueError(msg)
    return tuple(conditions)


def conditioned(design: Slices, conditions: Sequence[str]) -> Slices:
    """Return a design whose slices belong to conditions."""
    if CONDITION in design.groups:
        msg = f"conditions are in the groups of the design already ({CONDITION!r}): leave conditions out"
        raise ValueError(msg)
    return replace(design, groups={**design.groups, CONDITION: conditions})


def responses(conditions: Sequence[str]) -> dict[str, FactorRecipe]:
    """Return types whose composition differs between conditions, and a program of the first type in all but the first."""
    types = CellTypes(n_types=4, by=CONDITION, concentration=2.0)
    others = list(dict.fromkeys(conditions))[1:]
    only = [f"{other}:{types.names[0]}" for other in others]
    return {CELL_TYPE: types, RESPONSE: Crossed(by=[CONDITION, CELL_TYPE], only=only, varies_in_space=False)}


def confounded(batch: Batch, confounding: float) -> tuple[Effect, ...]:
    r"""Return a batch effect in two parts: of the slice, and of the condition.

    Standard deviations are :math:`\text{sd} \sqrt{1 - \kappa}` and :math:`\text{sd} \sqrt{\kappa}`, so that effects of two
    slices have correlation κ within a condition and 0 between conditions.
    """
    own = replace(batch, sd=batch.sd * (1.0 - confounding) ** 0.5)
    return own, Batch(by=CONDITION, sd=batch.sd * confounding**0.5, key=f"{batch.key}_{CONDITION}")
