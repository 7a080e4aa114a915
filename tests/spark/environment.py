"""Where Spark is: `make spark-setup` installs it in an environment of its own, else tests skip."""

import shutil

import pytest

from tests.laws.repository import ROOT

PYTHON = ROOT / ".venv-spark" / "bin" / "python"
needs_spark = pytest.mark.skipif(
    not (PYTHON.exists() and shutil.which("java")),
    reason="Spark is not installed: `make spark-setup` installs it, beside a Java 17 or 21",
)
