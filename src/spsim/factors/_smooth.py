"""Smooth fields over a tissue, one for all or one for each category."""

from __future__ import annotations

import numpy as np

from spsim._random import Purpose, Stream
from spsim.patterns import Matern, gaussian_fields
from spsim.truth import Observations


def smooth_fields(
    observations: Observations,
    n_fields: int,
    length: float,
    source: Stream,
    by: str | None = None,
    *,
    smoothness: float = 1.5,
    parameter: str = "length",
    purpose: Purpose = Purpose.PATTERN,
) -> np.ndarray:
    """Return fields of mean 0 and variance 1, observations × fields; who has no category gets 0."""
    sites = observations.sites
    if sites is None:
        msg = (
            f"{parameter} needs places, but observations {observations.name!r} have none: leave what is smooth out of "
            "their recipes"
        )
        raise ValueError(msg)
    n_categories = 1 if by is None else len(observations.labels[by].names)
    drawn = gaussian_fields(
        sites.coordinates[:, :2],
        sites.lower[:2],
        sites.upper[:2],
        matern=Matern(length_scale=length, smoothness=smoothness, parameter=parameter),
        n_fields=n_fields * n_categories,
        source=source,
        purpose=purpose,
    )
    if by is None:
        return drawn
    codes = observations.labels[by].codes
    # One block of columns per category, so that categories are a prefix of more of them.
    own = drawn.reshape(len(drawn), n_categories, n_fields)[np.arange(len(drawn)), codes]
    return np.where(codes[:, None] >= 0, own, 0.0)
