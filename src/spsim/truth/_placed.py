"""A part of a data set back where it was simulated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spsim.truth._label import Label
from spsim.truth._mean import Mean
from spsim.truth._panel import Panel
from spsim.truth._parts import Parts


def placed(mean: Mean, *, observations: np.ndarray, features: np.ndarray, n_features: int) -> Mean:
    """Put rows and columns at their positions in the simulated data set, so that each meets its own random numbers.

    Parameters
    ----------
    mean
        Mean of a part of a data set.
    observations, features
        Positions of its rows and columns in the simulated data set.
    n_features
        Number of features there.

    Returns
    -------
    The mean up to the last of these observations; in between, and there only, everything is zero.

    Examples
    --------
    >>> import numpy as np
    >>> from spsim.truth import Block, Mean, placed
    >>> block = Block(name="x", columns=("a",), factors=np.ones((2, 1)), loadings=np.ones((1, 1)))
    >>> placed(Mean(baseline=0.5, blocks=(block,)), observations=[2, 0], features=[1], n_features=2).rows()
    array([[0.5, 1.5],
           [0.5, 0.5],
           [0.5, 1.5]])
    """
    observations, features = np.asarray(observations, np.intp), np.asarray(features, np.intp)
    if np.array_equal(observations, np.arange(len(observations))) and np.array_equal(features, np.arange(n_features)):
        return mean
    n = int(observations.max(initial=-1)) + 1
    switch = mean.switch
    if switch is not None:
        switch = replace(
            switch,
            label=Label(codes=_at(observations, switch.label.codes, n, empty=-1), names=switch.label.names),
            probability=_at(features, switch.probability, n_features),
            fold=_at(features, switch.fold, n_features),
            observations=np.arange(n),
            features=np.arange(n_features),
        )
    blocks = [
        replace(
            b,
            factors=_at(observations, b.factors, n),
            loadings=_at(features, b.loadings, n_features),
            mixed=None if b.mixed is None else _at(observations, b.mixed, n),
        )
        for b in mean.blocks
    ]
    return Mean(
        baseline=_at(features, mean.baseline, n_features) if isinstance(mean.baseline, np.ndarray) else mean.baseline,
        blocks=tuple(blocks),
        sizes={name: _at(observations, values, n) for name, values in mean.sizes.items()},
        efficiencies={name: _at(features, values, n_features) for name, values in mean.efficiencies.items()},
        switch=switch,
        exposure=None if mean.exposure is None else _at(observations, mean.exposure, n),
        folded={name: _at(observations, values, n) for name, values in mean.folded.items()},
        shapes=None if mean.shapes is None else _at(features, mean.shapes, n_features, empty=1),
        parts=None if mean.parts is None else _parts(mean.parts, observations, n),
        panel=None if mean.panel is None else _panel(mean.panel, observations, features, n, n_features),
    )


def _parts(parts: Parts, observations: np.ndarray, n: int) -> Parts:
    scales = _at(observations, parts.shape_scales, n, empty=1)
    return replace(parts, numbers=_at(observations, parts.numbers, n), shape_scales=scales)


def _panel(panel: Panel, observations: np.ndarray, features: np.ndarray, n: int, n_features: int) -> Panel:
    label = replace(panel.label, codes=_at(observations, panel.label.codes, n, empty=-1))
    return replace(panel, label=label, is_measured=_at(features, panel.is_measured, n_features, empty=1))


def _at(positions: np.ndarray, rows: np.ndarray, n_rows: int, *, empty: int = 0) -> np.ndarray:
    whole = np.full((n_rows, *rows.shape[1:]), empty, rows.dtype)
    whole[positions] = rows
    return whole
