"""The dbt project's probabilistic matching, run outside dbt on any profiles: same code, same seeds."""

import csv
import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import pandas as pd
import pyarrow as pa
import yaml

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
SEEDS = PROJECT / "seeds"
MODELS = PROJECT / "models" / "intermediate" / "identity" / "link"
MODEL = "int_identity__probabilistic_pairs"
LEVELS = SEEDS / "identity_match_levels.csv"
PROFILE = pa.schema(
    dict.fromkeys(
        (
            "node",
            "first_name",
            "formal_name",
            "last_name",
            "generation",
            "birth_date",
            "email",
            "phone",
            "street",
            "city",
            "postcode",
        ),
        pa.string(),
    )
)


def seed(name: str) -> list[dict[str, str]]:
    """Return the rows of a seed in their order."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def matching() -> ModuleType:
    """Return the module of the dbt model; its functions take the arguments that dbt passes."""
    spec = importlib.util.spec_from_file_location(MODEL, MODELS / f"{MODEL}.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"there is no dbt model {MODEL} in {MODELS}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def thresholds() -> tuple[float, float]:
    """Return the model's thresholds, for links and for the review, as its YAML sets them."""
    described = yaml.safe_load((MODELS / "_identity_link__models.yml").read_text(encoding="utf-8"))
    config = next(model["config"] for model in described["models"] if model["name"] == MODEL)
    return float(config["link_threshold"]), float(config["review_threshold"])


def limits() -> dict[str, int]:
    """Return how many identifiers of each type one person may have, by the rules' seed."""
    return {
        rule["identifier_type"]: int(rule["max_values_per_person"])
        for rule in seed("identity_rules")
        if rule["max_values_per_person"]
    }


def matched(profiles: pa.Table) -> pd.DataFrame:
    """Return the pairs that the project finds among profiles, whose columns are those of ``PROFILE``."""
    pairs: pd.DataFrame = matching().probable_pairs(
        profiles.select(PROFILE.names).cast(PROFILE).sort_by("node"),
        seed("identity_match_levels"),
        seed("identity_match_blocking"),
        limits(),
        *thresholds(),
    )
    return pairs
