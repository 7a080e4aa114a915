"""Slices: a run builds only the customers whose rows new records can change, and merges these rows into the marts.

A *slice* is a small database with the raw rows of those customers. All models of the dbt project are built on it, as
plain tables, and their rows replace the rows of these customers in the warehouse.
"""
