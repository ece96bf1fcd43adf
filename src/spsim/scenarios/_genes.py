"""What features are called wherever they, or products of them, are measured."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from spsim import _keys
from spsim.scenarios._modality import Modality
from spsim.scenarios._scenario import Scenario
from spsim.truth import Label, Mean


def genes_of(modality: Modality, scenario: Scenario, means: Mapping[str, Mean]) -> Label | None:
    """Return the gene of each feature, -1 for those of none; ``None`` where no other modality has to do with them."""
    origin = origin_of(modality)
    if origin is not None:
        other, by = origin
        (genes,) = (m for m in scenario.modalities if m.name == other)
        n_own, n_genes = modality.n_features - modality.n_flat, genes.n_features
        alike = _most_alike(_responses(means[modality.name], by)[:n_own], _responses(means[other], by))
        codes = np.append(alike, np.full(modality.n_flat, -1))
        return _label(codes, n_genes)
    users = [other.name for other in scenario.modalities if modality.name in _origins(other)]
    if not users and modality.features_of is None:
        return None
    return _label(np.arange(modality.n_features), modality.n_features)


def origin_of(modality: Modality) -> tuple[str, str] | None:
    """Return the modality that features of another one are products of, and the factors that both respond to."""
    return next((effect.origin for effect in modality.effects if effect.origin is not None), None)


def _origins(modality: Modality) -> tuple[str | None, ...]:
    """Return the modalities whose features it has, or products of them."""
    origin = origin_of(modality)
    return (modality.features_of,) if origin is None else (modality.features_of, origin[0])


def _label(codes: np.ndarray, n_genes: int) -> Label:
    return Label(codes=codes, names=tuple(f"{_keys.GENE}_{j}" for j in range(n_genes)), is_known=True)


def _responses(mean: Mean, by: str) -> np.ndarray:
    """Return features × types: probabilities of a switch, else loadings; centred, of length 1."""
    switch = mean.switch
    if switch is not None and switch.by == by:
        values = switch.probability.astype(np.float64)
    else:
        blocks = [block.loadings for block in mean.blocks if block.name == by]
        values = blocks[0].astype(np.float64) if blocks else np.zeros((mean.shape[1], 1))
    values = values - values.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(np.divide(values, lengths, out=np.zeros_like(values), where=lengths > 0))


def _most_alike(own: np.ndarray, genes: np.ndarray) -> np.ndarray:
    """Return the gene of each feature; each gene has one before any has two, and so on."""
    if own.shape[1] != genes.shape[1]:  # one of them does not respond
        return np.arange(len(own)) % len(genes)
    # As many features as there are genes at a time: the few genes that are most like a type would otherwise have all of
    # its features, and what they are called would tell the type.
    starts = range(0, len(own), len(genes))
    return np.concatenate([_one_to_one(own[start : start + len(genes)], genes) for start in starts])


def _one_to_one(own: np.ndarray, genes: np.ndarray) -> np.ndarray:
    from scipy.optimize import linear_sum_assignment

    # Ties are many, since genes may respond to one type alone; rounding must not decide them, which differs by machine.
    return np.asarray(linear_sum_assignment(-np.round(own @ genes.T, 9))[1])
