"""Papers that the recipes of a scenario are taken from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from spsim._recipe import Recipe, as_recipe
from spsim.factors import Effect, FactorRecipe


def cited(scenario: Mapping[str, Any]) -> list[str]:
    """Return the BibTeX of each paper once, in the order of the recipes; a user's own that is not imported has none."""
    found = []
    for what, record, family in _records(scenario):
        try:
            recipe: Recipe = as_recipe(what, record, family)
        except ValueError:
            continue
        found += [recipe.bibtex] if recipe.bibtex else []
    return list(dict.fromkeys(found))


def _records(scenario: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], type[Recipe]]]:
    for name, record in (scenario.get("factors") or {}).items():
        yield f"factors {name}", record, FactorRecipe
    for modality in scenario["modalities"]:
        for record in modality.get("effects") or ():
            yield f"effects of {modality['name']}", record, Effect
