"""Tests of ingestion, on real files, databases and servers."""
