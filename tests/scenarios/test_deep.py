"""Configurations nested without end, and texts that are no JSON."""

from __future__ import annotations

import json

import pytest

import spsim as sps
from hostile_values import EXTREME, FOREIGN, nested, own_error

DEEP = "[" * 100_000 + "]" * 100_000
OBJECTS = '{"pattern": ' * 20_000 + "1" + "}" * 20_000


def deep_mapping(key: str, depth: int = 20_000) -> dict:
    inner: dict = {}
    for _ in range(depth):
        inner = {key: inner}
    return inner


@pytest.mark.parametrize(
    "text", [DEEP, OBJECTS, "[" * 100_000, '{"a":' * 100_000, "1" * 5000, "", "{", "nul", "\0", "[1,]"]
)
def test_no_text_ends_in_a_foreign_error(tmp_path, text) -> None:
    with pytest.raises(ValueError, match="text is not JSON"):
        sps.Scenario.from_json(text)
    file = tmp_path / "c.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"c\.json' is not JSON"):
        sps.datasets.multiomics(file)


@pytest.mark.parametrize("name", FOREIGN)
def test_json_is_a_text(name) -> None:
    with pytest.raises(TypeError, match="text must be a text, got"):
        sps.Scenario.from_json(FOREIGN[name])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x80", "ä".encode("latin-1")])
def test_a_file_that_is_no_text_is_said_so(tmp_path, content) -> None:
    (tmp_path / "c.json").write_bytes(content)
    with pytest.raises(ValueError, match=r"c\.json' is not JSON"):
        sps.datasets.multiomics(tmp_path / "c.json")


@pytest.mark.parametrize("path", ["a\0b", "/no/such.json", ""])
def test_a_path_that_names_no_file(path) -> None:
    with pytest.raises(FileNotFoundError, match="modalities names no file"):
        sps.datasets.multiomics(path)


@pytest.mark.parametrize("field", ["id", "pattern", "layout", "modalities", "shared_nonspatial", "n_side"])
def test_fields_nested_without_end_are_refused_by_name(field) -> None:
    for value in (deep_mapping("layout"), deep_mapping("pattern"), nested(), [nested()], [deep_mapping("params")]):
        with pytest.raises((TypeError, ValueError), match=rf"{field}|nested without end|modality 0"):
            sps.Scenario(**{"modalities": [{}]} | {field: value})
        text = own_error(lambda value=value: sps.Scenario.from_config({"modalities": [{}]} | {field: value}))
        assert text and len(text) < 1500


@pytest.mark.parametrize("field", sps.Modality.model_fields)
def test_fields_of_a_modality_nested_without_end(field) -> None:
    for value in (deep_mapping("name"), nested(), {"name": "NegativeBinomial", "shape": nested()}):
        assert own_error(lambda value=value: sps.Modality(**{field: value}))


def test_a_configuration_that_holds_itself() -> None:
    config: dict = {"modalities": [{}]}
    config["pattern"] = config
    with pytest.raises((TypeError, ValueError), match="nested without end|pattern"):
        sps.Scenario.from_config(config)
    modalities: list = []
    modalities.append(modalities)
    with pytest.raises(TypeError, match=r"modalities\[0\] must be a Modality"):
        sps.datasets.multiomics(modalities)


@pytest.mark.parametrize("name", [*EXTREME, *FOREIGN])
def test_no_configuration_ends_in_a_foreign_error(name) -> None:
    value = EXTREME.get(name, FOREIGN.get(name))
    for make in (
        lambda: sps.Scenario.from_config(value),
        lambda: sps.Scenario.from_config([value]),
        lambda: sps.datasets.multiomics([value], n_side=4),
        lambda: sps.datasets.multiomics(pattern=value, n_side=4),
        lambda: sps.likelihoods.from_dict(value),
        lambda: sps.likelihoods.from_dict({"name": "NegativeBinomial", "shape": value}),
        lambda: sps.likelihoods.from_dict({"name": value}),
        lambda: sps.datasets.published(value),
        lambda: sps.datasets.citation(value),
        lambda: sps.datasets.published("nsf_quilt", replicate=value),
    ):
        own_error(make)


def test_a_seed_of_400_digits_is_written_and_read() -> None:
    mdata = sps.datasets.quilt(4, n_spatial=3, rng=10**400)
    assert (sps.datasets.replay(mdata)["rna"].X == mdata["rna"].X).all()
    assert json.loads(mdata.uns["spsim"]["params"])["seeds"]["truth"]["entropy"] == str(10**400)
    with pytest.raises(ValueError, match="rng must have at most 4096 bits, got"):
        sps.datasets.quilt(4, n_spatial=3, rng=10**5000)
