"""Small worlds of every recipe, for tests of what all objects promise."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache

import spsim as sps
from spsim.slots import read_truth, text_digest, without_pulling

BATCH = {"name": "Batch", "by": "slice", "sd": 0.8, "within": "domain", "within_sd": 0.3}
RNA = {"name": "rna", "n_mixed": 24, "n_flat": 8, "n_spatial": 6}
TYPES = {"cell_type": {"name": "CellTypes", "by": "domain"}}
SLICES = {"name": "Slices", "n_slices": 3, "turn": 30, "shift": 2, "missing": {"slice_2": ["block_1"]}}


POOLED = {
    "n_nonspatial": 30,
    "n_nonspatial_factors": 1,
    "expression_mean": 0.0,
    "background_mean": 0.3,
    "background_sd": 0.8,
    "likelihood": {"name": "NegativeBinomial", "shape": 2.0},
}
SUSPENDED = {
    "n_nonspatial_factors": 1,
    "expression_mean": 0.0,
    "background_mean": 2.0,
    "background_sd": 0.5,
}
PANELLED = {
    "n_mixed": 0,
    "n_nonspatial_factors": 1,
    "expression_mean": 0.0,
    "background_sd": 0.5,
    "loadings": {"cell_type": {"name": "Markers", "weight": 1.0}, "program": {"name": "Graded", "weight": 0.7}},
}
CAPTURE = {
    "name": "Capture",
    "spots": {"name": "Grid", "n_rows": 6, "spacing": 2.0},
    "n_reference": 40,
}


def scenario(**fields) -> sps.Scenario:
    return sps.Scenario(**({"n_side": 10, "modalities": [RNA]} | fields))


def pooled(*, n_cells: int = 300, cells=None, reference=None, **spots) -> sps.Scenario:
    """Cells, spots that hold them and a reference; fields of the modalities by name, those of the spots as they are."""
    own = {"loadings": {"cell_type": {"name": "Markers", "weight": 2.0, "share": 0.6}}}
    content = {"name": "Content", "by": "cell_type"}
    return scenario(
        layout={"name": "Uniform", "n_spots": n_cells, "width": 12, "height": 12},
        n_side=None,
        design=CAPTURE,
        factors={"cell_type": {"name": "CellTypes", "by": "domain", "known": ["reference"]}},
        modalities=[
            {
                **POOLED,
                **own,
                "name": "cells",
                "observed": "cells",
                "library_size": {"sd": 0.3},
                "effects": [content],
                **(cells or {}),
            },
            {**POOLED, "name": "visium", "observed": "spots", "features_of": "cells", **spots},
            {
                **POOLED,
                **own,
                "name": "reference",
                "observed": "reference",
                "features_of": "cells",
                "effects": [content, {"name": "Platform", "sd": 0.5}],
                **(reference or {}),
            },
        ],
    )


WORLDS: dict[str, Callable[[], sps.Scenario]] = {
    "plain": scenario,
    "effects": lambda: scenario(
        modalities=[
            RNA | {"library_size": {"sd": 0.3}, "efficiency_sd": 0.2, "background_sd": 0.5, "dropout_rate": 0.2},
            {"name": "protein", "n_mixed": 9, "link": "log", "background_mean": 1.0, "noise_sd": 0.5},
        ]
    ),
    "slices": lambda: scenario(design=SLICES),
    "types": lambda: scenario(factors=TYPES, modalities=[RNA | {"loadings": {"cell_type": {"name": "Markers"}}}]),
    "everything": lambda: scenario(
        design=SLICES,
        factors=TYPES,
        modalities=[
            RNA | {"loadings": {"cell_type": {"name": "Markers", "share": 0.5}}, "effects": [BATCH]},
            {"name": "protein", "n_mixed": 9, "effects": [BATCH], "library_size": {"sd": 0.2}},
        ],
    ),
    "nuisance": lambda: scenario(
        design=SLICES,
        factors={"nuisance": {"name": "Nuisance", "length": 3, "by": "slice"}},
        modalities=[
            RNA
            | {
                "loadings": {"spatial": {"name": "Graded", "overlap": 0.3}, "nuisance": {"name": "Normal", "sd": 0.4}},
                "library_size": {
                    "name": "Depth",
                    "median": 200,
                    "sd": 0.6,
                    "by": "slice",
                    "smooth": 4,
                    "composition": True,
                },
                "effects": [{"name": "Detection", "by": "slice", "sd": 0.3}],
            }
        ],
    ),
    "spilled": lambda: scenario(
        design=SLICES,
        modalities=[
            RNA
            | {
                "library_size": {"sd": 0.3},
                "background_sd": 0.5,
                "effects": [
                    {"name": "Spillover", "share": 0.3, "uniform": 0.05, "width": 1.5},
                    {"name": "Batch", "by": "slice", "sd": 0.5},
                ],
            }
        ],
    ),
    "panels": lambda: scenario(
        design=SLICES,
        modalities=[
            RNA
            | {
                "effects": [{"name": "Panel", "by": "slice", "share": 0.6}],
                "likelihood": {"name": "NegativeBinomial", "shape": {"name": "Trend", "slope": 0.4}},
            },
            {"name": "protein", "n_mixed": 9, "noise_sd": 0.5, "effects": [{"name": "Panel", "by": "slice"}]},
        ],
    ),
    "crossed": lambda: scenario(
        design={**SLICES, "groups": {"condition": ["control", "treated", "treated"]}},
        factors={
            **TYPES,
            "response": {"name": "Crossed", "by": ["condition", "domain"], "only": ["treated:block_2"]},
        },
        modalities=[
            RNA
            | {
                "loadings": {
                    "cell_type": {"name": "Markers", "confuse": [["type_1", "type_2"]]},
                    "response": {"name": "Markers", "share": 0.3},
                },
                "effects": [{"name": "Content", "by": "cell_type"}, {"name": "Platform", "sd": 0.4}],
            }
        ],
    ),
    "sections": lambda: scenario(
        n_side=9,
        design={
            "name": "Slices",
            "n_slices": 3,
            "turn": 20,
            "motions": [{"name": name} for name in ("Recut", "Reflection", "Drift", "Warp", "Crop")],
            "stages": {"name": "Stages", "appear": {"block_2": 0.5}, "growth": 0.2},
            "diameters": {"slice_2": 2.0},
        },
    ),
    "suspended": lambda: scenario(
        n_side=4,
        pattern=None,
        design={"name": "Dissociated", "n_cells": 90, "n_batches": 2, "held_out": 0.2},
        factors={"cell_type": {"name": "CellTypes", "n_types": 4, "names": ["A", "B", "C", "D"]}},
        modalities=[
            SUSPENDED
            | {
                "name": "rna",
                "n_nonspatial": 30,
                "loadings": {"cell_type": {"name": "Graded", "confuse": [["A", "B"]]}},
                "effects": [{"name": "Batch", "by": "batch", "sd": 0.4, "key": "batch_effect"}],
            },
            SUSPENDED
            | {
                "name": "protein",
                "n_nonspatial": 12,
                "n_flat": 3,
                "library_size": {"sd": 0.3},
                "effects": [
                    {"name": "Batch", "by": "batch", "sd": 0.3, "key": "ambient"},
                    {"name": "Foreground", "by": "cell_type", "confuse": [["C", "D"]]},
                    {"name": "Products", "of": "rna"},
                ],
            },
        ],
    ),
    "samples": lambda: scenario(
        pattern={"name": "Voronoi", "n_factors": 2, "n_seeds": 2, "names": ["A", "B"]},
        design={
            "name": "Samples",
            "n_samples": 3,
            "shares": [1.0, 0.4, 0.7],
            "held_out": ["sample_3"],
            "n_dissociated": 30,
        },
        factors={
            "ecotype": {"name": "Ecotypes"},
            "cell_type": {
                "name": "CellTypes",
                "by": "ecotype",
                "absent": {"sample_2": ["type_1"]},
                "absent_by": "sample",
                "known": True,
            },
            "program": {
                "name": "Crossed",
                "by": ["cell_type", "ecotype"],
                "only": ["type_1:A", "type_2:A", "type_2:B"],
            },
        },
        modalities=[
            PANELLED
            | {
                "name": "rna",
                "n_nonspatial": 20,
                "features_of": "dissociated",
                "effects": [
                    {"name": "Batch", "by": "sample", "sd": 0.3},
                    {"name": "Spillover", "share": 0.1, "width": 1.5},
                    {"name": "Panel", "by": "sample"},
                ],
            },
            PANELLED | {"name": "dissociated", "observed": "dissociated", "n_nonspatial": 30},
        ],
    ),
    "perturbed": lambda: scenario(
        pattern=None,
        n_side=None,
        design={"name": "Dissociated", "n_cells": 120},
        factors={
            "perturbation": {"name": "Perturbations", "n_perturbations": 3, "n_guides": 2},
            "program": {"name": "SpinPrograms", "n_programs": 4, "by": "perturbation"},
            "cell_cycle": {"name": "CellCycle"},
        },
        modalities=[
            POOLED
            | {
                "name": "rna",
                "library_size": {"name": "Depth", "median": 200, "composition": True},
                "loadings": {
                    "perturbation": {"name": "KnockDown"},
                    "program": {"name": "Graded", "overlap": 0.3},
                    "cell_cycle": {"name": "Normal", "share": 0.3},
                },
                "effects": [{"name": "Batch", "by": "batch", "key": "batch_effect"}],
            }
        ],
    ),
    "niches": lambda: scenario(
        factors={"program": {"name": "SpinPrograms", "n_programs": 9, "by": "domain", "control": "background"}},
        modalities=[RNA | {"loadings": {"program": {"name": "SignedGraded", "weight": 0.3}}}],
    ),
    "pooled": lambda: pooled(),
    "pooled and spilled": lambda: pooled(effects=[{"name": "Spillover", "share": 0.3, "uniform": 0.1, "width": 2.0}]),
}


def made(world: str):
    """A copy, so that no test sees what another one did."""
    with without_pulling():
        return _made(world).copy()


@cache
def _made(world: str):
    return sps.simulate(WORLDS[world](), rng=3)


def record_groups(data, key: str) -> None:
    """Note a column of groups in the list of what is true of an object, as a design with slices does."""
    record_entries(data, {"slot": "obs", "key": key, "known": True, "label": key, "groups": True})


def record_entries(data, *more: dict) -> None:
    """Note what stands in an object in the list of what is true of it."""
    entries = [*read_truth(data), *more]
    old = {name: value for name, value in data.uns["spsim"].items() if name not in ("truth", "sha256")}
    text = json.dumps(entries)
    data.uns["spsim"] = {**old, "truth": text, "sha256": text_digest(old["params"], text)}
