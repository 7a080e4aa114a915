"""Laws of the asset graph, on the real project."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from expectations import suites_of
from ingestion.sources import SOURCES
from orchestration.assets.changes import PUBLISHED_KEY
from orchestration.assets.ingest import RAW_TABLES
from orchestration.assets.publish import REACHES, WITH_CONSENT
from orchestration.definitions import definitions
from orchestration.settings import WRITER_POOL, Settings, read_settings
from publishing.lineage import declared_lineage, sources_before
from tests.orchestration.conftest import ROOT

# A layer may build on itself and on those before it.
ORDER = ("raw", "seeds", "staging", "intermediate", "marts", "published", "audiences", "exposures")
OPENS_NO_WAREHOUSE = {"published__marts_sources_complete"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("data")
    return read_settings(
        {
            "WAREHOUSE_PATH": str(data / "warehouse.duckdb"),
            "MARTS_PATH": str(data / "marts.duckdb"),
            "DBT_PROJECT_DIR": str(ROOT / "dbt_project"),
            "AUDIENCES_DIR": str(ROOT / "audiences"),
        }
    )


@pytest.fixture(scope="module")
def defs(settings: Settings) -> dg.Definitions:
    return definitions(settings)


@pytest.fixture(scope="module")
def specs(defs: dg.Definitions) -> dict[dg.AssetKey, dg.AssetSpec]:
    """Every asset that something here makes."""
    return {spec.key: spec for spec in defs.resolve_all_asset_specs()}


@pytest.fixture(scope="module")
def manifest(defs: dg.Definitions, settings: Settings) -> Mapping[str, Any]:
    """The manifest of dbt, which loading the definitions has brought up to date."""
    content: Mapping[str, Any] = json.loads((settings.dbt_project / "target" / "manifest.json").read_text())
    return content


def _marts(specs: dict[dg.AssetKey, dg.AssetSpec]) -> list[dg.AssetSpec]:
    return [spec for key, spec in specs.items() if key.path[0] == "marts"]


def test_layers_point_one_way(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    backwards = [
        f"{spec.key.to_user_string()} <- {dep.asset_key.to_user_string()}"
        for spec in specs.values()
        for dep in spec.deps
        if ORDER.index(dep.asset_key.path[0]) > ORDER.index(spec.key.path[0])
    ]
    assert not backwards


def test_nothing_depends_on_what_nobody_makes(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    unmade = {dep.asset_key for spec in specs.values() for dep in spec.deps} - set(specs)
    assert not unmade


def test_every_key_is_a_layer_and_a_name_and_the_group_is_the_layer(
    specs: dict[dg.AssetKey, dg.AssetSpec], settings: Settings
) -> None:
    marts = settings.dbt_project / "models" / "marts"
    domains = {file.stem: file.parent.name for file in marts.rglob("*.sql")}
    for key, spec in specs.items():
        assert len(key.path) == 2, key
        assert key.path[0] in ORDER, key
        layer, name = key.path
        assert spec.group_name == (f"marts_{domains[name]}" if layer == "marts" else layer), key


def test_every_asset_is_described_and_owned(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    silent = [key.to_user_string() for key, spec in specs.items() if not spec.description]
    ownerless = [key.to_user_string() for key, spec in specs.items() if not spec.owners]
    kindless = [key.to_user_string() for key, spec in specs.items() if not spec.kinds]
    assert (silent, ownerless, kindless) == ([], [], [])


def test_every_exposure_is_at_the_end_of_the_graph_and_nothing_runs_it(
    defs: dg.Definitions, specs: dict[dg.AssetKey, dg.AssetSpec], manifest: Mapping[str, Any]
) -> None:
    shown = {key.path[1]: specs[key] for key in specs if key.path[0] == "exposures"}
    assert set(shown) == {each["name"] for each in manifest["exposures"].values()}
    for each in manifest["exposures"].values():
        marts = {dg.AssetKey(["marts", node.split(".")[-1]]) for node in each["depends_on"]["nodes"]}
        assert {dep.asset_key for dep in shown[each["name"]].deps} == marts | {PUBLISHED_KEY}
    assert not {spec.key for spec in shown.values()} & defs.resolve_asset_graph().materializable_asset_keys


def test_the_declared_lineage_of_a_mart_is_in_the_graph(manifest: Mapping[str, Any]) -> None:
    declared = declared_lineage()
    nodes = manifest["nodes"]
    made_up = {
        f"{node['alias']}: {source}"
        for unique_id, node in nodes.items()
        for source in set(declared["marts"].get(node["alias"], ())) - sources_before(unique_id, nodes)
        if node["resource_type"] == "model"
    }
    assert made_up == set()


def test_whatever_opens_the_warehouse_is_in_the_writer_pool(defs: dg.Definitions) -> None:
    ops = defs.resolve_job_def("refresh").graph.node_defs
    outside = {op.name for op in ops if isinstance(op, dg.OpDefinition) and op.pool != WRITER_POOL}
    assert outside == OPENS_NO_WAREHOUSE
    assert {f"ingest_{source}" for source in SOURCES} <= {op.name for op in ops}


def test_the_pool_has_a_limit_of_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Where the instance would leave its files.
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.from_config(str(ROOT / "orchestration" / "instance")) as instance:
        config = instance.get_concurrency_config().pool_config
    assert config.default_pool_limit == 1
    assert config.pool_granularity is not None
    assert config.pool_granularity.value == "op"


def test_dbt_sources_are_the_assets_that_ingestion_makes(
    specs: dict[dg.AssetKey, dg.AssetSpec], manifest: Mapping[str, Any]
) -> None:
    sources = {dg.AssetKey([node["schema"], node["name"]]) for node in manifest["sources"].values()}
    assert sources
    assert sources <= {key for key in specs if key.path[0] == "raw"}


def test_dbt_waits_for_every_source_table_and_for_the_ledger(
    specs: dict[dg.AssetKey, dg.AssetSpec],
) -> None:
    """Only what dbt depends on can hold it back, and a bad file is found by the ledger's check."""
    waited_for = {dep.asset_key for spec in specs.values() if spec.key.path[0] != "raw" for dep in spec.deps}
    tables = {*(table for tables in RAW_TABLES.values() for table in tables), "load_ledger"}
    assert {dg.AssetKey(["raw", table]) for table in tables} <= waited_for


def test_every_raw_table_and_every_mart_has_a_blocking_check(
    defs: dg.Definitions, specs: dict[dg.AssetKey, dg.AssetSpec]
) -> None:
    graph = defs.resolve_asset_graph()
    guarded = {
        key.asset_key
        for key in graph.asset_check_keys
        if key.name == "expectations" and graph.get(key).blocking
    }
    assert {key for key in specs if key.path[0] in ("raw", "marts")} == guarded


@pytest.mark.parametrize(
    ("table", "check", "sentence"),
    [
        ("seeds/timezones", "unique_timezones_timezone", "No two rows of timezones have the same timezone."),
        (
            "marts/fct_journeys",
            "not_null_fct_journeys_conversion_id",
            "No row of fct_journeys lacks conversion_id (where status = 'converted').",
        ),
        (
            "marts/identity_map",
            "relationships_identity_map_customer_id__customer_id__ref_dim_customers_",
            "Where customer_id of identity_map is given, dim_customers has it as customer_id.",
        ),
        (
            "marts/fct_carts",
            "accepted_values_fct_carts_status__bought__open__abandoned",
            "Where status of fct_carts is given, it is one of bought, open or abandoned.",
        ),
    ],
)
def test_a_test_of_dbt_is_a_check_that_says_what_is_expected(
    defs: dg.Definitions, table: str, check: str, sentence: str
) -> None:
    key = dg.AssetCheckKey(dg.AssetKey(table.split("/")), check)
    assert defs.resolve_asset_graph().get(key).description == sentence


def test_every_check_is_described(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    described = {key: graph.get(key).description for key in graph.asset_check_keys}
    assert len(described) > 300
    assert [key.name for key, text in described.items() if not text or "{" in text] == []


def test_no_suite_is_without_its_table(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    for layer in ("raw", "marts"):
        tables = {key.path[1] for key in specs if key.path[0] == layer}
        assert {suite.table for suite in suites_of(layer)} == tables


def test_every_mart_has_a_contract(manifest: Mapping[str, Any]) -> None:
    marts = [
        n for n in manifest["nodes"].values() if n["resource_type"] == "model" and n["schema"] == "marts"
    ]
    assert marts
    assert [node["name"] for node in marts if not node["config"]["contract"]["enforced"]] == []


def test_every_mart_has_a_freshness_policy(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    assert [spec.key for spec in _marts(specs) if spec.freshness_policy is None] == []
    assert specs[PUBLISHED_KEY].freshness_policy is not None


def test_publishing_waits_for_every_mart(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    assert {dep.asset_key for dep in specs[PUBLISHED_KEY].deps} == {spec.key for spec in _marts(specs)}


def test_an_audience_is_sent_after_publishing_and_checked(
    defs: dg.Definitions, specs: dict[dg.AssetKey, dg.AssetSpec]
) -> None:
    audiences = {key: spec for key, spec in specs.items() if key.path[0] == "audiences"}
    assert {key.path[1] for key in audiences} == {file.stem for file in (ROOT / "audiences").glob("*.yml")}
    for key, spec in audiences.items():
        assert {dep.asset_key for dep in spec.deps} == {PUBLISHED_KEY}
        checks = {
            check.name for check in defs.resolve_asset_graph().asset_check_keys if check.asset_key == key
        }
        assert checks == {WITH_CONSENT, REACHES}


def test_refresh_is_everything(defs: dg.Definitions, specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    layer = defs.resolve_job_def("refresh").asset_layer
    assert set(layer.executable_asset_keys) == {key for key in specs if key.path[0] != "exposures"}


def test_only_orchestration_imports_dagster() -> None:
    packages = ("ingestion", "simulator", "expectations", "publishing", "benchmarks")
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    assert files
    assert [str(file) for file in files if _imports_dagster(file)] == []


def _imports_dagster(file: Path) -> bool:
    lines = file.read_text(encoding="utf-8").splitlines()
    return any(line.strip().startswith(("import dagster", "from dagster")) for line in lines)
