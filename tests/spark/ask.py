"""Run by Spark's own Python: a pickled list of queries comes in, the first value of each goes out."""

import pickle
import sys
from typing import Any

from pyspark.sql import Row

from spark.session import open_session


def plain(value: Any) -> Any:
    """Return structs as dictionaries, other values unchanged."""
    return {name: plain(each) for name, each in value.asDict().items()} if isinstance(value, Row) else value


if __name__ == "__main__":
    queries = pickle.load(sys.stdin.buffer)
    session = open_session()
    answers = [plain(session.sql(query).collect()[0][0]) for query in queries]
    with open(sys.argv[1], "wb") as file:  # noqa: PTH123 -- Spark's processes write to the standard output
        pickle.dump(answers, file)
    session.stop()
