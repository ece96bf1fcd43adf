"""SpaMV's nine shapes."""

from __future__ import annotations

import numpy as np

import spsim as sps
from spsim.patterns import NAMED, spamv_shapes

# Drawn by hand from the list of pixels in the paper's script.
PICTURE = """\
TTT ooo s..
.T. o.o ss.
.T. ooo sss

.+. L.. .i.
+++ L.. .i.
.+. LLL iii

..J ..z ...
..J .zz bbb
JJJ zzz ...
"""
SIGNS = "Tos+LiJzb"


def test_the_picture() -> None:
    rows = [line.replace(" ", "") for line in PICTURE.splitlines() if line]
    expected = [[[pixel == sign for pixel in row] for row in rows] for sign in SIGNS]
    assert np.array_equal(spamv_shapes().pixels, expected)


def test_names_and_sizes_are_the_papers() -> None:
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 90}], pattern="spamv")
    sizes = {
        "T": 80, "ring": 128, "stair": 96, "cross": 80, "L": 80, "inverted_T": 80, "mirrored_L": 80,
        "mirrored_stair": 96, "bar": 48,
    }  # fmt: skip
    assert sps.get.factors(mdata).sum().to_dict() == sizes and tuple(sizes) == spamv_shapes().names
    assert mdata.obs["domain"].value_counts().to_dict() == sizes | {"background": 528}
    assert NAMED["spamv"] is spamv_shapes
