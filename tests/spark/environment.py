"""Where Spark is: `make spark-setup` installs it in an environment of its own, else tests skip."""

import shutil

import pytest

from tests.laws.repository import ROOT

PYTHON = ROOT / ".venv-spark" / "bin" / "python"
needs_spark = pytest.mark.skipif(
    not (PYTHON.exists() and shutil.which("java")),
    reason="Spark is not installed: `make spark-setup` installs it; it also needs Java 17 or 21",
)
# Rows are few here: to compile a query takes longer than to run it.
FEW_ROWS = {
    "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "SPARK_CONF": "spark.sql.codegen.wholeStage=false;spark.sql.codegen.factoryMode=NO_CODEGEN"
    ";spark.sql.adaptive.enabled=false",
    "SPARK_PARTITIONS": "2",
}
