"""True factors beside the estimates they are matched to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _validate, get
from spsim.pl._factors import draw_values
from spsim.pl._panels import panels, shown_once
from spsim.pl._spots import aspect

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.figure import Figure
    from mudata import MuData


def factor_recovery(
    data: AnnData | MuData, key: str, *, truth: AnnData | MuData | None = None, table_key: str | None = None
) -> Figure:
    """Draw each true factor above its matched estimate, with the score.

    Parameters
    ----------
    data
        Object that :func:`spsim.tl.factor_recovery` was called on.
    key
        Key of the estimate, as given there.
    truth
        The simulated object, if ``data`` has no truth in it.
    table_key
        Key in ``uns`` of the table; ``f"{key}_factor_recovery"`` by default.

    Returns
    -------
    The figure.

    Raises
    ------
    KeyError
        No such table: :func:`spsim.tl.factor_recovery` was not called, or wrote elsewhere.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> mdata.obsm["X_guess"] = mdata.obsm["spatial_factors"][:, ::-1]
    >>> table = sps.tl.factor_recovery(mdata, "X_guess")
    >>> figure = sps.pl.factor_recovery(mdata, "X_guess")
    >>> len(figure.axes)
    8
    """
    table_key = table_key or f"{key}_factor_recovery"
    _validate.known_key("table_key", table_key, data.uns)
    table = data.uns[table_key]
    where, own_key = _holder(data, key)
    true_factors = get.factors(data if truth is None else truth).loc[where.obs_names]
    estimate = np.asarray(where.obsm[own_key])
    figure, axes = panels(2, len(table), aspect=aspect(where))
    for (name, row), above, below in zip(table.iterrows(), *axes, strict=True):
        draw_values(above, where, true_factors[name].to_numpy(), title=f"true {name}")
        if row["match"] < 0:
            below.set_axis_off()
            below.set_title("no estimate", fontsize="small")
            continue
        sign = -1 if row["sign"] < 0 else 1
        title = f"{key} {int(row['match'])}: r = {sign * row['score']:.3f}"
        draw_values(below, where, sign * estimate[:, int(row["match"])], title=title)
    return shown_once(figure)


def _holder(data: AnnData | MuData, key: str) -> tuple[AnnData | MuData, str]:
    modality, _, own_key = key.partition(":")
    return (data[modality], own_key) if own_key and key not in data.obsm else (data, key)
