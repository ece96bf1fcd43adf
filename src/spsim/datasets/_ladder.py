"""Ladders: scenarios of growing difficulty, each of which differs from the one before in one field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

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
VISIUM = Hexagonal(n_rows=22, n_columns=19, spacing=1.0, spot_diameter=0.55, unit="pitch")
DEPTHS = (340.0, 170.0, 85.0, 42.5, 21.25)
FOLDS = (20.0, 2.0, 1.0, 0.5, 0.2)


@refuses_unknown()
def ladder(
    kind: str = "realism", *, levels: Sequence[float] | None = None, layout: LayoutLike | None = None
) -> dict[str, Scenario]:
    r"""Return scenarios as a ladder: each differs from the one before in one field, and shares its seed's numbers.

    *Depth* scales background and signal alike; *fold* is signal over background, :math:`1 + \text{expression\_mean} /
    \text{background\_mean}` where a factor is on. In a modality without normalised rows ``expression_mean`` moves both:
    lower it, and fold and total counts fall. On the ladders of depth and fold rows are normalised before they are
    multiplied with their depth, so that one stays as it is while the other moves.

    Parameters
    ----------
    kind
        ``"realism"``: plain factors, then one layer at a time: flat features, depth, a trend of the shape with the mean,
        a smooth nuisance, spill-over, a batch effect, the layout of a real tissue.
        ``"depth"``: median total of a spot. ``"fold"``: ``expression_mean``.
    levels
        Of depth or fold, from easy to hard: numbers above 0 in falling order.
    layout
        Of the last rung of realism: places of a real tissue (n × 2), annotated data with ``obsm["spatial"]`` or a layout,
        in units of about one spot; a small Visium lattice by default.

    Returns
    -------
    Scenarios by name, in order. :func:`spsim.simulate` takes each; with one ``rng`` for all they are comonotone, so paired,
    and no replicates.

    Raises
    ------
    ValueError
        No such ladder, levels that do not fall, ``levels`` for realism or ``layout`` for another ladder.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> list(sps.datasets.ladder())
    ['plain', 'flat', 'depth', 'trend', 'nuisance', 'spillover', 'batch', 'layout']
    >>> rungs = sps.datasets.ladder("fold", levels=[2, 0.5])
    >>> [round(float(sps.simulate(rung)["rna"].X.sum(axis=1).mean())) for rung in rungs.values()]
    [82, 82]
    """
    _validate.one_of("kind", kind, LADDERS)
    if kind != REALISM and layout is not None:
        msg = f"layout is that of the last rung of {REALISM!r}, so leave it out for {kind!r}"
        raise ValueError(msg)
    if kind == REALISM:
        if levels is not None:
            msg = f"levels are of depth or fold, so leave them out for {REALISM!r}, got {_validate.shown(levels)}"
            raise ValueError(msg)
        return _realism(VISIUM if layout is None else as_layout("layout", layout))
    default, change = LADDERS[kind]
    return {
        f"{kind}_{level:g}": _scenario(**change(level)) for level in _falling(default if levels is None else levels)
    }


def _realism(layout: Layout) -> dict[str, Scenario]:
    fields: dict[str, Any] = {"effects": [], "n_flat": 0, "library_size": None, "loadings": {"spatial": SPATIAL}}
    fields |= {"likelihood": NegativeBinomial(shape=5.0)}
    layers: dict[str, dict[str, Any]] = {
        "plain": {},
        "flat": {"n_flat": RNA["n_flat"]},
        "depth": {"library_size": RNA["library_size"]},
        "trend": {"likelihood": NegativeBinomial(shape=Trend(shape=5.0, slope=0.4))},
        "nuisance": {"loadings": {"spatial": SPATIAL, "nuisance": Graded(weight=0.4, concentration=2.0)}},
        "spillover": {"effects": [SPILLS]},
        "batch": {"effects": [SPILLS, BATCH]},
    }
    rungs = {}
    for name, layer in layers.items():
        fields |= layer
        rungs[name] = _scenario(**fields)
    return {**rungs, "layout": _scenario(layout=layout, **fields)}


def _depth(level: float) -> dict[str, Any]:
    return {"library_size": Depth(median=level, sd=0.4, smooth=5.0, composition=True)}


def _fold(level: float) -> dict[str, Any]:
    return {"expression_mean": level}


def _scenario(*, layout: Layout | None = None, **fields: Any) -> Scenario:
    places = {"n_side": SIDE} if layout is None else {"layout": layout}
    plain = {**RNA, "loadings": {"spatial": SPATIAL}}
    shape = {} if "likelihood" in fields else {"likelihood": NegativeBinomial(shape=plain["shape"])}
    modality = {name: value for name, value in plain.items() if name != "shape"}
    return Scenario([{**modality, **shape, **fields}], id="ladder", design=DESIGN, factors=FACTORS, **places)


def _falling(levels: object) -> list[float]:
    checked = [_validate.real("levels", level, above=0) for level in _validate.listed("levels", levels)]
    if not checked or any(more <= less for more, less in zip(checked, checked[1:], strict=False)):
        msg = f"levels must fall from easy to hard, got {_validate.shown(levels)}"
        raise ValueError(msg)
    return checked


REALISM = "realism"
LADDERS: Mapping[str, tuple[Sequence[float], Callable[[float], dict[str, Any]]]] = {
    REALISM: ((), _fold),
    "depth": (DEPTHS, _depth),
    "fold": (FOLDS, _fold),
}
