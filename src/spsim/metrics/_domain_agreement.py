"""How well labels agree with the true domains, and how well they could."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import mask, same_length
from spsim.metrics._contingency import contingency, information_scores, matched_scores, pair_scores
from spsim.metrics._labels import label_codes, one_label

AGREEMENT = (
    *("ari", "ami", "nmi", "homogeneity", "completeness", "v_measure", "fmi", "mi"),
    *("pair_jaccard", "pair_f1", "matched_accuracy", "macro_f1"),
)


def domain_agreement(labels: ArrayLike, truth: ArrayLike, *, foreground: ArrayLike | None = None) -> dict[str, float]:
    r"""Score labels against the true domains with the usual measures of partition agreement.

    Parameters
    ----------
    labels
        One label per spot; names and order of the clusters do not matter.
    truth
        True domain of each spot, in the same order.
    foreground
        Boolean mask of the spots to score; the others are left out of every number. The background of a
        simulation often holds most spots and then rules the score: give ``truth != "background"``.

    Returns
    -------
    A dict with

    ``ari``, ``ami``, ``nmi``, ``homogeneity``, ``completeness``, ``v_measure``, ``fmi``, ``mi``
        scikit-learn's definitions; ``nmi`` and ``ami`` with the arithmetic mean, so ``nmi`` equals ``v_measure``;
        ``mi`` in nats, at most the entropy of the truth.
    ``pair_jaccard``, ``pair_f1``
        :math:`a / (a + b + c)` and :math:`2a / (2a + b + c)` for :math:`a` pairs of spots together in both
        partitions and :math:`b + c` together in one only; 1 if no pair is together in either.
    ``matched_accuracy``, ``macro_f1``
        share of spots in the right cluster, and mean F1 over the true domains, after the one-to-one assignment of
        clusters to domains with the highest accuracy (of equals, the one with the highest F1). A domain that got
        no cluster has F1 0.
    ``n``
        number of spots scored.

    A single cluster is scored as scikit-learn does (``ari`` 0). Where all spots are of a single domain there is nothing to
    agree with, and every score is NaN.

    Raises
    ------
    ValueError
        If lengths differ, there are no spots, a label is missing or the mask keeps none.

    Examples
    --------
    >>> scores = domain_agreement([1, 1, 2, 2], ["a", "a", "b", "background"])
    >>> round(scores["ari"], 3), scores["matched_accuracy"], scores["n"]
    (0.571, 0.75, 4)

    References
    ----------
    .. [1] Hubert and Arabie (1985), Comparing partitions, Journal of Classification 2, 193-218.
    .. [2] Vinh, Epps and Bailey (2010), Information theoretic measures for clusterings comparison, Journal of
       Machine Learning Research 11, 2837-2854.
    """
    truth, labels, foreground = in_one_order(truth=truth, labels=labels, foreground=foreground)
    predicted, _ = label_codes("labels", labels)
    true, _ = label_codes("truth", truth)
    n_spots = same_length(labels=predicted, truth=true)
    if foreground is not None:
        kept = mask("foreground", foreground, n_spots)
        predicted, true = predicted[kept], true[kept]
    return agreement_of_codes(predicted, true)


def agreement_of_codes(labels: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Score labels and domains that are small whole numbers already."""
    if len(truth) and (truth == truth[0]).all():
        return dict.fromkeys(AGREEMENT, np.nan) | {"n": len(truth)}
    table = contingency(truth, labels)
    scores = information_scores(table) | pair_scores(table) | matched_scores(table)
    return {name: scores[name] for name in AGREEMENT} | {"n": len(truth)}


def domain_ceiling(
    truth: ArrayLike, visible: Iterable[object], *, background: object, foreground: ArrayLike | None = None
) -> dict[str, float]:
    """Score the best partition of a method that can see some domains only.

    Such a method cannot tell an unseen domain from the background: its best partition is the true one with the
    unseen domains merged into the background.

    Parameters
    ----------
    truth
        True domain of each spot.
    visible
        Labels of the domains that can be seen; any iterable, sets included, but not a single string.
    background
        Label of the background, into which all others are merged. It need not occur in ``truth``.
    foreground
        Boolean mask of the spots to score, as in :func:`domain_agreement`.

    Returns
    -------
    The same mapping as :func:`domain_agreement`.

    Raises
    ------
    ValueError
        If ``visible`` holds a label that does not occur in ``truth``.

    Examples
    --------
    >>> truth = ["a", "a", "b", "b", "background", "background"]
    >>> round(domain_ceiling(truth, {"a"}, background="background")["ari"], 3)
    0.444
    """
    truth, foreground = in_one_order(truth=truth, foreground=foreground)
    codes, known = label_codes("truth", truth)
    seen = _visible_labels(visible, [*known, one_label("background", background)])
    keeps = np.array([label in seen and label != background for label in known])
    return domain_agreement(np.where(keeps[codes], codes, -1), codes, foreground=foreground)


def _visible_labels(visible: Iterable[object], known: list[object]) -> set[object]:
    if isinstance(visible, str | bytes):
        msg = f"visible must be an iterable of labels, got the single string {_validate.shown(visible)}"
        raise TypeError(msg)
    labels = _validate.listed("visible", visible)
    for label in labels:
        _validate.one_of("visible", label, known)
    return set(labels)
