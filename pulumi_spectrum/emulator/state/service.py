"""The service: all projects of one emulator."""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import Error as Base64Error

from pulumi_spectrum.emulator.errors import ApiError
from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings, make_project_secret
from pulumi_spectrum.emulator.state.project_state import ProjectState
from pulumi_spectrum.emulator.state.table import new_id
from pulumi_spectrum.emulator.switches import Plan


class Service:
    """All projects, and the check of their credentials.

    Args:
        settings: What the whole emulator shares.
    """

    def __init__(self, settings: EmulatorSettings) -> None:
        self.settings = settings
        self.projects: dict[str, ProjectState] = {}

    def add_project(
        self,
        project_id: str | None = None,
        secret: str | None = None,
        *,
        name: str = "Emulated project",
        plan: Plan = "business",
        requests_per_second: int | None = None,
    ) -> ProjectState:
        """Add a project. An id or a secret that is not given is made."""
        project = ProjectState(
            project_id or new_id(),
            secret or make_project_secret(),
            self.settings,
            name=name,
            plan=plan,
            requests_per_second=requests_per_second,
        )
        if project.id in self.projects:
            raise ValueError(f"There is a project {project.id} already.")
        self.projects[project.id] = project
        return project

    def authenticate(self, authorization: str | None, project_id: str) -> ProjectState:
        """Return the project of these credentials, or answer with an error when they do not fit the path.

        Args:
            authorization: The value of the Authorization header.
            project_id: The project's id in the path.
        """
        given_id, given_secret = _credentials(authorization)
        project = self.projects.get(given_id)
        if project is None or not hmac.compare_digest(
            *(each.encode(errors="surrogatepass") for each in (project.secret, given_secret))
        ):
            raise ApiError(401, "Invalid credentials")
        if project.id != project_id:
            status = self.settings.switches.wrong_project_status
            message = {401: "Invalid credentials", 403: "Forbidden", 404: "Project not found"}[status]
            raise ApiError(status, message)
        return project


def _credentials(authorization: str | None) -> tuple[str, str]:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError):
        return "", ""
    return user, secret
