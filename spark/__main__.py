"""`python -m spark build --select ...`: a command of dbt on the target `spark`, in one session of this process."""

import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

from spark.adapter import install
from spark.session import folder_of, open_session


def run_dbt(arguments: list[str], project: Path = Path("dbt_project")) -> bool:
    """Run dbt with these arguments; returns whether everything that it did succeeded."""
    install()
    session = open_session()
    try:
        result = dbtRunner().invoke(
            [
                *arguments,
                "--target=spark",
                f"--project-dir={project.absolute()}",
                f"--profiles-dir={project.absolute()}",
                f"--target-path={folder_of() / 'target'}",
                f"--log-path={folder_of() / 'logs'}",
            ]
        )
    finally:
        session.stop()
    if result.exception is not None:
        print(result.exception, file=sys.stderr)
    return result.success


if __name__ == "__main__":
    sys.exit(0 if run_dbt(sys.argv[1:]) else 1)
