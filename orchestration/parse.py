"""Parse the dbt project if it has changed; run as ``python -m orchestration.parse``."""

import sys

from orchestration.dbt_runner import DbtProject
from orchestration.errors import PipelineError
from orchestration.resources import Settings


def main() -> int:
    """Say how many models there are, or what cannot be parsed."""
    settings = Settings()
    try:
        manifest = DbtProject(settings.warehouse, settings.dbt_variables).manifest()
    except PipelineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    sys.stdout.write(f"dbt: {len(models)} models parsed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
