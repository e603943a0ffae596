"""When things run and what depends on what, and nothing else."""
