"""Speed and memory, as ratios to an anchor measured on the same machine."""
