"""One column of values as a random field with the same values and the same variogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spsim.metrics._neighbors import distance_to_nearest

# Structure finer than 1/64 of the extent hardly moves chance: many such patches average out.
MAX_CELLS = 4096
N_FIELDS = 4
N_ROUNDS = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """A Gaussian field on a padded grid and the values it hands out by rank."""

    values: np.ndarray
    """The column's values in ascending order."""
    cell: tuple[np.ndarray, ...]
    """Cell of each spot, one array per axis."""
    amplitude: np.ndarray
    """Square root of the spectrum on the padded torus."""
    nugget: float
    """Variance of what varies between spots of one cell."""

    @classmethod
    def fit(cls, column: np.ndarray, points: np.ndarray) -> Field:
        """Measure the autocorrelation of a column and find the Gaussian field that shows it."""
        cell, shape = grid_cells(points)
        means, known, within = cell_means(column, cell, shape)
        values = np.sort(column)
        spectrum = gaussian_spectrum(autocorrelation(means, known), values)
        return cls(values=values, cell=cell, amplitude=np.sqrt(spectrum * (1 - within)), nugget=within)

    def draw(self, random: np.random.Generator) -> np.ndarray:
        """One rearrangement of the values."""
        white = random.standard_normal(self.amplitude.shape)
        field = np.fft.ifftn(self.amplitude * np.fft.fftn(white)).real
        height = field[self.cell] + np.sqrt(self.nugget) * random.standard_normal(len(self.values))
        drawn = np.empty_like(self.values)
        drawn[np.argsort(height)] = self.values
        return drawn


def grid_cells(points: np.ndarray) -> tuple[tuple[np.ndarray, ...], tuple[int, ...]]:
    """Cell of each spot on a grid of square cells, and the grid's shape.

    One spot per cell on a small lattice, one per two cells where spots are scattered: coarser cells blur their edges.
    """
    extent = np.ptp(points, axis=0)
    points, extent = points[:, extent > 0], extent[extent > 0]
    if not len(extent):
        return (np.zeros(len(points), np.int64),), (1,)
    nearest = np.median(distance_to_nearest(points))
    volume, n_axes = np.prod(extent + nearest), len(extent)
    spacing = (volume / len(points)) ** (1 / n_axes)
    # Half of scattered spots have a neighbour within 0.47 spacings, those of a lattice at about 1.
    size = nearest if nearest > 0.75 * spacing else spacing / 2 ** (1 / n_axes)
    size = max(size, (volume / MAX_CELLS) ** (1 / n_axes))
    cells = np.floor((points - points.min(axis=0)) / size + 0.5).astype(np.int64)
    return tuple(cells.T), tuple((cells.max(axis=0) + 1).tolist())


def cell_means(
    column: np.ndarray, cell: tuple[np.ndarray, ...], shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray, float]:
    """Standardised cell means, which cells have one, and the share of the variance that lies within cells.

    Cells next to an occupied one take its value: scattered spots would otherwise punch holes into the grid, whose
    spectrum drowns that of a smooth field.
    """
    from scipy.ndimage import distance_transform_edt

    total, count = np.zeros(shape), np.zeros(shape)
    np.add.at(total, cell, column - column.mean())
    np.add.at(count, cell, 1)
    means = total / np.maximum(count, 1)
    distance, nearest = distance_transform_edt(count == 0, return_indices=True)
    variance, between = column.var(), np.var(means[cell])
    within = float(np.clip(1 - between / variance, 0, 1)) if variance > 0 else 0.0
    means = means[tuple(nearest)] / (np.sqrt(between) if between > 0 else 1)
    return means, distance < 2, within


def autocorrelation(means: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Mean product of all pairs of known cells at each lag, on a torus of twice the extent."""
    padded = [(0, n) for n in means.shape]
    total, count = np.pad(np.where(known, means, 0), padded), np.pad(known.astype(float), padded)
    products, pairs = (np.fft.ifftn(np.abs(np.fft.fftn(array)) ** 2).real for array in (total, count))
    result = np.divide(products, pairs, out=np.zeros_like(products), where=np.rint(pairs) > 0)
    result /= result.flat[0] if result.flat[0] > 0 else 1
    return np.clip(result, -1, 1) * _taper(means.shape)


def gaussian_spectrum(target: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Spectrum of the Gaussian field that has the correlation ``target`` once its ranks are turned into ``values``.

    Ranking a field makes it rougher (a yes-or-no field most of all), so the spectrum is sharpened until that of the
    ranked field is the wanted one.
    """
    wanted = _positive(target)
    spectrum = wanted.copy()
    # Always the same noise: the fit is a function of the data, and its own scatter cancels in the ratio.
    noise = np.fft.fftn(
        np.random.default_rng(0).standard_normal((N_FIELDS, *target.shape)), axes=range(1, target.ndim + 1)
    )
    levels = np.interp(np.linspace(0, 1, target.size), np.linspace(0, 1, len(values)), values)
    levels = (levels - levels.mean()) / max(levels.std(), np.finfo(float).tiny)
    for _ in range(N_ROUNDS):
        fields = np.fft.ifftn(np.sqrt(spectrum) * noise, axes=range(1, noise.ndim)).real
        ranked = np.empty((N_FIELDS, target.size))
        np.put_along_axis(ranked, fields.reshape(N_FIELDS, -1).argsort(axis=1), levels[None], axis=1)
        shown = np.abs(np.fft.fftn(ranked.reshape(noise.shape), axes=range(1, noise.ndim))) ** 2
        shown = shown.sum(axis=0) / (np.abs(noise) ** 2).sum(axis=0)
        spectrum *= np.clip(wanted / np.maximum(shown, 1e-9), 0.25, 4) ** 0.5
        spectrum *= wanted.mean() / max(spectrum.mean(), np.finfo(float).tiny)
    return spectrum


def _positive(correlation: np.ndarray) -> np.ndarray:
    """Spectrum of a correlation without its negative parts, at the same variance."""
    spectrum = np.maximum(np.fft.fftn(correlation).real, 0)
    return spectrum * correlation.flat[0] / max(spectrum.mean(), np.finfo(float).tiny)


def _taper(shape: tuple[int, ...]) -> np.ndarray:
    """1 at lag 0, falling to 0 at the full extent, where hardly any pair is left."""
    lags = [np.minimum(np.arange(2 * n), 2 * n - np.arange(2 * n)) / n for n in shape]
    distance = np.sqrt(sum(lag**2 for lag in np.meshgrid(*lags, indexing="ij")))
    return np.where(distance < 1, np.cos(np.pi / 2 * distance) ** 2, 0)
