"""Values that nobody means, for every parameter of the worlds: refused in the package's own words, by their name."""

from __future__ import annotations

import inspect
import warnings

import pytest

import spsim as sps
from hostile_values import EXTREME, FOREIGN, own_error
from spsim.datasets import cells_and_spots, citeseq, ecotypes, perturbseq, rna_and_image, slices
from spsim.patterns import Gradient, Grid, Uniform

CELLS = Uniform(n_spots=60, width=200, height=200)
SMALL = {
    perturbseq: {"n_cells": 20},
    citeseq: {"n_cells": 20},
    rna_and_image: {"n_features": 4, "n_side": 6},
    ecotypes: {"cells": CELLS, "n_dissociated": 10},
    slices: {"n_slices": 2, "n_side": 6},
    cells_and_spots: {"spots": Grid(n_rows=3, spacing=100.0), "cells": CELLS, "n_reference": 5},
}
LABELS = ("-1", "nan", "-inf", "1e300", "10**400", "2**31", "text", "list", "dict", "complex", "object", "nested")
VALUES = {
    **{name: EXTREME[name] for name in LABELS},
    **{name: FOREIGN[name] for name in ("frame", "array", "set", "bytes", "function")},
    "a layout": Grid(n_rows=6),
    "a class": Grid,
}
# Values that mean something: nothing of the kind, any seed, places of spots.
TAKEN = {
    "cells": {"a layout"},
    "confuse": {"dict"},
    "layout": {"a layout"},
    "missing": {"dict"},
    "n_groups": {"2**31"},
    "noise": {"2**31"},
    "nuisance_sd": {"2**31"},
    "observed": {"dict"},
    "rng": {"10**400", "2**31"},
    "spots": {"a layout"},
    "strength": {"2**31"},
}


@pytest.mark.parametrize(
    ("world", "name"), [(world, name) for world in SMALL for name in inspect.signature(world).parameters]
)
def test_what_is_no_value_is_refused_by_name(world, name) -> None:
    placed = {"layout": ("n_cells", "n_side"), "pattern": ("n_cells",) if world is perturbseq else ()}
    given = {key: value for key, value in SMALL[world].items() if key not in placed.get(name, ())}
    if name == "layout" and world is perturbseq:
        given["pattern"] = "ggblocks"
    if name == "pattern" and world is citeseq:
        given = {"layout": Grid(n_rows=6)}
    for label, value in VALUES.items():
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            text = own_error(lambda value=value: world(**given | {name: value}))
        assert (text is None) == (label in TAKEN.get(name, ())), (label, text)
        # What fits into no memory is told by how many there would be.
        assert text is None or name in text or "GiB are free" in text, (label, text)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: perturbseq(layout=Grid(n_rows=6)), "layout needs a pattern"),
        (lambda: perturbseq(500, n_cells=600), "KnockDown needs one feature for each of the 500 factors.*got 400"),
        (lambda: perturbseq(pattern="ggblocks", efficiency=2), "efficiency must be a probability"),
        (lambda: perturbseq(pattern="ggblocks", batch_sd=-1), "batch_sd must be"),
        (lambda: perturbseq(pattern="ggblocks", knock_down=1), "knock_down must be below 1"),
        (lambda: perturbseq(2**14 + 1), "n_perturbations must be a whole number of at most 16384"),
        (lambda: perturbseq(n_programs=2**12 + 1), "n_programs must be a whole number of at most 4096"),
        (lambda: citeseq(pattern="quilt"), "pattern needs a layout, whose domains it says, got pattern='quilt'"),
        (
            lambda: citeseq(layout=Grid(n_rows=6), n_cells=50),
            "n_cells needs dissociated cells, not a layout, got n_cells=50",
        ),
        (lambda: citeseq(5, cell_types=sps.factors.CellTypes(5)), "give either n_types or cell_types, not both"),
        (lambda: citeseq(modalities=["rna", "rna"]), "modalities must be unique, got 'rna' more than once"),
        (lambda: citeseq(modalities={"rna": {"n_flat": 5}}), "modalities must be a list of names, got the mapping"),
        (lambda: citeseq(batch_sd=11), "batch_sd must be at most 10 in size, got 11"),
        (lambda: ecotypes(3, pattern=Gradient(angle=[0, 90])), "give either n_ecotypes or pattern, not both"),
        (lambda: ecotypes(missing={"sample_1": "type_1"}), r"missing\['sample_1'\] must be several"),
        (
            lambda: ecotypes(2, n_types=2, missing={"sample_1": ["type_1", "type_2"]}),
            r"missing\['sample_1'\] must leave at least one",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_next_step(make, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_as_many_targets_as_features_are_all_knocked_down() -> None:
    loadings = perturbseq(400, n_cells=20)["rna"].varm["perturbation_loadings"]
    assert ((loadings != 0).sum(axis=0) == 1).all() and perturbseq(401, n_cells=20, knock_down=0).n_obs == 20


def test_ecotypes_lie_where_a_pattern_with_a_name_says() -> None:
    mdata = ecotypes(pattern="ggblocks", cells=CELLS, n_dissociated=10)
    regions = [f"block_{k}" for k in (1, 2, 3, 4)]
    assert mdata["rna"].obs["ecotype"].cat.categories.tolist() == [*regions, "outside"]
    inside = mdata["rna"].obs["ecotype"] != "outside"
    domain = mdata["rna"].obs["domain"].astype(str)
    assert inside.any() and (mdata["rna"].obs["ecotype"].astype(str) == domain)[inside].all()
