"""WhatsApp templates as they are found: in all accounts, in none, and in one that is gone."""

from typing import Any

import pytest
from part_fixtures import open_client, refusal

from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.whatsapp_template import LIFECYCLE


@pytest.mark.parametrize("removed", [True, False])
def test_template_of_an_account_that_is_gone(
    removed: bool, provider: SpectrumProvider, held: Any, project: ProjectHandle, emulator: Emulator
) -> None:
    """A template is gone with its account, once the project's list of accounts lacks that, and not by a 404 alone."""
    template_id, state = held("APPROVED")
    if removed:
        project.whatsapp_accounts.clear()
        assert provider.read(template_id, state).id == ""
        provider.delete(template_id, state)
    else:
        emulator.faults.add(Fault(path="*/templates/", status=404))
        assert "HTTP 404" in refusal(lambda: provider.read(template_id, state))


@pytest.mark.parametrize("status", [403, 404])
def test_project_without_whatsapp_has_no_templates(
    status: int, live_settings: Any, emulator: Emulator, project: ProjectHandle
) -> None:
    """Where the plan or the deployment has no accounts there is nothing to adopt; a project that fails is an error."""
    with open_client(live_settings) as spectrum:
        emulator.faults.add(Fault(path="*/accounts", status=status, times=2))
        assert LIFECYCLE.read_all(spectrum) == []
        emulator.faults.add(Fault(path=f"/projects/{project.id}/", status=404))
        with pytest.raises(Exception, match="HTTP 404"):
            LIFECYCLE.read_all(spectrum)


def test_templates_of_all_accounts_are_listed(
    live_settings: Any, inputs: dict[str, Any], project: ProjectHandle
) -> None:
    """Every account's templates are found, by ids of both."""
    other = project.whatsapp_accounts.add(wabaId="5678")["accountId"]
    for account in (other, inputs["accountId"]):
        project.whatsapp_templates.add(**{**inputs, "accountId": account})
    with open_client(live_settings) as spectrum:
        found = LIFECYCLE.read_all(spectrum)

    assert [live.id for live in found] == [
        f"{each}/{project.whatsapp_templates.ids[place]}" for each, place in ((inputs["accountId"], 1), (other, 0))
    ]
    assert found[0].properties["accountId"] == inputs["accountId"]
