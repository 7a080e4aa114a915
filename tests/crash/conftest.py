"""The fixtures of the ingestion tests, for loads in this process."""

from tests.ingestion.conftest import empty_warehouse, place

__all__ = ["empty_warehouse", "place"]
