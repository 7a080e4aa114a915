"""Tests of the dbt project that need no dbt run."""
