r"""Stationary Gaussian fields with mean 0 and variance 1.

White noise on a torus is filtered by the square root of the correlation's Fourier transform (circulant embedding
[1]_, [2]_). The correlation is summed over the torus's copies, so that its transform is not negative; the torus is so
large that this changes the correlation of no two spots by more than about 2e-4.

On a lattice of spots this is exact in distribution. Other spots are interpolated linearly on a lattice of
``Matern.step`` and scaled to variance 1; correlations are then off by at most 0.022, 0.003, 0.002, 0.001 for smoothness
0.5, 1.5, 2.5, infinity.

.. [1] Dietrich & Newsam (1997), SIAM Journal on Scientific Computing 18, 1088.
.. [2] Wood & Chan (1994), Journal of Computational and Graphical Statistics 3, 409.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from spsim._random import Purpose, Stream, uniforms
from spsim.patterns._lattice import Lattice, covering_lattice, own_lattice
from spsim.patterns._matern import Matern

# Points of a lattice: half a gigabyte of work space.
MOST = 2**24


def gaussian_fields(
    positions: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
    *,
    matern: Matern,
    n_fields: int,
    source: Stream,
    purpose: Purpose = Purpose.PATTERN,
) -> np.ndarray:
    """Independent fields at positions in a box, n × n_fields; fewer fields are the first of more."""
    lattice = own_lattice(positions, lower, upper, matern.reach)
    is_exact = lattice is not None and lattice.n_points <= MOST
    if lattice is None or not is_exact:
        lattice = covering_lattice(lower, upper, matern.step, matern.reach)
    _check_size(lattice, matern, upper - lower)
    amplitude = _amplitude(lattice, matern)
    fields = (_periodic(lattice, amplitude, source, purpose, tile) for tile in range(n_fields))
    if is_exact:
        places = tuple(np.rint(lattice.index(positions)).astype(np.intp).T)
        return np.column_stack([field[places] for field in fields])
    return _interpolated(lattice, matern, fields, positions)


def _check_size(lattice: Lattice, matern: Matern, extents: np.ndarray) -> None:
    if lattice.n_points > MOST:
        box = " × ".join(f"{extent:g}" for extent in extents)
        msg = (
            f"{matern.parameter} must be at least about {_shortest(matern, extents):.3g} for spots that are not on a lattice, in "
            f"a box of {box}, got {matern.length_scale:g}"
        )
        raise ValueError(msg)


def _shortest(matern: Matern, extents: np.ndarray) -> float:
    """Length scale whose lattice has 0.9 × MOST points; box and reach both count."""
    from scipy.optimize import brentq

    steps, reach = matern.length_scale / matern.step, matern.reach / matern.length_scale
    n_points = lambda scale: np.prod((extents / scale + reach) * steps)
    return float(brentq(lambda scale: n_points(scale) - 0.9 * MOST, 1e-9 * extents.max(), 1e9 * extents.max()))


def _amplitude(lattice: Lattice, matern: Matern) -> np.ndarray:
    """Square root of the Fourier transform of the torus's correlation."""
    from scipy.fft import rfftn

    lags = [np.arange(size // 2 + 1) * step for size, step in zip(lattice.shape, lattice.steps, strict=True)]
    periods = np.array(lattice.shape) * lattice.steps
    quadrant = np.zeros([len(lag) for lag in lags])
    for images in itertools.product((-1, 0, 1), repeat=len(lags)):
        quadrant += matern.correlation(_norm([lag + shift for lag, shift in zip(lags, images * periods, strict=True)]))
    folded = [np.minimum(np.arange(size), size - np.arange(size)) for size in lattice.shape]
    torus = quadrant[np.ix_(*folded)]
    return np.sqrt(np.maximum(rfftn(torus).real, 0) / torus.flat[0])


def _norm(axes: list[np.ndarray]) -> np.ndarray:
    return np.sqrt(sum(axis**2 for axis in np.meshgrid(*axes, indexing="ij", sparse=True)))


def _periodic(lattice: Lattice, amplitude: np.ndarray, source: Stream, purpose: Purpose, tile: int) -> np.ndarray:
    from scipy.fft import irfftn, rfftn
    from scipy.special import ndtri

    # The least uniform is 0, whose normal would be infinite: half of the next one takes its place.
    noise = ndtri(np.maximum(uniforms(source, purpose, lattice.shape, tile=tile), 2.0**-54))
    return irfftn(rfftn(noise) * amplitude, s=lattice.shape)


def _interpolated(lattice: Lattice, matern: Matern, fields: Iterable[np.ndarray], positions: np.ndarray) -> np.ndarray:
    from scipy.ndimage import map_coordinates

    places = lattice.index(positions)
    values = [map_coordinates(field, places.T, order=1, mode="grid-wrap") for field in fields]
    return np.column_stack(values) / _deviation(lattice, matern, places)[:, None]


def _deviation(lattice: Lattice, matern: Matern, places: np.ndarray) -> np.ndarray:
    """Standard deviation of linear interpolation: two corners of a cell are equal or one step apart on each axis."""
    share = places - np.floor(places)
    apart = 2 * share * (1 - share)
    variance = np.zeros(len(places))
    for differs in itertools.product((0, 1), repeat=len(lattice.shape)):
        weight = np.where(differs, apart, 1 - apart).prod(axis=1)
        variance += weight * matern.correlation(np.hypot.reduce(lattice.steps * differs))
    return np.sqrt(variance)
