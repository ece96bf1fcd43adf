"""Find an estimate by its key, and the truth that belongs to its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, get
from spsim._objects import annotated
from spsim.slots import addressed, block_names, is_torn, label_names, responses_to, truth_keys
from spsim.tl._array_in import array_in
from spsim.tl._groups import group_labels
from spsim.tl._names import listed, truth_rows
from spsim.tl._right_truth import check_right_truth

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame, Index


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """An estimate, and the truth of its spots."""

    where: AnnData | MuData
    """What holds the estimate."""
    key: str
    """Its key there."""
    slot: str
    """``obsm``, ``obs``, …"""
    source: AnnData | MuData
    """What holds the truth."""
    order: np.ndarray
    """Rows of ``where`` in the order of the truth, so that no score depends on the order of an estimate's rows."""
    rows: np.ndarray
    """Rows of ``source`` that carry their names."""
    modality: str | None
    """The modality that was given to the method; None for all of them."""
    data: AnnData | MuData
    """What the estimate was looked up in."""
    group_key: str | None = None
    """Column of groups that the user named."""
    block: str = _keys.SPATIAL_BLOCK
    """The block whose factors are the truth."""
    label: str = _keys.DOMAIN
    """The label that is the truth."""
    given: np.ndarray | None = None
    """The estimate, spots in the order of the truth, where it is not what lies at the key."""

    @property
    def values(self) -> Any:
        """The estimate as an array, spots (if it has any) in the order of the truth."""
        if self.given is not None:
            return self.given
        array = array_in(self.where, self.slot, self.key)
        return array if self.slot == "varm" else array[self.order]

    @property
    def names(self) -> Index:
        """Names of the spots."""
        return self.where.obs_names[self.order]

    @cached_property
    def factors(self) -> DataFrame:
        """True factors of the spots."""
        holding, rows = self._held(block_names, self.block)
        return get.factors(holding, block=self.block).iloc[rows]

    @cached_property
    def true_labels(self) -> np.ndarray:
        """True label of each spot, as text."""
        if is_torn(self.source) and self.label in self.source.obs:  # columns outlive the record when objects are joined
            column = self.source.obs[self.label].iloc[self.rows]
        else:
            holding, rows = self.held_labels
            column = get.domains(holding, label=self.label).iloc[rows]
        n_missing = int(column.isna().sum())
        if n_missing:
            msg = (
                f"label {self.label!r} must say what each spot is, but {n_missing} of {len(column)} have none: score an "
                "object without these"
            )
            raise ValueError(msg)
        return column.to_numpy().astype(str)

    @property
    def held_labels(self) -> tuple[Any, np.ndarray]:
        """What holds the label, and the spots' rows there."""
        return self._held(label_names, self.label)

    @property
    def foreground(self) -> np.ndarray:
        """Which spots are outside the background; no spot where another label than the domains has no background."""
        inside = np.asarray(self.true_labels != _keys.BACKGROUND)
        return inside if self.label == _keys.DOMAIN or not inside.all() else ~inside

    @property
    def coordinates(self) -> np.ndarray:
        """True coordinates of the spots."""
        holding, rows = self._placed
        _validate.known_key("obsm of the truth, for the spots' places", _keys.SPATIAL, holding.obsm)
        return np.asarray(holding.obsm[_keys.SPATIAL])[rows]

    @property
    def places(self) -> np.ndarray | None:
        """True coordinates of the spots; None for observations without places."""
        return self.coordinates if _keys.SPATIAL in self._placed[0].obsm else None

    @property
    def _placed(self) -> tuple[Any, np.ndarray]:
        """What holds the places, and the spots' rows there: a modality where others have other spots."""
        return self._held(lambda part: list(part.obsm), _keys.SPATIAL)

    @cached_property
    def groups(self) -> np.ndarray | None:
        """Group of each spot (slice, sample), as named by the user or recorded with the truth; None without groups."""
        return group_labels(self.group_key, self.names, self.source, (self.where, self.data))

    @cached_property
    def activity(self) -> DataFrame:
        """Which modality has features that load on which factor, modalities × factors."""
        import pandas as pd

        columns = self.factors.columns
        if self.block == _keys.SPATIAL_BLOCK:
            return get.activity(self.source).loc[:, columns]
        holding, _ = self._held(block_names, self.block)
        parts = getattr(holding, "mod", {self.modality: holding})
        loaded = {name: responses_to(part, self.block) or {} for name, part in parts.items()}
        seen = [[bool(np.any(own.get(column, 0))) for column in columns] for own in loaded.values()]
        return pd.DataFrame(seen, loaded, columns)

    @cached_property
    def visible(self) -> np.ndarray:
        """Whether what the method was given loads each factor."""
        seen = self.activity.any() if self.modality is None else self.activity.loc[self.modality]
        return seen.to_numpy(bool)

    @property
    def missing_block(self) -> str:
        """Why there are no true factors; an empty text if there are."""
        return _reason(lambda: self.factors)

    @property
    def missing_label(self) -> str:
        """Why there is no true label; an empty text if there is."""
        return _reason(lambda: self.true_labels)

    @property
    def named_modality(self) -> str:
        """The one modality that the estimate belongs to."""
        if self.modality is None:
            parts = listed(get.activity(self.source).index)
            msg = f"key must lie in one modality, as in 'modality:{self.key}', got {self.key!r}; there are {parts}"
            raise ValueError(msg)
        return self.modality

    @property
    def part(self) -> AnnData:
        """The true modality of the estimate."""
        return self.source[self.named_modality] if hasattr(self.source, "mod") else self.source

    @property
    def holding(self) -> AnnData | MuData:
        """What holds the block."""
        return self._held(block_names, self.block)[0]

    def _held(self, names_in: Callable[[Any], list[str]], name: str) -> tuple[Any, np.ndarray]:
        """What holds a block or label, and the spots' rows there: the truth or, if only modalities do, the estimate's."""
        part = getattr(self.source, "mod", {}).get(self.modality)
        if part is None or name in names_in(self.source) or name not in names_in(part):
            return self.source, self.rows
        return part, truth_rows(self.names, part)


def find(
    data: AnnData | MuData,
    key: str,
    slot: str,
    truth: AnnData | MuData | None,
    *,
    groups: str | None = None,
    block: str = _keys.SPATIAL_BLOCK,
    label: str = _keys.DOMAIN,
) -> Found:
    """Return the estimate ``key`` with its truth, that of ``data`` itself if ``truth`` is None."""
    annotated("data", data) if truth is None else annotated("truth", truth)  # before the key
    where, own_key = holder(data, key, slot)
    return found_in(data, where, own_key, slot, truth, groups=groups, block=block, label=label)


def found_in(
    data: AnnData | MuData,
    where: AnnData | MuData,
    own_key: str,
    slot: str,
    truth: AnnData | MuData | None,
    *,
    groups: str | None = None,
    block: str = _keys.SPATIAL_BLOCK,
    label: str = _keys.DOMAIN,
) -> Found:
    """Return what lies, or would lie, at a key of ``where``, which is ``data`` or a modality of it, with its truth."""
    source = annotated("data", data) if truth is None else annotated("truth", truth)
    check_right_truth(where, data, source)
    parts = getattr(data, "mod", {})
    modality = next((str(name) for name, part in parts.items() if part is where), None)
    rows = np.arange(where.n_obs) if where is source else truth_rows(where.obs_names, source)
    order = np.argsort(rows)
    return Found(
        where=where,
        key=own_key,
        slot=slot,
        source=source,
        order=order,
        rows=rows[order],
        modality=_given(modality, where, source),
        data=data,
        group_key=groups,
        block=_validate.text("block", block),
        label=_validate.text("label", label),
    )


def holder(data: AnnData | MuData, key: str, slot: str) -> tuple[AnnData | MuData, str]:
    """Return the object whose ``slot`` holds ``key``; ``"rna:X_nmf"`` means ``X_nmf`` of the modality ``rna``."""
    where, own_key = addressed(data, key)
    if own_key not in _keys_of(where, slot):
        if where is data:
            _validate.known_key(slot, key, all_keys(data, slot))
        _validate.known_key(f"{slot} of modality {key.partition(':')[0]!r}", own_key, offered(where, slot))
    return where, own_key


def all_keys(data: AnnData | MuData, slot: str) -> list[str]:
    """Return the keys of estimates at the top and in the modalities."""
    parts = getattr(data, "mod", {})
    return offered(data, slot) + [f"{name}:{key}" for name, part in parts.items() for key in offered(part, slot)]


def offered(data: AnnData | MuData, slot: str) -> list[str]:
    """Return the keys that hold an estimate: neither the truth nor mudata's columns of membership."""
    parts = getattr(data, "mod", {})
    keys = [str(key) for key in _keys_of(data, slot)]
    return [key for key in keys if key not in {*truth_keys(data, slot), *parts} and key.partition(":")[0] not in parts]


def _keys_of(data: AnnData | MuData, slot: str) -> list[object]:
    held = getattr(data, slot, None)  # a MuData has no layers
    return [] if held is None else list(held)


def _reason(look: Callable[[], object]) -> str:
    try:
        look()
    except (KeyError, ValueError) as error:
        return str(error.args[0])
    return ""


def _given(modality: str | None, where: AnnData | MuData, source: AnnData | MuData) -> str | None:
    """The modality that an estimate is made from: the truth's only one, the named one, or that of the features."""
    parts = getattr(source, "mod", None)
    if parts is not None and not parts:
        msg = "truth must hold at least one modality, got a MuData with none"
        raise ValueError(msg)
    if parts is None:
        name = source.uns.get(_keys.UNS, {}).get(_keys.MODALITY)  # modalities joined side by side have none
        return None if name is None else str(name)
    if modality in parts:
        return modality
    if not hasattr(where, "mod") and where.n_vars:
        holding = [name for name, part in parts.items() if where.var_names.isin(part.var_names).all()]
        if len(holding) == 1:
            return str(holding[0])
    if modality is not None:
        _validate.known_key("modalities of the truth", modality, parts)
    return None if len(parts) > 1 else str(next(iter(parts)))
