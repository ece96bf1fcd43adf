"""Domains as far as some factors tell them apart."""

from __future__ import annotations

import numpy as np
import pytest

import spsim as sps
from spsim.truth import domains


@pytest.mark.parametrize("pattern", ["quilt", "ggblocks", "both"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_they_are_the_domains_of_the_seen_columns(pattern, step) -> None:
    mdata = sps.datasets.multiomics([{"name": "rna", "n_spatial": 90}], pattern=pattern, n_side=24)
    factors = sps.get.factors(mdata)
    names = list(factors)[::step]
    expected = domains(factors[names].to_numpy(), names)
    found = sps.get.visible_domains(mdata, reversed(names))
    assert list(found) == [expected.names[code] for code in expected.codes]
    assert tuple(found.cat.categories) == expected.names
    assert found.index.equals(mdata.obs_names)


def test_disjoint_factors_give_the_ceiling_of_the_metric() -> None:
    mdata = sps.datasets.published("spamv_2")
    truth = sps.get.domains(mdata)
    seen = sps.get.activity(mdata).columns[sps.get.activity(mdata).loc["rna"]]
    expected = sps.metrics.domain_ceiling(truth, seen, background="background")
    assert sps.metrics.domain_agreement(sps.get.visible_domains(mdata, seen), truth) == expected
    assert expected["ari"] < 1


def test_all_and_none_and_a_part_of_the_spots() -> None:
    mdata = sps.datasets.quilt(n_side=12)
    factors = sps.get.factors(mdata)
    assert list(sps.get.visible_domains(mdata, factors)) == list(sps.get.domains(mdata))
    assert set(sps.get.visible_domains(mdata, [])) == {"background"}
    part = mdata["rna"][np.arange(0, 144, 5)].copy()
    expected = sps.get.visible_domains(mdata, ["squares"]).loc[part.obs_names]
    assert list(sps.get.visible_domains(part, ["squares"])) == list(expected)


def test_unknown_factors() -> None:
    mdata = sps.datasets.quilt(n_side=12)
    with pytest.raises(ValueError, match=r"factors must be one of .*, got 'square' \(did you mean 'squares'\?\)"):
        sps.get.visible_domains(mdata, ["square"])
    with pytest.raises(TypeError, match="got the single text 'squares'"):
        sps.get.visible_domains(mdata, "squares")
