"""Laws of the dbt project that its files show without building it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.laws.repository import ROOT, lines_matching, tracked

MODELS = ROOT / "dbt_project" / "models"
LAYERS = ("staging", "intermediate", "marts")
# What a layer may read: itself, and those before it. Only staging reads raw tables.
MAY_REFER_TO = {
    "staging": {"staging", "seeds"},
    "intermediate": {"staging", "intermediate", "seeds"},
    "marts": {"staging", "intermediate", "marts", "seeds"},
}
REFERENCE = re.compile(r"""\bref\(\s*['"](\w+)['"]\s*\)""")
LIMITED = re.compile(r"""\b(?:of_dirty_customers|of_new_loads)\(\s*ref\(\s*['"](\w+)['"]\s*\)\s*\)""")
SOURCE = re.compile(r"\bsource\(")


def model_files() -> dict[str, Path]:
    return {file.stem: file for file in tracked(".sql", ".py") if file.is_relative_to(MODELS)}


def layer_of(file: Path) -> str:
    return file.relative_to(MODELS).parts[0]


def documented_models() -> dict[str, dict[str, Any]]:
    """Read every model's entry in the YAML beside the models, by name, with the loader that dbt uses."""
    told = [
        model
        for file in tracked(".yml")
        if file.is_relative_to(MODELS)
        for model in (yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).get("models", [])
    ]
    return {model["name"]: model for model in told}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_refers_only_to_itself_and_those_before_it(layer: str) -> None:
    models = model_files()
    wrong = [
        f"{name} refers to {target} of {layer_of(models[target])}"
        for name, file in models.items()
        if layer_of(file) == layer
        for target in REFERENCE.findall(file.read_text(encoding="utf-8"))
        if target in models and layer_of(models[target]) not in MAY_REFER_TO[layer]
    ]
    assert wrong == []


def test_only_staging_reads_raw_tables() -> None:
    readers = {
        layer_of(file) for file in model_files().values() if SOURCE.search(file.read_text(encoding="utf-8"))
    }
    assert readers == {"staging"}


def test_no_model_asks_which_engine_it_runs_on() -> None:
    assert lines_matching(list(model_files().values()), r"target\.(type|name)") == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_model_says_its_grain_first(layer: str) -> None:
    documented = documented_models()
    without = [
        name
        for name, file in sorted(model_files().items())
        if layer_of(file) == layer
        and not documented.get(name, {}).get("description", "").startswith("One row per ")
    ]
    assert without == []


def test_every_mart_column_is_described_and_typed() -> None:
    models = model_files()
    bare = [
        f"{name}.{column['name']}"
        for name, model in documented_models().items()
        if name in models and layer_of(models[name]) == "marts"
        for column in model.get("columns", [])
        if not str(column.get("description", "")).strip() or not column.get("data_type")
    ]
    assert bare == []


def test_whatever_metrics_are_asked_by_is_labelled_and_described() -> None:
    files = [
        yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for file in tracked(".yml")
        if file.name.endswith("__metrics.yml")
    ]
    parts = [
        part
        for file in files
        for model in file.get("semantic_models", [])
        for part in [*model.get("entities", []), *model.get("dimensions", []), *model.get("measures", [])]
    ] + [metric for file in files for metric in file.get("metrics", [])]
    assert len(parts) > 200
    assert [part["name"] for part in parts if not part.get("label") or not part.get("description")] == []


def test_every_mart_names_its_columns() -> None:
    documented = documented_models()
    bare = [
        name
        for name, file in model_files().items()
        if layer_of(file) == "marts" and not documented.get(name, {}).get("columns")
    ]
    assert bare == []


def test_models_are_named_for_their_layer() -> None:
    prefixes = {
        "staging": ("stg_",),
        "intermediate": ("int_",),
        "marts": ("dim_", "fct_", "mart_", "identity_", "customer_"),
    }
    wrong = [name for name, file in model_files().items() if not name.startswith(prefixes[layer_of(file)])]
    assert wrong == []


def models_with_strategy(strategy: str) -> dict[str, str]:
    """Read the models of an incremental strategy, by name."""
    texts = {name: file.read_text(encoding="utf-8") for name, file in model_files().items()}
    told = re.compile(rf"""incremental_strategy=['"]{strategy}['"]""")
    return {name: text for name, text in texts.items() if told.search(text)}


def test_a_model_by_customer_reads_no_other_of_its_kind_whole() -> None:
    by_customer = models_with_strategy("by_customer")
    whole = [
        f"{name} reads all of {target}"
        for name, text in by_customer.items()
        for target in REFERENCE.findall(LIMITED.sub("", text))
        if target in by_customer
    ]
    assert whole == []


def test_seeds_that_change_often_are_read_by_models_that_are_built_in_full() -> None:
    """A change of such a seed makes no full refresh, so no model that keeps rows may depend on it at once."""
    seeds = [
        seed["name"]
        for file in tracked(".yml")
        if file.is_relative_to(MODELS.parent / "seeds")
        for seed in yaml.safe_load(file.read_text(encoding="utf-8")).get("seeds", [])
        if seed.get("config", {}).get("meta", {}).get("changes_often")
    ]
    strategies = ("by_customer", "by_load", "by_value")
    keeping = {name: text for each in strategies for name, text in models_with_strategy(each).items()}
    readers = [name for name, text in keeping.items() if set(REFERENCE.findall(text)) & set(seeds)]
    assert seeds
    assert readers == []


def test_yaml_is_named_by_its_subject_and_by_what_it_describes() -> None:
    """``_<subject>__<kind>.yml``: the kind is the file's one kind of entries."""
    kinds = {"models", "unit_tests", "metrics", "sources", "seeds", "data_tests"}
    files = [file for file in tracked(".yml") if file.is_relative_to(MODELS.parent) and file.name[0] == "_"]
    wrong = [
        str(file.relative_to(MODELS.parent))
        for file in files
        if file.name not in {"_macros.yml", "_exposures.yml"}
        and kinds_of_entries(file) != {kind_in_name(file)} & kinds
    ]
    assert len(files) > 100
    assert wrong == []


def kind_in_name(file: Path) -> str:
    named = re.fullmatch(r"_(?!(?:stg|int|fct|dim|mart)_)[a-z_]+?__([a-z_]+)", file.stem)
    return named[1] if named else "none"


def kinds_of_entries(file: Path) -> set[str]:
    keys = set(yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)) - {"version"}
    return {"metrics" if key == "semantic_models" else key for key in keys}
