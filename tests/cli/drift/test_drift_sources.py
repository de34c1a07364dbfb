"""The project and the credentials with which each resource of several stacks is compared."""

from typing import Any

from pulumi_spectrum.cli.drift_sources import Source, group_by_project
from pulumi_spectrum.cli.known_projects import know_projects
from pulumi_spectrum.cli.state_file import find_spectrum_resources
from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.kinds import load_kinds

PROD, STAGING, COMMON = (ClientSettings(name, "secret") for name in ("prod", "staging", "common"))
STAGING_ELSEWHERE = ClientSettings("staging", "secret", "https://staging.example.com")


def source(name: str, resources: dict[str, Any], *settings: ClientSettings) -> Source:
    """Make a stack of resources, each given as its name and its Spectrum project."""
    kind = "pulumi-python:dynamic/spectrum:User"
    entries = [
        {"urn": f"urn:pulumi:{name}::here::{kind}::{each}", "type": kind, "outputs": {"projectId": project}}
        for each, project in resources.items()
    ]
    return Source(name, *find_spectrum_resources(entries, load_kinds()), know_projects([], settings))


def grouped(*sources: Source) -> tuple[dict[tuple[str, str], list[str]], list[str]]:
    """Return the names of the resources by base URL and project, and what is not checked."""
    projects, unchecked = group_by_project(sources)
    return {
        (each.known.settings.base_url, each.known.settings.project_id): [resource.name for resource in each.resources]
        for each in projects
    }, unchecked


def test_each_project_is_read_once() -> None:
    """The project of each stack is read, even without resources, and a project of several stacks is read once."""
    url = PROD.base_url
    assert grouped(
        source("one", {"a": "prod", "b": "common"}, PROD, COMMON),
        source("two", {"c": "staging", "d": "prod"}, STAGING, COMMON),
        source("three", {}, STAGING, COMMON),
    ) == ({(url, "prod"): ["a", "d"], (url, "staging"): ["c"], (url, "common"): ["b"]}, [])


def test_project_of_the_environment() -> None:
    """A project with credentials only in the environment is read if a state has a resource of it."""
    assert list(grouped(source("one", {"a": "prod"}, PROD, COMMON))[0]) == [(PROD.base_url, "prod")]


def test_same_project_id_at_two_base_urls() -> None:
    """A resource is compared at the base URL in the configuration of its stack."""
    projects, _ = grouped(source("one", {"a": "staging"}, STAGING), source("two", {"b": "staging"}, STAGING_ELSEWHERE))
    assert projects == {(STAGING.base_url, "staging"): ["a"], (STAGING_ELSEWHERE.base_url, "staging"): ["b"]}


def test_projects_without_credentials() -> None:
    """Resources of projects without credentials are counted over all stacks."""
    _, unchecked = grouped(source("one", {"a": "other", "b": None}, PROD), source("two", {"c": "other"}, STAGING))
    assert [each.partition(":")[0] for each in unchecked] == [
        "project None, with 1 of the resources",
        "project other, with 2 of the resources",
    ]
