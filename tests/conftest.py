"""How tests share the machine: those of one file stay in one process, so that what they share is made once."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

STORIES = "tests/scenarios/test_stories.py"
# They look at one demo, and `test_demo.py` changes it.
DEMO = {
    f"tests/end_to_end/{name}.py"
    for name in ("test_demo", "test_documented_queries", "test_marts_questions", "test_process_mining")
}


class ByWhatTheyShare(LoadScopeScheduling):
    """One process for a file, one for all files on the demo, any for each story."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file == STORIES:
            return nodeid
        return "the demo" if file in DEMO else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Give the tests to processes by what they share."""
    return ByWhatTheyShare(config, log)
