"""What the benchmarks hold the warehouse against is itself right."""
