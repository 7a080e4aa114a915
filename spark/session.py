"""One Spark session in this process."""

import os
import sys
from collections.abc import Mapping

from pyspark.sql import SparkSession

from spark.settings import folder_of, settings_of


def open_session(environment: Mapping[str, str] = os.environ) -> SparkSession:
    """Return this process's session, which dbt's session method then finds."""
    folder_of(environment).mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder
    for name, value in settings_of(environment).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
