"""The same project on Apache Spark."""
