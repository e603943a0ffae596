"""One small sample company, generated and run once; tests that change it take a copy."""

import shutil
from pathlib import Path

import pytest

from tests.support.project import Project, in_place
from tests.support.second_coding import Both, read_both


def published_company(folder: Path, seed: str) -> Project:
    """Generate and publish a sample company of 600 days."""
    project = in_place(folder)
    project.run("generate", str(folder), "--seed", seed, "--contacts", "300", "--days", "600")
    project.run("run")
    return project


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A published sample company; for reading alone."""
    return published_company(tmp_path_factory.mktemp("company"), "11")


@pytest.fixture(scope="session", params=["11", "13", "51"], ids=lambda seed: f"seed {seed}")
def any_company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """The sample company, and two more of other seeds; for reading alone."""
    if request.param == "11":
        return request.getfixturevalue("company")
    return published_company(tmp_path_factory.mktemp("company"), request.param)


@pytest.fixture(scope="session")
def both(any_company: Project) -> Both:
    """Each of these companies a second time, from its landing files alone."""
    return read_both(any_company)


@pytest.fixture
def own_company(company: Project, tmp_path: Path) -> Project:
    """A copy of the published sample company that the test may change."""
    shutil.copytree(company.landing, tmp_path / "landing")
    shutil.copytree(company.home, tmp_path / "home", symlinks=True)
    return Project(root=company.root, home=tmp_path / "home", landing=tmp_path / "landing")
