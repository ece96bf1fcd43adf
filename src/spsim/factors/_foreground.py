"""Foreground: antibodies that bind some of the cells of a type, and are ambient in the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from spsim import _names, _validate
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._confusion import checked_pairs, told, with_equal_columns
from spsim.factors._effect import Effect
from spsim.truth import Observations, Switch

ISOTYPE = "isotype"
TOTALVI = """\
@article{gayoso2021joint,
  author = {Gayoso, Adam and Steier, Zo{\\"e} and Lopez, Romain and Regier, Jeffrey and Nazor, Kristopher L. and Streets, Aaron and Yosef, Nir},
  title = {Joint probabilistic modeling of single-cell multi-omic data with {totalVI}},
  journal = {Nature Methods},
  volume = {18},
  pages = {272--282},
  year = {2021},
  doi = {10.1038/s41592-020-01050-x}
}
"""


@dataclass(frozen=True, kw_only=True)
class Foreground(Effect):
    r"""Entries of an antibody panel that are signal, not background, with a probability per feature and cell type.

    .. math:: \Lambda_{ij} \leftarrow \Lambda_{ij} \, \phi_j^{s_{ij}}, \qquad
       s_{ij} \sim \mathrm{Bernoulli}(p_{j c(i)}), \qquad
       p_{jc} \sim \begin{cases} \text{one of } \textit{levels} & \text{with probability } \textit{share} \\
       \textit{negative} & \text{else} \end{cases}

    The mean without it is the background: ambient antibody. With ``share=0`` and ``negative=0`` data are as they are without
    it. Features that respond to no factor (``n_flat``) are isotype
    controls: ``var["kind"]`` calls them so, and they are never foreground.

    Parameters
    ----------
    by
        Label c of the cells, such as ``"cell_type"``; who has none is all background.
    share
        Probability that a type is positive for a feature.
    levels
        Probabilities of foreground in positive types, from dim to bright, each as likely as the others.
    negative
        Probability of foreground in the other types.
    fold
        Median over features of the fold φ of foreground over background.
    fold_sd
        Standard deviation of its logarithm.
    fold_range
        Smallest and largest fold: the normal distribution of the logarithm is cut there, each half by itself, so that the
        median stays.
    confuse
        Pairs of types that no feature tells apart: both have the larger one of their probabilities.
    key
        Name of the switch: probabilities stand in ``varm["foreground_probability"]``, folds in ``var["foreground_fold"]``.

    Raises
    ------
    ValueError
        A value out of range, a median outside the range of folds.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     n_side=12,
    ...     factors={"cell_type": sps.factors.CellTypes(4)},
    ...     modalities=[{"name": "protein", "n_nonspatial": 20, "effects": [sps.factors.Foreground(by="cell_type")]}],
    ... )
    >>> protein = sps.simulate(scenario)["protein"]
    >>> protein.varm["foreground_probability"].shape, sps.get.foreground_mask(protein).shape
    ((20, 4), (144, 20))
    """

    by: str = field(kw_only=False)
    share: float = 0.4
    levels: Sequence[float] = (0.3, 0.6, 0.9)
    negative: float = 0.02
    fold: float = 4.0
    fold_sd: float = 0.5
    fold_range: Sequence[float] = (2.0, 15.0)
    confuse: Sequence[tuple[str, str]] = ()
    key: str = "foreground"

    def __post_init__(self) -> None:
        _names.usable_name("by", self.by)
        _names.usable_name("key", self.key)
        for name in ("share", "negative"):
            object.__setattr__(self, name, _validate.probability(name, getattr(self, name)))
        levels = tuple(_validate.probability("levels", level) for level in _validate.listed("levels", self.levels))
        if not levels:
            msg = "levels must hold at least one probability, got none: for no positive types use share=0"
            raise ValueError(msg)
        object.__setattr__(self, "levels", levels)
        object.__setattr__(self, "fold", _validate.real("fold", self.fold, above=0))
        object.__setattr__(self, "fold_sd", _validate.spread("fold_sd", self.fold_sd))
        object.__setattr__(self, "fold_range", _range(self.fold_range, self.fold))
        object.__setattr__(self, "confuse", checked_pairs(self.confuse))

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        least, most = self.fold_range
        positive = ", ".join(f"{level:g}" for level in self.levels)
        return (
            f"foreground, in which an entry is by chance: with probability {positive} in the types that are positive for a "
            f"feature (a share of {self.share:g}), {self.negative:g} in others; the fold over the background is log-normal "
            f"(median {self.fold:g}, sd of the logarithm {self.fold_sd:g}, from {least:g} to {most:g}){told(self.confuse)}"
        )

    @property
    def bibtex(self) -> str:
        """The model of background and foreground of proteins."""
        return TOTALVI

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of the types."""
        return (self.by,)

    @property
    def keys(self) -> tuple[str, ...]:
        """The switch."""
        return (self.key,)

    @property
    def is_of_features(self) -> bool:
        """Probabilities and folds are an antibody's; which entries are foreground is drawn for each modality."""
        return True

    @property
    def controls(self) -> str:
        """Antibodies that bind nothing."""
        return ISOTYPE

    def switch(self, observations: Observations, n_features: int, source: Stream) -> Switch:
        """Return probabilities and folds; features and types are a prefix of more of them."""
        label = observations.labels[self.by]
        drawn = [uniforms(source, Purpose.EFFECT, (n_features, 2), tile=1 + k) for k in range(len(label.names))]
        probability = np.empty((n_features, len(label.names)), np.float32)
        for column, (is_positive, level) in enumerate(own.T for own in drawn):
            chosen = np.array(self.levels)[(level * len(self.levels)).astype(np.intp)]
            probability[:, column] = np.where(is_positive < self.share, chosen, self.negative)
        return Switch(
            name=self.key,
            by=self.by,
            label=label,
            probability=with_equal_columns(probability, label.names, self.confuse),
            fold=self._folds(uniforms(source, Purpose.EFFECT, n_features)),
            stream=source,
            observations=np.arange(observations.n),
            features=np.arange(n_features),
        )

    def _folds(self, drawn: np.ndarray) -> np.ndarray:
        """Return log-normal folds, both halves of whose distribution are cut."""
        from scipy.special import ndtr, ndtri

        if not self.fold_sd:
            return np.full(len(drawn), self.fold, np.float32)
        low, high = ndtr(np.log(np.array(self.fold_range) / self.fold) / self.fold_sd)
        at = np.where(drawn < 0.5, low + 2 * drawn * (0.5 - low), 0.5 + (2 * drawn - 1) * (high - 0.5))
        # The ends of an uncut distribution are not finite.
        folds = self.fold * np.exp(self.fold_sd * ndtri(np.clip(at, 2.0**-54, 1 - 2.0**-53)))
        least, most = self.fold_range
        return np.clip(folds, least, most).astype(np.float32)


def _range(given: object, median: float) -> tuple[float, float]:
    values = tuple(_validate.real("fold_range", value, above=0) for value in _validate.listed("fold_range", given))
    if len(values) != 2 or any(first > second for first, second in pairwise(values)):
        msg = f"fold_range must be two numbers, the smaller one first, got {_validate.shown(given)}"
        raise ValueError(msg)
    least, most = values
    if not least <= median <= most:
        msg = f"fold must lie in fold_range ({least:g} to {most:g}), got {median:g}: change one of them"
        raise ValueError(msg)
    return least, most
