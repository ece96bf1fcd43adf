"""Several stacks as one."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim._random import seed_sequence, stream
from spsim.patterns import Grid, Motifs, both, ggblocks, quilt, spamv_shapes, union

SOURCE = stream(seed_sequence(0), "layout")


def test_each_factor_looks_as_in_its_own_stack() -> None:
    stacks = [quilt(), Motifs(pixels=np.random.default_rng(0).gamma(1, size=(2, 5, 8))), spamv_shapes()]
    united = union(*stacks)
    assert united.pixels.shape == (15, 180, 72)
    assert united.names == tuple(name for stack in stacks for name in stack.names)
    for grid in (Grid(n_rows=180, n_columns=72), Grid(n_rows=31, n_columns=50)):
        sites = grid.sites(SOURCE)
        assert np.array_equal(
            united.factors(sites, SOURCE), np.hstack([stack.factors(sites, SOURCE) for stack in stacks])
        )


def test_both_is_a_union() -> None:
    assert both() == union(ggblocks(), quilt()) and both().pixels.shape == (8, 12, 12)
    assert union(quilt()) == quilt()


def test_a_union_is_a_pattern() -> None:
    pattern = union(ggblocks(), spamv_shapes())
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 130}], pattern=pattern)
    assert sps.get.factors(mdata).sum().loc[["block_1", "bar"]].tolist() == [180, 48]


@pytest.mark.parametrize(
    ("stacks", "message"),
    [
        ([], "stacks must hold at least one stack of motifs, got none"),
        ([quilt(), "ggblocks"], "stacks must be Motifs, got 'ggblocks'"),
        ([quilt(), quilt()], "names must be unique, got 'checkers', 'corners', 'scotland', 'squares' more than once"),
        (
            [quilt(), Motifs(pixels=np.ones((1, 997, 3)))],
            "common multiple of at most 4096 pixels, got sizes 12 × 12, 997 × 3: 11964 × 12",
        ),
    ],
)
def test_what_cannot_be_united_is_refused(stacks, message) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        union(*stacks)
