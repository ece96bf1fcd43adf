"""What an effect is: what changes the mean of a modality beside its factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spsim._random import Stream
from spsim._recipe import Recipe
from spsim.truth import Block, Mixing, Observations, Panel, Switch


@dataclass(frozen=True, kw_only=True)
class Effect(Recipe):
    """A recipe for what a modality has beside its factors: batches, sizes, panels. None of these is a target.

    An effect of size zero gives the data of its absence, bit for bit.
    """

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the labels that the observations must have."""
        return ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of its blocks, sizes and switch, which no other effect of the modality may have."""
        return ()

    @property
    def is_of_features(self) -> bool:
        """Whether modalities with the same features (``features_of``) share what is drawn."""
        return False

    @property
    def is_composed(self) -> bool:
        """Whether its sizes are what rows add up to, rather than what they are multiplied with."""
        return False

    @property
    def controls(self) -> str:
        """Kind of the features that respond to nothing, where it has a name of its own for them; empty if not."""
        return ""

    @property
    def origin(self) -> tuple[str, str] | None:
        """Modality whose features these come from, and the factors that both respond to, if there is one."""
        return None

    def blocks(self, observations: Observations, n_features: int, source: Stream) -> tuple[Block, ...]:
        """Return terms of the mean."""
        return ()

    def sizes(self, observations: Observations, source: Stream) -> Mapping[str, np.ndarray]:
        """Return what the mean of each observation is multiplied with, by name, float32."""
        return {}

    def switch(self, observations: Observations, n_features: int, source: Stream) -> Switch | None:
        """Return entries of the mean that are on or off."""
        return None

    def mixing(self, observations: Observations, source: Stream) -> Mixing | None:
        """Return the weights with which means of observations are summed."""
        return None

    def panel(self, observations: Observations, n_features: int, source: Stream) -> Panel | None:
        """Return which features are measured where."""
        return None
