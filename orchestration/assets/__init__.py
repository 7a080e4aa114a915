"""The assets in the order of a run: raw tables, gates, dbt models, published marts and their readers."""
