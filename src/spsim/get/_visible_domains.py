"""True domains as far as some factors tell them apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spsim import _keys, _validate
from spsim._keywords import refuses_unknown
from spsim.get._domains import domains
from spsim.slots import read_params

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import Series


@refuses_unknown()
def visible_domains(data: AnnData | MuData, factors: Iterable[str]) -> Series:
    """Return the domains that a perfect method finds if it sees some factors only.

    An unseen factor leaves its part of an overlap: ``squares+corners`` becomes ``squares`` if only that is seen, and
    ``background`` if neither is.

    Parameters
    ----------
    data
        A simulated object or one modality of it.
    factors
        Names of the factors that are seen; any iterable but a single text.

    Returns
    -------
    Categorical, one value per spot; background first, then single factors, then overlaps.

    Raises
    ------
    KeyError
        The object was not simulated by spsim, or its truth was taken out.
    ValueError
        No such factor.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt(n_side=12)
    >>> sps.get.visible_domains(mdata, ["squares", "scotland"]).value_counts().to_dict()
    {'background': 72, 'squares': 48, 'squares+scotland': 16, 'scotland': 8}
    """
    import pandas as pd

    names = list(read_params(data)["factors"])
    chosen = _validate.listed("factors", factors)
    for name in chosen:
        _validate.one_of("factors", name, names)
    seen = set(chosen)
    truth = domains(data)
    # A factor's name holds no "+", so a domain's name tells its factors, also where only some spots are left.
    parts = {str(d): [name for name in str(d).split("+") if name in seen] for d in truth.cat.categories}
    found = sorted(
        {tuple(part) for part in parts.values()}, key=lambda part: (len(part), [names.index(n) for n in part])
    )
    labels = {part: "+".join(part) or _keys.BACKGROUND for part in found}
    merged = [labels[tuple(parts[str(domain)])] for domain in truth]
    return pd.Series(pd.Categorical(merged, categories=list(labels.values())), index=truth.index, name=_keys.DOMAIN)
