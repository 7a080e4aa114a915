"""`python -m spark build --select ...`: a command of dbt on the target `spark`, in one session of this process."""

import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

from spark.adapter import install
from spark.session import open_session
from spark.settings import folder_of


def run_dbt(arguments: list[str]) -> bool:
    """Run dbt with these arguments on target `spark`; returns whether everything that it did succeeded."""
    install()
    session = open_session()
    try:
        result = dbtRunner().invoke([*arguments, "--target=spark"])
    finally:
        session.stop()
    if result.exception is not None:
        print(result.exception, file=sys.stderr)
    return result.success


def by_hand(arguments: list[str], project: Path = Path("dbt_project")) -> bool:
    """Run dbt on the project of this folder; what dbt writes goes to SPARK_FOLDER."""
    return run_dbt(
        [
            *arguments,
            f"--project-dir={project.absolute()}",
            f"--profiles-dir={project.absolute()}",
            f"--target-path={folder_of() / 'target'}",
            f"--log-path={folder_of() / 'logs'}",
        ]
    )


if __name__ == "__main__":
    sys.exit(0 if by_hand(sys.argv[1:]) else 1)
