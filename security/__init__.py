"""What keeps strangers out: files that only their owner reads, tools that send nothing, a guard before web servers."""
