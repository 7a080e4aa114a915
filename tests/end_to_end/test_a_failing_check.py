"""A delivery that loads, but after which the marts contradict themselves: nothing is published."""

import pytest

from tests.end_to_end.workplace import REFRESH, Workplace, deliver_spend, state_after, support_desk

IMPOSSIBLE_SPEND = "2026-10-01,paid,impossible,USD,-1000000,1,1\n"


@pytest.mark.slow  # tests/orchestration/test_gates.py shows the same on a small project in every run
def test_a_failing_mart_check_leaves_what_is_published_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = Workplace.made_in(tmp_path_factory.mktemp("failing_check"))
    demo = place.run("-m", "orchestration.demo", "--people", "30")
    assert demo.status == 0, demo.output
    before = state_after(place, demo)
    deliver_spend(place, "impossible.csv", IMPOSSIBLE_SPEND)
    with support_desk(place) as settings:
        after = state_after(place, place.run(*REFRESH, **settings))
    assert after.run.status != 0
    assert "mart_channel_performance" in after.run.output
    assert "Nothing was published; the marts are as they were." in after.run.output
    assert after.totals.loaded == before.totals.loaded + 1
    assert after.marts == before.marts
