"""Ladders: scenarios of growing difficulty, each of which differs from the one before in one field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from spsim import _validate
from spsim._keywords import refuses_unknown
from spsim.datasets._slices import RNA, SIDE
from spsim.designs import Slices
from spsim.factors import Batch, Depth, Graded, Nuisance, Spillover
from spsim.likelihoods import NegativeBinomial, Trend
from spsim.patterns import Hexagonal, Layout, LayoutLike, as_layout
from spsim.scenarios import Scenario

# Two slices from the start, so that a batch effect is one field; the nuisance is there before features respond to it.
DESIGN = Slices(n_slices=2)
FACTORS = {"nuisance": Nuisance(n_factors=3, length=3.0, by="slice", positive=True)}
SPATIAL = RNA["loadings"]["spatial"]
SPILLS = Spillover(share=0.05, width=1.0)
# Not within domains: spill-over sums observations, which a term on the logarithm must not tell apart.
BATCH = Batch(by="slice", sd=0.3)
SHAPE = RNA["shape"]
MODALITY = {name: value for name, value in RNA.items() if name != "shape"} | {
    "likelihood": NegativeBinomial(shape=SHAPE),
    "loadings": {"spatial": SPATIAL},
}
VISIUM = Hexagonal(n_rows=22, n_columns=19, spacing=1.0, spot_diameter=0.55, unit="pitch")
DEPTHS = (340.0, 170.0, 85.0, 42.5, 21.25)
FOLDS = (20.0, 2.0, 1.0, 0.5, 0.2)


@refuses_unknown()
def realism_ladder(*, layout: LayoutLike | None = None) -> dict[str, Scenario]:
    """Return scenarios that become more real by one layer at a time, each of which differs in one field from the one before.

    Plain factors; then flat features, depth, a trend of the shape with the mean, a smooth nuisance, spill-over, a batch
    effect, and the layout of a real tissue.

    Parameters
    ----------
    layout
        Of the last rung: places of a real tissue (n × 2), annotated data with ``obsm["spatial"]`` or a layout, in units of
        about one spot; a small Visium lattice by default.

    Returns
    -------
    Scenarios by name, in order. :func:`spsim.simulate` takes each; with one ``rng`` for all they share a seed's numbers, so
    they are paired, and no replicates.

    Raises
    ------
    ValueError
        Places that are not such.
    TypeError
        A value of the wrong type.

    See Also
    --------
    depth_ladder : fewer counts.
    fold_ladder : lower folds.

    Examples
    --------
    >>> import spsim as sps
    >>> list(sps.datasets.realism_ladder())
    ['plain', 'flat', 'depth', 'trend', 'nuisance', 'spillover', 'batch', 'layout']
    """
    fields: dict[str, Any] = {"n_flat": 0, "library_size": None, "effects": []}
    layers: dict[str, dict[str, Any]] = {
        "plain": {},
        "flat": {"n_flat": RNA["n_flat"]},
        "depth": {"library_size": RNA["library_size"]},
        "trend": {"likelihood": NegativeBinomial(shape=Trend(shape=SHAPE, slope=0.4))},
        "nuisance": {"loadings": {"spatial": SPATIAL, "nuisance": Graded(weight=0.4, concentration=2.0)}},
        "spillover": {"effects": [SPILLS]},
        "batch": {"effects": [SPILLS, BATCH]},
    }
    rungs = {}
    for name, layer in layers.items():
        fields |= layer
        rungs[name] = _scenario(**fields)
    tissue = VISIUM if layout is None else as_layout("layout", layout)
    return {**rungs, "layout": _scenario(layout=tissue, **fields)}


@refuses_unknown()
def depth_ladder(levels: Sequence[float] = DEPTHS) -> dict[str, Scenario]:
    """Return scenarios of falling depth, which scales background and signal alike: fewer counts, the same folds.

    Parameters
    ----------
    levels
        Median totals of a spot, from easy to hard: numbers above 0 in falling order.

    Returns
    -------
    Scenarios by name, in order, for :func:`spsim.simulate`; with one ``rng`` for all they are paired, and no replicates.

    Raises
    ------
    ValueError
        Levels that do not fall, or are not above 0.
    TypeError
        A value of the wrong type.

    See Also
    --------
    fold_ladder : lower folds, the same counts.

    Examples
    --------
    >>> import spsim as sps
    >>> rungs = sps.datasets.depth_ladder([160, 40])
    >>> {name: round(float(sps.simulate(rung)["rna"].X.sum(axis=1).mean())) for name, rung in rungs.items()}
    {'depth_160': 155, 'depth_40': 39}
    """
    return _named(
        "depth", levels, lambda level: _scenario(library_size=Depth(median=level, sd=0.4, smooth=5.0, composition=True))
    )


@refuses_unknown()
def fold_ladder(levels: Sequence[float] = FOLDS) -> dict[str, Scenario]:
    r"""Return scenarios of falling signal over background: lower folds, the same counts.

    .. math:: \text{fold} = 1 + \frac{\text{expression\_mean}}{\text{background\_mean}}

    where a factor is on. Rows are normalised before they are multiplied with their depth. In a modality without that,
    ``expression_mean`` moves both: lower it, and fold and total counts fall.

    Parameters
    ----------
    levels
        ``expression_mean`` of each rung, from easy to hard: numbers above 0 in falling order.

    Returns
    -------
    Scenarios by name, in order, for :func:`spsim.simulate`; with one ``rng`` for all they are paired, and no replicates.

    Raises
    ------
    ValueError
        Levels that do not fall, or are not above 0.
    TypeError
        A value of the wrong type.

    See Also
    --------
    depth_ladder : fewer counts, the same folds.

    Examples
    --------
    >>> import spsim as sps
    >>> rungs = sps.datasets.fold_ladder([2, 0.5])
    >>> [round(float(sps.simulate(rung)["rna"].X.sum(axis=1).mean())) for rung in rungs.values()]
    [82, 82]
    """
    return _named("fold", levels, lambda level: _scenario(expression_mean=level))


def _scenario(*, layout: Layout | None = None, **fields: Any) -> Scenario:
    places = {"n_side": SIDE} if layout is None else {"layout": layout}
    return Scenario([{**MODALITY, **fields}], id="ladder", design=DESIGN, factors=FACTORS, **places)


def _named(what: str, levels: object, rung: Callable[[float], Scenario]) -> dict[str, Scenario]:
    """Return a scenario per level, called by it in full, so that none is called like another."""
    checked = [_validate.real("levels", level, above=0) for level in _validate.listed("levels", levels)]
    if not checked or any(more <= less for more, less in pairwise(checked)):
        msg = f"levels must fall from easy to hard, got {_validate.shown(levels)}"
        raise ValueError(msg)
    return {f"{what}_{np.format_float_positional(level, trim='-')}": rung(level) for level in checked}
