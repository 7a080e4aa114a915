"""Writes the results of the documented questions on the demo to the file with which tests compare them."""

import json
import tempfile
from pathlib import Path

from tests.end_to_end import test_marts_questions, test_questions
from tests.end_to_end.conftest import demo_in
from tests.end_to_end.test_marts_questions import figures


def main() -> None:
    """Run the demo in a temporary folder, ask it every question, and write the file of answers."""
    with tempfile.TemporaryDirectory() as folder:
        marts = demo_in(Path(folder)).place.marts
        for asked in (test_marts_questions, test_questions):
            answers = {question: figures(marts, query) for question, query in asked.ASKED.items()}
            written = json.dumps(answers, indent=1, ensure_ascii=False) + "\n"
            asked.ANSWERS.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
