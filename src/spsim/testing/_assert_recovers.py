"""An estimate of the factors must reach what it is held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import tl
from spsim.testing._thresholds import missed, report, thresholds
from spsim.tl._lookup import find

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData

SHOWN = ["score", "one_sided", "match", "variance_recovered", "chance_p95", "ceiling"]


def assert_recovers(
    mdata: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    at_least: float | None = None,
    above_chance: float | None = None,
    of_ceiling: float | None = None,
) -> None:
    """Fail unless an estimate recovers the true spatial factors.

    The scores are those of :func:`spsim.tl.factor_recovery`: the absolute correlation of each true factor with the one
    component that is matched to it. Every threshold that is given must be reached. A factor is visible if the modality
    that holds the estimate has features that load on it, or any modality where the estimate lies at the top. A factor that
    does not vary over the spots of the estimate is left out: a warning names it.

    Parameters
    ----------
    mdata
        Object with an estimate in ``obsm``; nothing is written to it.
    key
        Key of the estimate; ``"rna:X_nmf"`` means ``obsm["X_nmf"]`` of the modality ``rna``.
    truth
        The simulated object, if ``mdata`` has no truth in it; aligned by observation name.
    at_least
        Every true factor, visible or not, must have ``score >= at_least``; above 0.
    above_chance
        Every visible factor must have ``score - chance_p95 >= above_chance`` and a score above ``chance_p95``, which 95
        of 100 estimates as smooth but unrelated do not reach; not below 0. As that level comes out a little low, ask for
        0.1 or 0.2 rather than 0.
    of_ceiling
        Every visible factor must have ``score / ceiling >= of_ceiling``; above 0. The ceiling is the score of a perfect
        method, 1 for a visible factor.

    Returns
    -------
    Nothing.

    Raises
    ------
    AssertionError
        A threshold is missed; the message names the factors and shows the table.
    ValueError
        No threshold, one out of range, no factor that varies, no visible one to hold ``above_chance`` or ``of_ceiling`` against, names that
        do not align, NaN in the estimate.
    KeyError
        No such key, or no truth.

    Examples
    --------
    >>> import spsim as sps
    >>> from spsim.testing import assert_recovers
    >>> mdata = sps.datasets.multiomics()
    >>> mdata["rna"].obsm["X_mine"] = mdata["rna"].X[:, :30]
    >>> assert_recovers(mdata, "rna:X_mine", above_chance=0.1)
    >>> assert_recovers(mdata, "rna:X_mine", of_ceiling=0.9)
    Traceback (most recent call last):
    AssertionError: 'rna:X_mine' recovers too little of the truth (1296 spots)
      of_ceiling=0.9 is missed by block_1 (...), block_3 (...), block_4 (...)
      not visible in what it was made from: block_2
    ...
    """
    __tracebackhide__ = True
    required = thresholds(at_least, above_chance, of_ceiling)
    table = tl.factor_recovery(mdata, key, truth=truth, copy=True)
    seen = find(mdata, key, "obsm", truth).visible
    varying = table[~table["constant_truth"]]
    visible = table[seen & ~table["constant_truth"]]
    if varying.empty:
        msg = f"no true factor varies over the {table['n'].iloc[0]} spots of {key!r}: there is nothing to recover"
        raise ValueError(msg)
    if visible.empty and set(required) - {"at_least"}:
        msg = f"no factor is visible in what {key!r} was made from: above_chance and of_ceiling have nothing to hold against"
        raise ValueError(msg)
    lines = missed(varying, visible, required, chance="chance_p95")
    if lines:
        hidden = table.index[~seen]
        note = [f"not visible in what it was made from: {', '.join(hidden)}"] if len(hidden) else []
        headline = f"{key!r} recovers too little of the truth ({table['n'].iloc[0]} spots)"
        raise AssertionError(report(headline, lines + note, table[SHOWN]))
