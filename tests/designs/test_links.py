"""Links of observations, which a design of a user's own may draw: they follow the spots wherever these go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest
from scipy.sparse import csr_matrix

import spsim as sps
from spsim.designs import Plain

N = 36


def drawn() -> np.ndarray:
    """A link from each spot to the next one, and one across, weighted by where it starts."""
    links = np.zeros((N, N), np.float32)
    links[np.arange(N - 1), np.arange(1, N)] = np.arange(1, N)
    links[0, 20] = 99
    return links


@dataclass(frozen=True, kw_only=True)
class Linked(Plain):
    name: ClassVar[str] = "Linked"

    def observe(self, sections, source) -> Mapping:
        made = super().observe(sections, source)
        return {key: replace(one, values={"links": csr_matrix(drawn())}) for key, one in made.items()}


@pytest.fixture(scope="module")
def linked():
    modality = {"name": "rna", "n_spatial": 30}
    return sps.simulate(sps.Scenario(design=Linked(), n_side=6, modalities=[modality]), rng=0)


def test_links_stand_at_the_top_and_in_each_modality(linked) -> None:
    for part in (linked, linked["rna"]):
        assert np.array_equal(part.obsp["links"].toarray(), drawn())


def test_links_follow_their_spots(linked) -> None:
    order = np.random.default_rng(0).permutation(N)[:20]
    part = linked[order].copy()
    expected = drawn()[np.ix_(order, order)]
    assert expected.any()
    for made in (part, sps.datasets.resample(part, rng=1)):
        rows = part.obs_names.get_indexer(made.obs_names)
        assert np.array_equal(made.obsp["links"].toarray(), expected[np.ix_(rows, rows)])
        assert np.array_equal(made["rna"].obsp["links"].toarray(), expected[np.ix_(rows, rows)])


def test_blind_copies_have_no_links(linked) -> None:
    blind = sps.get.without_truth(linked)
    assert "links" not in blind.obsp and "links" not in blind["rna"].obsp
