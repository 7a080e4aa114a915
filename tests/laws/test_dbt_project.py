"""Laws of the dbt project that its files show without building it."""

import csv
import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.laws.repository import ROOT, lines_matching, tracked

MODELS = ROOT / "dbt_project" / "models"
LAYERS = ("staging", "intermediate", "marts")
# A layer may read itself and earlier layers. Only staging reads raw tables.
MAY_REFER_TO = {
    "staging": {"staging", "seeds"},
    "intermediate": {"staging", "intermediate", "seeds"},
    "marts": {"staging", "intermediate", "marts", "seeds"},
}
# From records to people, and from people to the records that are theirs.
IDENTITY_STEPS = ("observe", "link", "cluster", "name", "assign")
REFERENCE = re.compile(r"""\bref\(\s*['"](\w+)['"]\s*\)""")
SOURCE = re.compile(r"\bsource\(")
# What the description of a seed's column says if no code reads it.
NOTE = "A note for readers of the seed."


def model_files() -> dict[str, Path]:
    return {file.stem: file for file in tracked(".sql", ".py") if file.is_relative_to(MODELS)}


def layer_of(file: Path) -> str:
    return file.relative_to(MODELS).parts[0]


def documented_models() -> dict[str, dict[str, Any]]:
    """Read every model's entry in the YAML next to the models, by name, with the loader that dbt uses."""
    described = [
        model
        for file in tracked(".yml")
        if file.is_relative_to(MODELS)
        for model in (yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).get("models", [])
    ]
    return {model["name"]: model for model in described}


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


def test_no_two_domains_depend_on_each_other() -> None:
    """A domain is a folder of a layer. Domains have an order, so each can be read and built after those before it."""
    before = domains_before()
    sorter = TopologicalSorter(before)
    assert len(before) > 25
    assert [
        f"{domain} and {other}"
        for domain, others in before.items()
        for other in others
        if domain in before[other] and domain < other
    ] == []
    sorter.prepare()


def domains_before() -> dict[str, set[str]]:
    models = model_files()
    domains = {name: "/".join(file.relative_to(MODELS).parts[:2]) for name, file in models.items()}
    found: dict[str, set[str]] = {domain: set() for domain in domains.values()}
    for name, file in models.items():
        read = REFERENCE.findall(file.read_text(encoding="utf-8"))
        found[domains[name]] |= {domains[each] for each in read if each in domains} - {domains[name]}
    return found


def test_identity_is_read_in_the_order_of_its_folders() -> None:
    identity = MODELS / "intermediate" / "identity"
    steps = {name: file.parent.name for name, file in model_files().items() if file.is_relative_to(identity)}
    wrong = [
        f"{name} ({steps[name]}) reads {read} ({steps[read]})"
        for name, file in model_files().items()
        if name in steps
        for read in REFERENCE.findall(file.read_text(encoding="utf-8"))
        if read in steps and IDENTITY_STEPS.index(steps[read]) > IDENTITY_STEPS.index(steps[name])
    ]
    assert set(steps.values()) == set(IDENTITY_STEPS)
    assert wrong == []


def test_every_column_of_a_seed_is_read_or_described_as_a_note() -> None:
    code = {
        file: set(re.findall(r"\w+", file.read_text(encoding="utf-8")))
        for file in tracked(".sql", ".py")
        if not file.is_relative_to(ROOT / "tests")
    }
    seeds = {
        file.stem: file for file in tracked(".csv") if file.is_relative_to(ROOT / "dbt_project" / "seeds")
    }
    notes = {name for name, text in documented_columns_of_seeds().items() if text.endswith(NOTE)}
    unread = {
        f"{seed}.{column}"
        for seed, file in seeds.items()
        for column in next(csv.reader(file.open(encoding="utf-8")))
        if not any(column in names for names in readers(seed, code))
    }
    assert len(seeds) > 40
    assert unread - notes == set()


def readers(seed: str, code: dict[Path, set[str]]) -> list[set[str]]:
    """Return the words of each file that names the seed, and of each macro, since models pass seeds to macros."""
    macros = ROOT / "dbt_project" / "macros"
    return [names for file, names in code.items() if seed in names or file.is_relative_to(macros)]


def documented_columns_of_seeds() -> dict[str, str]:
    return {
        f"{seed['name']}.{column['name']}": column["description"]
        for file in tracked(".yml")
        if file.name.endswith("__seeds.yml")
        for seed in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["seeds"]
        for column in seed["columns"]
    }
