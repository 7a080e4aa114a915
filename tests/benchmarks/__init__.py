"""The oracles of the benchmarks are right."""
