"""Estimated responses to perturbations against the true ones, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim.tl._lookup import find
from spsim.tl._network_recovery import PROGRAM
from spsim.tl._programs import By, check_width, matched_programs, table_at, true_table
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike

PERMUTED = "permuted_conditions"


@refuses_unknown()
def response_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    loadings_key: str | None = None,
    factors_key: str | None = None,
    block: str = PROGRAM,
    truth: AnnData | MuData | None = None,
    n_chance: int = 100,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare estimated responses of programs to perturbations with the true ones.

    Programs are matched first, as :func:`network_recovery` does; responses of a true program without a match count as 0.

    Parameters
    ----------
    data
        Object with an estimate in ``uns``.
    key
        Key of the responses relative to the control, perturbations × estimated programs; ``"rna:R"`` means ``uns["R"]`` of
        the modality ``rna``. Rows of a DataFrame are aligned by the perturbations' names, those of an array are in the
        order of ``uns["spsim"]["response"]``. A perturbation without a row counts as without response.
    loadings_key
        Key of the programs' loadings in ``varm``, columns in the order of the responses, to match programs by.
    factors_key
        Key of their activities in ``obsm``, to match programs by in place of ``loadings_key``. Without both the columns
        of the responses must have the names of true programs.
    block
        Name of the block of the true programs.
    truth
        The simulated object, if ``data`` has no truth in it.
    n_chance
        Draws of permuted perturbations; 0 leaves chance out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_response_recovery"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    Rows ``pearson``, over all perturbations and programs, and ``pearson_centred``, the same once the mean over
    perturbations is taken out of both (:func:`spsim.metrics.response_recovery`):

    ``score``, ``ceiling``
        Of the estimate, and 1. NaN where there is nothing to recover: no response, or the same one to all perturbations.
    ``mean_effect``
        Of the mean true response in place of each: what a method must beat.
    ``chance``, ``chance_p95``
        Mean and 95th percentile over permuted perturbations.
    ``n``
        Number of perturbations.

    Also written to ``uns[key_added]``, and match and correlation of each program to ``uns[f"{key_added}_programs"]``.

    Raises
    ------
    KeyError
        No such key, or no true responses.
    ValueError
        Rows that are no perturbations, numbers or names of programs that do not fit, or nothing to match them by.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.perturbseq()
    >>> activity = sps.get.factors(mdata, block="program").groupby(mdata.obs["perturbation"], observed=True).mean()
    >>> mdata.uns["R"] = activity.drop("control") - activity.loc["control"]
    >>> table = sps.tl.response_recovery(mdata, "R", factors_key="program_factors")
    >>> bool(table.loc["pearson", "score"] > table.loc["pearson", "mean_effect"])
    True
    """
    import pandas as pd

    n_draws = _validate.whole("n_chance", n_chance)
    found = find(data, key, "uns", truth, block=block)
    true = true_table(data, truth, _keys.RESPONSE)
    given, names = table_at(found), [str(name) for name in true.columns]
    by = By(loadings_key=loadings_key, factors_key=factors_key, block=block)
    programs = matched_programs(data, truth, by, given, names)
    check_width(found.key, np.shape(given)[1], programs)
    result = metrics.response_recovery(
        _rows(found.key, given, true),
        true.to_numpy(),
        match=programs.match,
        sign=programs.sign,
        n_draws=n_draws,
        rng=rng,
    )
    table = pd.DataFrame({"score": result.scores, "ceiling": 1.0, "mean_effect": result.mean_effect})
    if result.chance is not None:
        table = table.assign(chance=result.chance.mean, chance_p95=result.chance.p95, null=PERMUTED)
    key_added = chosen_key(key_added, f"{key}_response_recovery")
    own = programs.columns(names).assign(pearson=result.per_program)
    return stored(data, table.assign(n=result.n), key_added, copy=copy, programs=own)


def _rows(key: str, given: Any, true: DataFrame) -> np.ndarray:
    """Return the responses to the true perturbations in their order."""
    wanted = [str(name) for name in true.index]
    if not hasattr(given, "columns"):
        if len(given) != len(wanted):
            msg = f"uns[{key!r}] must have one row for each of {_validate.listing(wanted)}, in this order, got {len(given)}"
            raise ValueError(msg)
        return np.asarray(given)
    rows = [str(name) for name in given.index]
    _validate.unique(f"rows of uns[{key!r}]", rows)
    unknown = [name for name in rows if name not in wanted]
    if unknown:
        msg = (
            f"rows of uns[{key!r}] must be perturbations, {_validate.listing(wanted)}, got {_validate.listing(unknown)}: "
            "leave the control out"
        )
        raise ValueError(msg)
    values = given.to_numpy(dtype=np.float64)
    responses = np.zeros((len(wanted), values.shape[1]))
    responses[[wanted.index(name) for name in rows]] = values
    return responses
