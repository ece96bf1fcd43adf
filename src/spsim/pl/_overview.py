"""A data set at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get
from spsim._objects import multimodal
from spsim.pl._domains import draw_domains
from spsim.pl._factors import draw_values, factors
from spsim.pl._features import features
from spsim.pl._overview_of_sets import overview_of_sets
from spsim.pl._panels import panels, shown_once
from spsim.pl._spots import aspect
from spsim.slots import raw_layer, read_params

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.figure import Figure
    from mudata import MuData


def overview(mdata: MuData, *, groups: str | None = None) -> Figure:
    """Draw domains and factors in the first row, total counts and a feature per factor of each modality below.

    Features are drawn on a square-root scale; a factor's title has its colour in the domains. Where modalities have
    different observations, each one's labels and total counts are drawn: cells with the outlines of the spots that hold
    them, and the share of each type in those spots.

    Parameters
    ----------
    mdata
        A simulated object.
    groups
        Column of ``obs``, there and in every modality (slice, sample), whose parts are drawn side by side; by default
        the one that the object records.

    Returns
    -------
    The figure.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.
    ValueError
        Nothing has a place.

    Examples
    --------
    >>> import spsim as sps
    >>> figure = sps.pl.overview(sps.datasets.multiomics(n_side=12))
    >>> [ax.get_title() for ax in figure.axes][:3]
    ['domains', 'block_1', 'block_2']
    """
    if _keys.SPATIAL not in multimodal("mdata", mdata).obsm:
        read_params(mdata)
        return overview_of_sets(mdata, groups)
    n_factors = get.factors(multimodal("mdata", mdata)).shape[1]
    examples = {name: _one_per_factor(mdata[name]) for name in mdata.mod}
    figure, rows = panels(1 + len(examples), 1 + n_factors, aspect=aspect(mdata, groups))
    colours = draw_domains(rows[0][0], mdata, groups)
    rows[0][0].set_title("domains", fontsize="small")
    factors(mdata, groups=groups, axes=rows[0][1:])
    for ax, name in zip(rows[0][1:], get.factors(mdata), strict=True):
        ax.title.set(color=colours.get(name, "black"), fontweight="bold")
    for (name, drawn), axes in zip(examples.items(), rows[1:], strict=True):
        draw_values(axes[0], mdata[name], _totals(mdata[name]), title=f"{name}: total counts", groups=groups)
        used = [ax for ax, feature in zip(axes[1:], drawn, strict=True) if feature]
        if used:
            features(mdata[name], [feature for feature in drawn if feature], groups=groups, axes=used)
        for ax, feature in zip(axes[1:], drawn, strict=True):
            ax.set_visible(feature is not None)
    return shown_once(figure)


def _totals(adata: AnnData) -> np.ndarray:
    return np.asarray(raw_layer(adata).sum(axis=1)).ravel()


def _one_per_factor(adata: AnnData) -> list[str | None]:
    """First feature that loads on each factor, if any."""
    loads = get.loadings(adata).to_numpy() != 0
    first = np.where(loads.any(axis=0), loads.argmax(axis=0), -1)
    return [str(adata.var_names[j]) if j >= 0 else None for j in first]
