"""A small data set of cells under spots, for the tests of several folders."""

from __future__ import annotations

from functools import cache

import mudata

import spsim as sps
from spsim.patterns import HardCore, Hexagonal
from spsim.slots import without_pulling

SPOTS = Hexagonal(n_rows=8, n_columns=7)
CELLS = HardCore(n_spots=500, width=750, height=706, unit="micrometer")


def small(**fields):
    types = {} if "cell_types" in fields else {"n_types": 4}
    return sps.datasets.cells_and_spots(**({"spots": SPOTS, "cells": CELLS, "n_reference": 60} | types | fields))


@cache
def made():
    """Not to be changed: copy it."""
    return small()


def filtered(mdata, **rows):
    """Some rows of each modality; the object then knows what it knew."""
    with without_pulling():
        part = mudata.MuData({name: own[rows.get(name, slice(None))].copy() for name, own in mdata.mod.items()})
    part.uns["spsim"] = dict(mdata.uns["spsim"])
    return part
