"""The places of the ingestion tests, for cases that are made up."""

from tests.ingestion.conftest import empty_warehouse, place

__all__ = ["empty_warehouse", "place"]
