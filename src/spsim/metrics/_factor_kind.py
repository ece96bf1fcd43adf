"""Whether shared factors were found to be shared and private ones to be private."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import as_array, same_width, squarable
from spsim.metrics._labels import label_codes


def energy_kinds(factors: ArrayLike, loadings: Mapping[str, ArrayLike], *, threshold: float = 0.1) -> list[str]:
    r"""Kind of each factor from where its energy lies.

    Factor :math:`k` has in modality :math:`m` the energy :math:`\operatorname{var}(F_k) \lVert W_{mk} \rVert^2`. It is
    divided by the modality's energy over all factors, so that the modality with more features does not win, and then
    by its sum over modalities: the share :math:`e_{mk}`.

    Parameters
    ----------
    factors
        Spots x K.
    loadings
        Loadings by modality name, features x K each.
    threshold
        A factor is in the modalities where its share is above this. 0 gives the kind of a true factor.

    Returns
    -------
    One of ``"shared"`` (in all modalities), ``"private_<modality>"`` (in one), ``"shared_<modality>_<modality>"`` (in
    some) and ``"background"`` (no energy anywhere) per factor. What is non-spatial cannot be seen from energies: put
    that label in yourself.

    Examples
    --------
    >>> import numpy as np
    >>> energy_kinds(np.eye(5)[:, :3], {"rna": [[1, 1, 0]], "protein": [[1, 0, 0]]})
    ['shared', 'private_rna', 'background']
    """
    threshold = _validate.probability("threshold", threshold)
    if not isinstance(loadings, Mapping):
        msg = f"loadings must be a mapping of modalities to their loadings, got {_validate.shown(loadings)}"
        raise TypeError(msg)
    if not loadings:
        msg = "loadings must name at least one modality, got none"
        raise ValueError(msg)
    names = {name: f"loadings[{name!r}]" for name in loadings}
    parts = {names[name]: values for name, values in loadings.items()}
    factors, *ordered = in_one_order(axis=1, factors=factors, **parts)
    columns = squarable("factors", factors)
    weights = {name: squarable(names[name], values) for name, values in zip(names, ordered, strict=True)}
    same_width(factors=columns, **weights)
    energy = np.array([columns.var(axis=0) * (values**2).sum(axis=0) for values in weights.values()])
    energy = _shares(energy, energy.sum(axis=1, keepdims=True))
    shares = _shares(energy, energy.sum(axis=0, keepdims=True))
    return [
        kind_of([name for name, share in zip(weights, column, strict=True) if share > threshold], len(weights))
        for column in shares.T
    ]


def factor_kind(kinds: Sequence[str], truth: Sequence[str], *, match: ArrayLike) -> dict[str, Any]:
    """Compare the kinds given to the components with those of the true factors they are matched to.

    Parameters
    ----------
    kinds
        Kind of each component, in the user's own words or from :func:`energy_kinds`.
    truth
        Kind of each true factor, in the same words.
    match
        Component matched to each true factor, -1 for none, from :func:`factor_recovery`. A match always takes place:
        set it to -1 where the score is not above chance.

    Returns
    -------
    A dict with ``accuracy`` (share of matched factors with the right kind), ``macro_f1`` (mean F1 over the kinds of
    the matched factors), ``confusion`` (counts by true kind, then by component's kind), ``lost`` (unmatched true
    factors by kind), ``spurious`` (components matched to nothing by kind; ``background`` ones are no mistake and left
    out), ``n`` (matched factors). Without a match accuracy and F1 are 0.

    Examples
    --------
    >>> result = factor_kind(["shared", "private_rna", "shared"], ["shared", "shared"], match=[0, 1])
    >>> result["accuracy"], result["confusion"], result["spurious"]
    (0.5, {'shared': {'shared': 1, 'private_rna': 1}}, {'shared': 1})
    """
    truth, match = in_one_order(truth=truth, match=match)
    label_codes("kinds", kinds)
    label_codes("truth", truth)
    # A column of a table would be asked by label.
    kinds, truth = _texts("kinds", kinds), _texts("truth", truth)
    columns = as_array("match", match)
    if (
        columns.shape != (len(truth),)
        or columns.dtype.kind not in "iu"
        or not np.isin(columns, range(-1, len(kinds))).all()
    ):
        msg = f"match must hold {len(truth)} whole numbers from -1 to {len(kinds) - 1}, got {_validate.shown(columns.tolist())}"
        raise ValueError(msg)
    pairs = [(true, kinds[column]) for true, column in zip(truth, columns, strict=True) if column >= 0]
    unmatched = [kinds[column] for column in sorted({*range(len(kinds))} - {*columns.tolist()})]
    return {
        "accuracy": sum(true == found for true, found in pairs) / max(1, len(pairs)),
        "macro_f1": _macro_f1(pairs),
        "confusion": {true: _counts(f for t, f in pairs if t == true) for true, _ in pairs},
        "lost": _counts(true for true, column in zip(truth, columns, strict=True) if column < 0),
        "spurious": _counts(kind for kind in unmatched if kind != "background"),
        "n": len(pairs),
    }


def _texts(name: str, values: Sequence[str]) -> list[str]:
    """Kinds are words: a number of one list would equal no word of the other."""
    return [str(_validate.text(f"each of {name}", value)) for value in values]


def _shares(values: np.ndarray, totals: np.ndarray) -> np.ndarray:
    return np.divide(values, totals, out=np.zeros_like(values), where=totals > 0)


def kind_of(modalities: Sequence[str], n_modalities: int) -> str:
    """Return the word for what some of the modalities hold."""
    if not modalities:
        return "background"
    if len(modalities) == n_modalities:
        return "shared"
    return ("private_" if len(modalities) == 1 else "shared_") + "_".join(modalities)


def _macro_f1(pairs: list[tuple[str, str]]) -> float:
    from sklearn.metrics import f1_score

    if not pairs:
        return 0.0
    truth, found = zip(*pairs, strict=True)
    return float(f1_score(truth, found, labels=sorted(set(truth)), average="macro", zero_division=0))


def _counts(values: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
