"""Fixtures of the tests of WhatsApp templates: a provider, and a template that it has made."""

from collections.abc import Callable
from typing import Any

import pytest
from part_fixtures import open_client
from pulumi.dynamic import ConfigureRequest
from whatsapp_templates import BODY

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.project_access import ProjectAccess
from pulumi_spectrum.providers.whatsapp_template import LIFECYCLE


@pytest.fixture
def inputs(project: ProjectHandle) -> dict[str, Any]:
    """The least that a program gives a template, in an account that is there."""
    return {
        "accountId": project.whatsapp_accounts.add(wabaId="1234")["accountId"],
        "name": "hello",
        "language": "en_US",
        "category": "UTILITY",
        "components": [BODY],
        "allowCategoryChange": False,
    }


@pytest.fixture
def provider(live_configuration: ConfigureRequest) -> SpectrumProvider:
    """The provider of WhatsApp templates. Each call of it reads lists of its own."""
    provider = SpectrumProvider(LIFECYCLE, project=ProjectAccess(open_client))
    provider.configure(live_configuration)
    return provider


@pytest.fixture
def held(provider: SpectrumProvider, inputs: dict[str, Any], project: ProjectHandle) -> Callable[..., Any]:
    """Creates the template, gives it a status by hand, and returns its id and its state as last read."""

    def make(status: str, **more: Any) -> tuple[str, dict[str, Any]]:
        made = provider.create({**inputs, **more})
        project.whatsapp_templates.change(project.whatsapp_templates.ids[0], status=status)
        return made.id, {**made.outs, "status": status}

    return make


@pytest.fixture
def review(project: ProjectHandle) -> Callable[..., Any]:
    """Changes the template by hand, as Meta's review does."""
    return lambda **fields: project.whatsapp_templates.change(project.whatsapp_templates.ids[0], **fields)


@pytest.fixture
def patches(emulator: Emulator, project: ProjectHandle) -> Callable[[], list[Any]]:
    """Returns the bodies of all changes of the project that were sent."""
    return lambda: [request.body for request in emulator.requests.matching("PATCH", project_id=project.id)]
