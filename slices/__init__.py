"""The small world: a run builds only the customers that new records can change, and merges them into the marts.

A *slice* is a small database with the raw rows of those customers. The models of the dbt project build it whole, as
plain tables, and their rows take the place of these customers' rows in the warehouse.
"""
