"""Laws of the models that keep the rows of loads that they have."""

import re

from tests.laws.test_dbt_project import MODELS, model_files

REMEMBERED = (MODELS / "intermediate" / "records" / "int_records__loads.sql").read_text(encoding="utf-8")


def test_which_loads_are_there_is_written_after_every_model_that_reads_only_new_ones() -> None:
    texts = {name: file.read_text(encoding="utf-8") for name, file in model_files().items()}
    readers = {
        name
        for name, text in texts.items()
        if re.search(r"\b(of_new_loads|new_values|segment_events)\(|incremental_strategy='by_load'", text)
    }
    assert readers == set(re.findall(r"'((?:stg|int)_\w+)',\n", REMEMBERED))
