"""SPARK-X, the published hotspot simulation, second implementation in plain loops.

Zhu, Sun & Zhou, Genome Biology 22:184 (2021), doi 10.1186/s13059-021-02404-0.
The spots are the authors' own: their script seeds R with 1 and draws a Poisson number of uniform points,
which is rebuilt here from R's documented generator. The counts keep their law but not their R stream, and
1,000 genes stand for 10,000 in the same proportions.
"""

from __future__ import annotations

from math import floor, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

__all__ = ["ORACLES", "sparkx_hotspot"]

INTENSITY = 3000  # numCell
HOTSPOT_PROPORTION = 0.2  # cellProp
BASELINE = 0.5  # mu0
EFFECT = 3  # ieffect
NB_SHAPE = 5.0  # itheta
N_UP, N_DOWN, N_FLAT = 50, 50, 900  # the script: 500, 500 and 9,000

R_UNIFORM = 2.3283064365386963e-10  # 2^-32: R scales the 32 bits of the Mersenne twister by it
R_NORMAL_BITS = 134217728  # 2^27: inversion glues two uniforms into one of about 54 bits


def sparkx_hotspot(replicate: int = 1) -> dict[str, Any]:
    """Simulate the hotspot data set.

    Parameters
    ----------
    replicate
        Only 1, the seed of the authors' script.

    Returns
    -------
    Coordinates, factors, their names, domain labels and the one modality ``rna``.
    """
    if replicate != 1:
        msg = f"replicate must be 1, got {replicate!r}"
        raise ValueError(msg)
    coordinates = _poisson_points(replicate)
    inside = _hotspot(coordinates)
    factors = np.array([[1.0] if is_inside else [0.0] for is_inside in inside])

    # The one factor shifts a gene away from the baseline, so that its mean inside is 3, 1/3 or 1 times 0.5.
    loadings = np.zeros((N_UP + N_DOWN + N_FLAT, 1), dtype=np.float32)
    for gene in range(N_UP):
        loadings[gene, 0] = BASELINE * (EFFECT - 1)
    for gene in range(N_UP, N_UP + N_DOWN):
        loadings[gene, 0] = BASELINE * (1 / EFFECT - 1)

    mean = np.empty((len(factors), len(loadings)))
    weights = [float(row[0]) for row in loadings]
    for spot, is_inside in enumerate(inside):
        mean[spot] = [BASELINE + weight if is_inside else BASELINE for weight in weights]
    counts = np.random.default_rng(replicate).negative_binomial(NB_SHAPE, NB_SHAPE / (mean + NB_SHAPE))
    return {
        "coordinates": coordinates,
        "factors": factors,
        "factor_names": ["hotspot"],
        "domain": ["hotspot" if is_inside else "background" for is_inside in inside],
        "modalities": {
            "rna": {
                "counts": counts,
                "mean": mean,
                "spatial_loadings": loadings,
                "nonspatial_loadings": np.zeros((len(loadings), 1), dtype=np.float32),
                "nonspatial_factors": np.zeros((len(factors), 1)),
            }
        },
    }


def _hotspot(coordinates: np.ndarray) -> list[bool]:
    # The fifth of the spots nearest to the spot that is nearest to the middle of the unit square.
    points = coordinates.tolist()
    from_middle = [(x - 0.5) ** 2 + (y - 0.5) ** 2 for x, y in points]
    centre_x, centre_y = points[from_middle.index(min(from_middle))]
    from_centre = [(x - centre_x) ** 2 + (y - centre_y) ** 2 for x, y in points]
    radius = sorted(from_centre)[round(len(points) * HOTSPOT_PROPORTION) - 1]
    return [distance <= radius for distance in from_centre]


def _poisson_points(seed: int) -> np.ndarray:
    uniforms = _r_uniforms(seed, 3 + 2 * 2 * INTENSITY)
    # A normal deviate by inversion takes two uniforms; a Poisson deviate of large mean starts from its
    # floor and keeps it when a third uniform passes the squeeze (Ahrens & Dieter, ACM TOMS 8:163, 1982).
    normal = NormalDist().inv_cdf((int(R_NORMAL_BITS * uniforms[0]) + uniforms[1]) / R_NORMAL_BITS)
    n_points = floor(INTENSITY + sqrt(INTENSITY) * normal)
    if 6 * INTENSITY**2 * uniforms[2] < (INTENSITY - n_points) ** 3 or n_points >= floor(INTENSITY - 1.1484):
        msg = f"seed must lead to the squeeze step of the Poisson generator, got {seed!r}"
        raise ValueError(msg)
    points = np.empty((n_points, 2))
    for point in range(n_points):
        points[point, 0] = uniforms[3 + point]  # all abscissae are drawn before all ordinates
        points[point, 1] = uniforms[3 + n_points + point]
    return points


def _r_uniforms(seed: int, n_uniforms: int) -> list[float]:
    # set.seed scrambles the seed 50 times by the congruential generator 69069 s + 1, then fills 625 words
    # with it; the first holds the position, which is reset so that the twister starts afresh.
    words = []
    for step in range(50 + 625):
        seed = (69069 * seed + 1) % 2**32
        if step >= 50:
            words.append(seed)
    generator = np.random.MT19937()
    generator.state = {
        "bit_generator": "MT19937",
        "state": {"key": np.array(words[1:], dtype=np.uint32), "pos": 624},
    }
    return [int(bits) * R_UNIFORM for bits in generator.random_raw(n_uniforms)]


ORACLES = {"sparkx_hotspot": sparkx_hotspot}
