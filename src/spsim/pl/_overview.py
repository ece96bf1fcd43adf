"""A data set at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, get
from spsim._keywords import refuses_unknown
from spsim._objects import multimodal
from spsim.pl._domains import NO_LABEL, draw_domains
from spsim.pl._factors import draw_values
from spsim.pl._features import draw_feature, measured_as
from spsim.pl._legend import legend_in_figure
from spsim.pl._overview_of_labels import overview_of_labels
from spsim.pl._panels import panels, shown_once, without_empty_rows
from spsim.pl._scale_bar import add_scale_bar
from spsim.pl._spots import aspect
from spsim.pl._titles import set_title
from spsim.slots import raw_layer, read_params

if TYPE_CHECKING:
    from anndata import AnnData
    from matplotlib.figure import Figure
    from mudata import MuData


@refuses_unknown()
def overview(mdata: MuData, *, groups: str | None = None) -> Figure:
    """Draw domains and factors in the first row, total counts and a feature per factor of each modality below.

    A factor's title has a swatch of its colour in the domains, unless factors overlap there; the legend has all domains.
    Features are drawn as in :func:`spsim.pl.features`. Columns that do not fit go on in further rows. Slices that were
    moved are drawn as measured, their domains also before motion, in the frame that they share.

    Where modalities have different observations, or none responds to the spatial factors, every label (domains, cell types,
    ecotypes), other factors and total counts are drawn: cells with the outlines of the spots that hold them, and the share
    of each type in those spots. Of dissociated cells the mean of each feature is drawn, by cell type or what else they
    respond to.

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
        No observation.

    Examples
    --------
    >>> import spsim as sps
    >>> figure = sps.pl.overview(sps.datasets.multiomics(n_side=12))
    >>> [ax.get_title() for ax in figure.axes][:3]
    ['domains', 'block_1', 'block_2']
    """
    if _keys.SPATIAL not in multimodal("mdata", mdata).obsm:
        read_params(mdata)
        return overview_of_labels(mdata, groups)
    true_factors = get.factors(mdata)
    shown = {name: _one_per_factor(adata) for name, adata in mdata.mod.items()}
    if not any(feature for features in shown.values() for feature in features):
        return overview_of_labels(mdata, groups)
    frames = [_keys.SPATIAL_TRUE] if _is_moved(mdata) else []
    first_columns = 1 + len(frames)
    n_columns = first_columns + true_factors.shape[1]
    figure, rows = panels(1 + len(mdata.mod), n_columns, aspect=aspect(mdata, groups))
    (first, *others), *below = rows
    colours = draw_domains(first, mdata, groups)
    set_title(first, "domains")
    add_scale_bar(first, mdata)
    known = {_keys.BACKGROUND, NO_LABEL, *true_factors}
    swatches = dict(colours)
    for ax, frame in zip(others, frames, strict=False):
        draw_domains(ax, mdata, groups, frame=frame)
        set_title(ax, "domains before motion")
    for ax, (name, values) in zip(others[len(frames) :], true_factors.items(), strict=True):
        colour = swatches.get(str(name)) if swatches.keys() <= known else None
        draw_values(ax, mdata, values.to_numpy(), title=str(name), label="factor", colour=colour, groups=groups)
    for (name, adata), axes in zip(mdata.mod.items(), below, strict=True):
        label = measured_as(adata)
        draw_values(axes[0], adata, _totals(adata), title=f"{name}: total {label}", label=label, groups=groups)
        for ax in axes[1:first_columns]:
            ax.set_visible(False)
        for ax, feature in zip(axes[first_columns:], shown[name], strict=True):
            if feature is None:
                ax.set_visible(False)
            else:
                draw_feature(ax, adata, feature, groups=groups)
    without_empty_rows(figure)
    legend_in_figure(figure, colours)
    return shown_once(figure)


def _is_moved(mdata: MuData) -> bool:
    """Whether some spot was measured elsewhere than where it lies in the frame of all slices."""
    if _keys.SPATIAL_TRUE not in mdata.obsm:
        return False
    return not np.array_equal(mdata.obsm[_keys.SPATIAL_TRUE], mdata.obsm[_keys.SPATIAL])


def _totals(adata: AnnData) -> np.ndarray:
    return np.asarray(raw_layer(adata).sum(axis=1)).ravel()


def _one_per_factor(adata: AnnData) -> list[str | None]:
    """Feature that loads most on each factor, if any; one that loads on no other more, and is not shown yet, if there is one."""
    loadings = np.abs(get.loadings(adata).to_numpy())
    is_main = loadings == loadings.max(axis=1, initial=0, keepdims=True)
    shown: list[int] = []
    features: list[str | None] = []
    for own, main in zip(loadings.T, is_main.T, strict=True):
        is_new = ~np.isin(np.arange(len(own)), shown)
        candidates = (own * (main & is_new), own * main, own)
        strength = next((values for values in candidates if values.any()), None)
        if strength is None:
            features.append(None)
            continue
        shown.append(int(strength.argmax()))
        features.append(str(adata.var_names[shown[-1]]))
    return features
