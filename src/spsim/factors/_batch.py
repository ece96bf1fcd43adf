"""Batch effects: features that are measured higher or lower in one slice, sample or run."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._deviates import normal_deviates
from spsim._random import Purpose, Stream, runs
from spsim._recipe import in_words
from spsim.factors._effect import Effect
from spsim.truth import Block, Observations

# Tiles of the stream from which the parts of the second effect are drawn, beyond those of any number of batches.
_OWN, _SHARED = 1 << 32, 1 << 33


@dataclass(frozen=True, kw_only=True)
class Batch(Effect):
    r"""A factor of its own for each feature and batch, on the logarithm of the mean, and one within each region.

    .. math:: \log \Lambda_{ij} \mathrel{+}= \beta_{s(i) j} + \gamma_{s(i) d(i) j}, \qquad
       \beta_{sj} \sim N(0, \text{sd}^2), \qquad
       \gamma_{sdj} = \frac{\text{within\_sd}}{\sqrt R} \sum_{q \le R} a_{sdq} g_{qj}, \quad a, g \sim N(0, 1)

    with batch s and region d of an observation. The second part is of low rank R over features, as a technical effect of a
    tissue is; a free one per batch and region could not be told from biology. Batches, features and regions each are a
    prefix of more of them.

    Parameters
    ----------
    by
        Label of the batches, such as ``"slice"``.
    sd
        Standard deviation β of the first part; 0 leaves the data as they are without it.
    within
        Label of the regions, such as ``"domain"``; none by default.
    within_sd
        Standard deviation of the second part, 0 by default.
    within_rank
        Rank R of the second part.
    key
        Name of the block: its factors are ``obsm["batch_factors"]``, its loadings ``varm["batch_loadings"]``; those of
        the second part begin with ``batch_within``. Two batch effects of one modality need two names.

    Raises
    ------
    ValueError
        A value out of range, or ``within_sd`` without ``within``.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     design=sps.designs.Slices(),
    ...     n_side=12,
    ...     modalities=[{"name": "rna", "n_mixed": 40, "effects": [sps.factors.Batch(by="slice", sd=0.8)]}],
    ... )
    >>> sps.simulate(scenario)["rna"].varm["batch_loadings"].shape
    (40, 2)
    """

    by: str = field(kw_only=False)
    sd: float = 0.3
    within: str | None = None
    within_sd: float = 0.0
    within_rank: int = 2
    key: str = "batch"

    def __post_init__(self) -> None:
        for name in ("sd", "within_sd"):
            object.__setattr__(self, name, _validate.spread(name, getattr(self, name)))
        object.__setattr__(self, "within_rank", _validate.whole("within_rank", self.within_rank, at_least=1))
        for name in ("by", "key") if self.within is None else ("by", "key", "within"):
            _names.usable_name(name, getattr(self, name))
        if self.within_sd and self.within is None:
            msg = (
                f"within must name the label of the regions with a within_sd above 0, got within_sd={self.within_sd:g}"
            )
            raise ValueError(msg)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        parts = [f"a batch effect of each feature and {self.by} (sd {self.sd:.3g} on the logarithm)"] if self.sd else []
        if self.within_sd:
            where = f"each {self.by} and {self.within}"
            parts.append(f"one of rank {self.within_rank} within {where} (sd {self.within_sd:.3g} on the logarithm)")
        return in_words(parts) or f"no batch effect (sd 0 by {self.by})"

    @property
    def needs(self) -> tuple[str, ...]:
        """The labels of batches and regions."""
        return (self.by,) if self.within is None else (self.by, self.within)

    @property
    def keys(self) -> tuple[str, ...]:
        """The block, and that within regions."""
        return (self.key,) if self.within is None else (self.key, f"{self.key}_within")

    def blocks(self, observations: Observations, n_features: int, source: Stream) -> tuple[Block, ...]:
        """Return the two parts, of indicators of batches and of batches × regions."""
        batch = observations.labels[self.by]
        loadings = self.sd * _normal(len(batch.names), n_features, source, first=0)
        blocks = [_block(self.key, batch.names, batch.indicators, loadings)]
        if self.within is not None:
            both = batch.crossed(observations.labels[self.within])
            own = _normal(len(both.names), self.within_rank, source, first=_OWN)
            shared = _normal(self.within_rank, n_features, source, first=_SHARED)
            scale = self.within_sd / np.sqrt(self.within_rank)
            blocks.append(_block(f"{self.key}_within", both.names, both.indicators, scale * (own @ shared)))
        return tuple(blocks)


def _normal(n_runs: int, size: int, source: Stream, *, first: int) -> np.ndarray:
    """Return standard normal deviates, one run of words per row."""
    return normal_deviates(runs(source, Purpose.EFFECT, first + np.arange(n_runs), size))


def _block(name: str, columns: tuple[str, ...], factors: np.ndarray, loadings: np.ndarray) -> Block:
    # Plus zero, so that zeros have no sign.
    values = loadings.T.astype(np.float32) + np.float32(0)
    return Block(name=name, columns=columns, factors=factors, loadings=values, scale="log")
