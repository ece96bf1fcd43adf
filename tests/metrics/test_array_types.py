"""Arrays of every type: read as the numbers they hold, or refused in the package's own words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from hostile_values import own_error
from spsim import metrics

random = np.random.default_rng(0)
NUMBERS = random.integers(0, 50, (36, 3)).astype(float)
TRUTH = random.random((36, 3))
FRAME = pd.DataFrame(NUMBERS)
LABELS = random.integers(0, 3, 36)
GRID = np.indices((6, 6)).reshape(2, -1).T


class Lazy:
    """What dask, zarr and the like offer NumPy."""

    def __init__(self, values) -> None:
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)


class Elsewhere:
    """An array in a memory that NumPy cannot reach, as CuPy's and torch's."""

    def __array__(self, dtype=None, copy=None):
        msg = "Can't call numpy() on Tensor that requires grad"
        raise RuntimeError(msg)


SAME = {
    "Int64": FRAME.astype("Int64"),
    "Float64": FRAME.astype("Float64"),
    "objects": FRAME.astype(object),
    "array of objects": NUMBERS.astype(object),
    "columns of several types": FRAME.astype({0: "Int64", 1: "float32", 2: object}),
    "sparse columns": FRAME.astype(pd.SparseDtype("float", 0.0)),
    "nothing masked": np.ma.masked_array(NUMBERS),
    "lazy": Lazy(NUMBERS),
    "lists": NUMBERS.tolist(),
    "big-endian": NUMBERS.astype(">f8"),
    "categories": FRAME.astype({0: pd.CategoricalDtype(np.arange(60.0))}),
}
REFUSED = {
    "Int64 with NA": (FRAME.astype("Int64").where(FRAME > 5), ValueError, "must be finite, got"),
    "Float64 with NA": (FRAME.astype("Float64").where(FRAME > 5), ValueError, "must be finite, got"),
    "None among objects": (FRAME.astype(object).where(FRAME > 5, None), ValueError, "must be finite, got"),
    "masked": (np.ma.masked_array(NUMBERS, NUMBERS < 5), ValueError, "must not be missing, got .* of 108"),
    "texts": (FRAME.astype("string"), TypeError, "must hold real numbers, got dtype object"),
    "complex": (NUMBERS + 1j, TypeError, "must hold real numbers, got dtype complex128"),
    "complex objects": ((NUMBERS + 1j).astype(object), TypeError, "must hold real numbers, got dtype object"),
    "sparse": (
        sparse.csr_matrix(NUMBERS),
        TypeError,
        r"must be a dense array, got a sparse csr_matrix; call its \.toa",
    ),
    "sparse array": (sparse.coo_array(NUMBERS), TypeError, r"must be a dense array, got a sparse coo_array; call its"),
    "elsewhere": (Elsewhere(), ValueError, "must be an array that NumPy can read"),
    "too large": (np.full((36, 3), 10**400, object), ValueError, "must be at most 1e.150 in size"),
    "dates": (np.full((36, 3), "2020-01-01", "M8[D]"), TypeError, "must hold real numbers, got dtype datetime64"),
}
OF_AN_EMBEDDING = {
    "estimate": (lambda values: metrics.factor_recovery(values, TRUTH).correlation),
    "embedding": (lambda values: metrics.neighborhood_jaccard(values, TRUTH, n_neighbors=5)),
    "reference": (lambda values: metrics.neighborhood_jaccard(TRUTH, values, n_neighbors=5)),
    "mean": (lambda values: metrics.reconstruction(TRUTH, values).overall["rmse"]),
    "values": (lambda values: list(metrics.permutation_null(values, n_draws=2))),
    "spatial_factors": (lambda values: metrics.spatial_importance(values, TRUTH, TRUTH, TRUTH)),
}


@pytest.mark.parametrize("parameter", OF_AN_EMBEDDING)
@pytest.mark.parametrize("kind", SAME)
def test_numbers_are_numbers_whatever_holds_them(kind, parameter) -> None:
    score = OF_AN_EMBEDDING[parameter]
    np.testing.assert_allclose(score(SAME[kind]), score(NUMBERS), rtol=1e-12)


@pytest.mark.parametrize("parameter", OF_AN_EMBEDDING)
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_number_is_refused_by_name(kind, parameter) -> None:
    values, error, message = REFUSED[kind]
    with pytest.raises(error, match=f"^{parameter} {message}"):
        OF_AN_EMBEDDING[parameter](values)


SERIES = pd.Series(LABELS)
SAME_LABELS = {
    "Int64": SERIES.astype("Int64"),
    "string": SERIES.astype(str).astype("string"),
    "texts": SERIES.astype(str),
    "list": LABELS.tolist(),
    "unused categories": pd.Categorical(LABELS, categories=range(9)),
    "unused categories of a column": pd.Series(pd.Categorical(LABELS.astype(str), categories=list("97120"))),
    "dates": pd.Series(pd.to_datetime(LABELS + 2000, format="%Y")),
    "numbers and texts": pd.Series(LABELS, dtype=object).replace({0: "background"}),
    "list of numbers and texts": [label or "background" for label in LABELS.tolist()],
}
OF_LABELS = {
    "labels": lambda labels: metrics.domain_agreement(labels, LABELS[::-1].copy()),
    "truth": lambda labels: metrics.neighborhood_purity(TRUTH, labels, n_neighbors=5),
    "groups": lambda labels: metrics.chaos(LABELS, GRID, groups=labels),
}


@pytest.mark.parametrize("parameter", OF_LABELS)
@pytest.mark.parametrize("kind", SAME_LABELS)
def test_labels_are_labels_whatever_holds_them(kind, parameter) -> None:
    score = OF_LABELS[parameter]
    assert score(SAME_LABELS[kind]) == pytest.approx(score(LABELS))


@pytest.mark.parametrize("parameter", OF_LABELS)
@pytest.mark.parametrize(
    "labels",
    [
        SERIES.astype("Int64").where(SERIES > 0),
        (SERIES > 1).astype("boolean").where(SERIES > 0),
        SERIES.astype(str).astype("string").where(SERIES > 0),
        pd.Categorical.from_codes(np.where(LABELS > 0, LABELS, -1), categories=list("abc")),
        np.ma.masked_array(LABELS, LABELS == 0),
    ],
    ids=["Int64", "boolean", "string", "categorical", "masked"],
)
def test_missing_labels_are_refused_and_counted(labels, parameter) -> None:
    text = own_error(lambda: OF_LABELS[parameter](labels))
    assert text is not None and f"must not be missing, got {(LABELS == 0).sum()} missing of 36" in text


@pytest.mark.parametrize("parameter", OF_LABELS)
@pytest.mark.parametrize(
    "pair", [(1, "1"), ("1", 1), (1.0, "1.0"), (True, "True"), (pd.Timestamp("2020"), str(pd.Timestamp("2020")))]
)
def test_labels_that_read_alike_are_refused(pair, parameter) -> None:
    """A table or file cannot tell them apart, and a list of them would silently be made texts."""
    for labels in (list(pair) * 18, pd.Series(list(pair) * 18, dtype=object), pd.Categorical(list(pair) * 18)):
        text = own_error(lambda labels=labels: OF_LABELS[parameter](labels))
        assert text is not None and "must be told apart as text, got both" in text


TRUE = pd.Series(LABELS > 0)
OF_A_MASK = {
    "foreground": lambda mask: metrics.domain_agreement(LABELS, LABELS, foreground=mask)["n"],
    "is_spatial": lambda mask: metrics.svg_detection(TRUTH[:, 0], mask)["auroc"],
    "dropout": lambda mask: metrics.dropout_detection(TRUTH[:, 0], mask)["auroc"],
    "visible": lambda mask: metrics.factor_ceiling(mask).tolist(),
}


@pytest.mark.parametrize("parameter", OF_A_MASK)
def test_masks_are_masks_whatever_holds_them(parameter) -> None:
    score = OF_A_MASK[parameter]
    for mask in (TRUE, TRUE.astype("boolean"), TRUE.astype(object), TRUE.astype(pd.SparseDtype(bool)), TRUE.tolist()):
        assert score(mask) == score(TRUE.to_numpy())
    for mask in (TRUE.astype("boolean").where(SERIES < 2), np.ma.masked_array(TRUE, SERIES == 2)):
        with pytest.raises(
            ValueError, match=f"{parameter} must not be missing, got {(LABELS == 2).sum()} missing of 36"
        ):
            score(mask)
    for mask in (TRUE.astype(int), TRUE.astype(str), TRUE.astype(complex)):
        with pytest.raises(TypeError, match=f"{parameter} must be a .*boolean"):
            score(mask)


def test_a_match_may_be_nullable() -> None:
    match = pd.array([0, 1, 2], dtype="Int64")
    assert metrics.loading_recovery(NUMBERS, NUMBERS, match=match).n == 36
    text = own_error(lambda: metrics.loading_recovery(NUMBERS, NUMBERS, match=pd.array([0, 1, None], dtype="Int64")))
    assert text is not None and "match must" in text


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (lambda: 1.0, r"\(\)"),
        (lambda estimate, truth: 1.0, r"\(estimate, truth\)"),
        (lambda *, estimate: 1.0, r"\(\*, estimate\)"),
        (metrics.variance_recovered, r"\(estimate: .*, truth: .*\)"),
    ],
)
def test_a_score_that_takes_no_single_array_is_named(score, shown) -> None:
    with pytest.raises(
        TypeError, match=rf"score must be a function of one array, the estimate, got one that takes {shown}"
    ):
        metrics.chance_level(score, [TRUTH])


def test_scores_that_take_one_array() -> None:
    def with_default(estimate, scale=2.0):
        return estimate.mean() * scale

    for score in (np.mean, with_default, lambda *arrays: arrays[0].mean(), np.max, max):
        nulls = [TRUTH.ravel()] * 2
        assert metrics.chance_level(score, nulls).draws.tolist() == [score(TRUTH.ravel())] * 2


def test_an_error_of_the_score_itself_is_left_as_it_is() -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        metrics.chance_level(lambda estimate: estimate + object(), [TRUTH])


def test_what_a_score_returns_is_numbers_of_one_shape() -> None:
    with pytest.raises(TypeError, match="what score returns must hold real numbers, got dtype object"):
        metrics.chance_level(lambda estimate: None, [TRUTH])
    with pytest.raises(TypeError, match="what score returns must hold real numbers, got dtype <U1"):
        metrics.chance_level(lambda estimate: "a", [TRUTH])
    with pytest.raises(ValueError, match=r"arrays of one shape, for every draw, got shapes \(36,\), \(35,\)"):
        metrics.chance_level(lambda estimate: estimate[:, 0], [TRUTH, TRUTH[1:]])
