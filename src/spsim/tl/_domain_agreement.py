"""Agreement of a partition with the true domains, on an object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from spsim import _keys, _validate, get, metrics
from spsim.tl._lookup import Found, find
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike


def domain_agreement(
    data: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    visible: Iterable[str] | None = None,
    n_chance: int = 20,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare a partition of the spots with the true domains.

    Parameters
    ----------
    data
        Object with labels in ``obs``.
    key
        Key of the labels; ``"rna:leiden"`` means ``obs["leiden"]`` of the modality ``rna``.
    truth
        The simulated object, if ``data`` has no truth in it; aligned by observation name.
    visible
        Names of the factors that a perfect method sees, for its ceiling; by default those that load what was given to
        the method: the modality for ``"rna:leiden"``, all modalities for labels at the top.
    n_chance
        Draws of unrelated labels, as smooth in space as these; 0 leaves chance out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_domain_agreement"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    One row per score (``ari``, ``nmi``, …, and ``n``, the number of spots):

    ``score``
        Value over all spots.
    ``ceiling``
        Value of the true domains as far as the visible factors tell them apart.
    ``chance``
        Mean over labels shifted in space (:func:`spsim.metrics.domain_chance`).
    ``foreground``, ``foreground_ceiling``, ``foreground_chance``
        The same outside the background, which otherwise dominates (only if there is such a spot).

    Also written to ``uns[key_added]``.

    Raises
    ------
    KeyError
        No such key, or no truth.
    ValueError
        Names that do not align, labels that are missing, no such visible factor.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.ggblocks(n_side=12)
    >>> mdata.obs["guess"] = mdata.obs["domain"].astype(str).replace({"block_4": "block_3"})
    >>> sps.tl.domain_agreement(mdata, "guess").loc[["ari", "completeness"], "score"].round(2).to_dict()
    {'ari': 0.87, 'completeness': 1.0}
    """
    import pandas as pd

    found = find(data, key, "obs", truth)
    best = visible_labels(found, visible)
    foreground = np.asarray(found.domains != _keys.BACKGROUND)
    columns = _columns(found, best, None, n_chance, rng)
    if foreground.any():
        inside = _columns(found, best, foreground, n_chance, rng)
        columns |= {"foreground" if name == "score" else f"foreground_{name}": inside[name] for name in inside}
    return stored(data, pd.DataFrame(columns), chosen_key(key_added, f"{key}_domain_agreement"), copy=copy)


def visible_labels(found: Found, visible: Iterable[str] | None = None) -> np.ndarray:
    """Return the best partition of a method that sees the named factors, by default what it was given."""
    seen = found.factors.columns[found.visible] if visible is None else visible
    return get.visible_domains(found.source, seen).to_numpy()[found.rows].astype(str)


def _columns(
    found: Found, best: np.ndarray, mask: np.ndarray | None, n_chance: int, rng: RNGLike
) -> dict[str, dict[str, float]]:
    labels, domains = found.values, found.domains
    columns = {
        "score": metrics.domain_agreement(labels, domains, foreground=mask),
        "ceiling": metrics.domain_agreement(best, domains, foreground=mask),
    }
    if _validate.whole("n_chance", n_chance):
        columns["chance"] = metrics.domain_chance(
            labels, domains, found.coordinates, foreground=mask, n_draws=n_chance, rng=rng
        )
    return columns
