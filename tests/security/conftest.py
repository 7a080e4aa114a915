"""The places of the orchestration tests, for whole refreshes."""

from tests.orchestration.conftest import parsed_project, place

__all__ = ["parsed_project", "place"]
