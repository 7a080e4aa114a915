"""dbt on a copy of the warehouse, for questions that must not touch the warehouse itself."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class RebuildError(RuntimeError):
    """dbt could not build in the copy; the message is dbt's."""


def rebuild(project: Path, copy: Path, arguments: Sequence[str], **settings: str) -> None:
    """Run ``dbt build`` with ``arguments`` in the warehouse ``copy``; dbt writes its files next to it.

    Raises ``RebuildError`` if it fails. Tests are skipped, since the copy is not kept.
    """
    places = [f"--project-dir={project}", f"--profiles-dir={project}"]
    places += [f"--target-path={copy.parent / 'target'}", f"--log-path={copy.parent / 'logs'}"]
    built = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--quiet",
            "build",
            *places,
            "--exclude-resource-type",
            "test",
            "unit_test",
            *arguments,
        ],
        env={**os.environ, "WAREHOUSE_PATH": str(copy), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        raise RebuildError(built.stdout.strip())
