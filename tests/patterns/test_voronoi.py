"""Voronoi regions: the nearest seed, all of the tissue, prefixes."""

from __future__ import annotations

import numpy as np
import pytest

from spsim._random import Purpose, seed_sequence, stream, uniforms
from spsim.patterns import Grid, Voronoi

SOURCE = stream(seed_sequence(5), "pattern")
SITES = Grid(n_rows=15, n_columns=10, spacing=2.0).sites(SOURCE)


def test_each_spot_belongs_to_the_factor_of_its_nearest_seed() -> None:
    factors = Voronoi(4, n_seeds=3).factors(SITES, SOURCE)
    side = SITES.upper - SITES.lower
    seeds = [SITES.lower + uniforms(SOURCE, Purpose.PATTERN, (3, 2), tile=k) * side for k in range(4)]
    for place, row in zip(SITES.coordinates, factors, strict=True):
        distances = [min(np.hypot(*(place - seed)) for seed in own) for own in seeds]
        assert row.tolist() == [float(k == np.argmin(distances)) for k in range(4)]


def test_a_factor_more_takes_spots_from_others_and_gives_them_none() -> None:
    few, more = (Voronoi(n).factors(SITES, SOURCE) for n in (3, 4))
    assert (more[:, :3] <= few).all() and (more.sum(axis=1) == 1).all()


def test_more_seeds_make_smaller_regions() -> None:
    """Number of neighbouring pairs of different factors grows with the root of the number of seeds."""
    borders = []
    for n_seeds in (1, 16):
        region = Voronoi(3, n_seeds=n_seeds).factors(SITES, SOURCE).argmax(axis=1).reshape(15, 10)
        borders.append((region[1:] != region[:-1]).sum() + (region[:, 1:] != region[:, :-1]).sum())
    assert borders[1] > 1.5 * borders[0] > 0


@pytest.mark.parametrize("field", ["n_factors", "n_seeds"])
def test_bad_fields_are_refused_by_name(field) -> None:
    with pytest.raises(ValueError, match=f"{field} must be a whole number of at least 1"):
        Voronoi(**{field: 0})
