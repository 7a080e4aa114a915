"""Ingestion: raw data from where it lands into the schema ``raw`` of the warehouse, with dlt."""
