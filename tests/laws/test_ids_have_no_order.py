"""A person's id depends on when they were first seen, so no result may depend on the order of ids."""

import re

from tests.laws.test_dbt_project import model_files

# It assigns the ids: if two ids of one person are equally old, one of them must be retired.
GIVES_IDS = {"int_identity__assignments"}
# In a window, or in the order that a macro is given.
ORDER_BY_ID = re.compile(
    r"\border\s+by\b[^()]*(?:\([^()]*\)[^()]*)*\bcustomer_id\b|\bset (?:forward|backward) = '[^']*\bcustomer_id\b"
)


def test_no_model_orders_by_the_id_of_a_person() -> None:
    texts = {name: file.read_text(encoding="utf-8") for name, file in model_files().items()}
    assert {name for name, text in texts.items() if ORDER_BY_ID.search(text)} == GIVES_IDS
