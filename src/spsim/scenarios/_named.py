"""What may stand for a scenario: itself, its fields, a file that holds them, or a name."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

from spsim import _validate
from spsim.patterns import NAMED
from spsim.scenarios._scenario import Scenario

MULTIOMICS = "multiomics"
# Data sets whose scenario depends on what their function is given, so that a name alone stands for none.
WORLDS = ("slices", "cells_and_spots", "perturbseq", "citeseq", "rna_and_image", "ecotypes")
# All functions that make a data set by its name.
DATA_SETS = ("quilt", "ggblocks", MULTIOMICS, *WORLDS)
# Sizes, dropout and which factor belongs to which modality: SpatialGlue's simulation (Long et al. 2024, supplement
# table S3 and main text: factors 1, 3 and 4 from RNA, factor 2 from protein, counted from 1 there).
TWO_OMICS: tuple[Mapping[str, Any], ...] = (
    {"name": "rna", "n_mixed": 1000, "dropout_rate": 0.5, "active_factors": [0, 2, 3]},
    {"name": "protein", "n_mixed": 100, "active_factors": [1]},
)


def as_scenario(value: object) -> Scenario:
    """Return the scenario that a value stands for."""
    if isinstance(value, Scenario):
        return value
    if isinstance(value, PathLike) or (isinstance(value, str) and value.endswith(".json")):
        return Scenario.read(value)
    if isinstance(value, Mapping | list | tuple):
        return Scenario.from_config(value)
    names = [*NAMED, MULTIOMICS]
    if isinstance(value, str) and value in names:
        return _named(value)
    if isinstance(value, str) and value in WORLDS:
        msg = (
            f"scenario {value!r} has parameters of its own: call spsim.datasets.{value}(), and for its scenario "
            "spsim.Scenario.from_mdata with what that returns"
        )
        raise ValueError(msg)
    msg = (
        f"scenario must be a spsim.Scenario, a mapping of its fields, a list of modalities, a .json file or one of "
        f"{_validate.listing(names)}, got {_validate.shown(value)}{_validate.closest(value, [*names, *WORLDS])}; {_validate.listing(WORLDS)} "
        "are made by functions of spsim.datasets of these names, published data sets by spsim.datasets.published"
    )
    raise ValueError(msg) if isinstance(value, str) else TypeError(msg)


def _named(name: str) -> Scenario:
    """Return the scenario of the function of the name in :mod:`spsim.datasets`, or of a pattern with one modality."""
    if name == MULTIOMICS:
        return Scenario(id=name, modalities=TWO_OMICS)
    return Scenario(id=name, pattern=name, modalities=[{"name": "rna"}])
