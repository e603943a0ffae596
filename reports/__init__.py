"""What readers look at, drawn from the published snapshot and nothing else."""
