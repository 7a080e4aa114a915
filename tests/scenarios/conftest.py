"""Tells the chosen stories in two worker processes, each of which parses dbt once."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.pipeline_run.run import Place
from tests.scenarios.pipeline_worker import start_worker, tell

WORKERS = 2


@pytest.fixture(scope="session")
def tellings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Path, Future[Place]]]:
    """Start telling every story that this session's tests ask for; the answers come as they are ready."""
    files = [
        Path(str(item.callspec.params["file"]))
        for item in request.session.items
        if isinstance(item, pytest.Function) and "tellings" in item.fixturenames
    ]
    folder = tmp_path_factory.mktemp("stories")
    with ProcessPoolExecutor(
        max_workers=min(WORKERS, len(files)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=start_worker,
        initargs=(tmp_path_factory.mktemp("workers"),),
    ) as workers:
        yield {
            file: workers.submit(tell, file, folder / f"{n:02}-{file.stem}") for n, file in enumerate(files)
        }
        workers.shutdown(cancel_futures=True)
