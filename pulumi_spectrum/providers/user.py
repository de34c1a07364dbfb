"""Users. The service creates and changes them with one request, keyed by their phone, and deletes them softly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pulumi_spectrum.client.errors import AlreadyExists
from pulumi_spectrum.client.user_keys import user_key
from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.messages.imports import WAYS_TO_IMPORT
from pulumi_spectrum.providers.inputs import Email, FilledText, Phone, ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import (
    Adoptable,
    AlreadyThere,
    Deletable,
    Listable,
    Listed,
    Live,
    Readable,
    Updatable,
)
from pulumi_spectrum.providers.plans import needs_lines
from pulumi_spectrum.providers.preview_obstacles import CheckedInPreview, CreationObstacle, ProjectSeen
from pulumi_spectrum.providers.properties import OnChange, Property
from pulumi_spectrum.spelling.values import plain_phone, same_email, same_name

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient
    from pulumi_spectrum.client.user_list import UserRow

PERSONAL = frozenset({"firstName", "lastName", "email"})
LINE_NUMBER = ("line", "phoneNumber")
MAX_SHARED_USERS = {"free": 10, "pro": 100}
"""How many shared users each plan allows, as the vendor's pricing says; other plans have no limit."""


def _is_dedicated(properties: Mapping[str, Any]) -> bool:
    return properties.get("type") == "dedicated"


@declares_arguments
class UserInputs(ResourceInputs):
    """The arguments of a user."""

    phone_number: Annotated[Phone, Property(on_change=OnChange.REPLACES, identifies=True)]
    # A user with the same phone can only be made when the old one is gone.
    type: Annotated[Literal["shared", "dedicated"], Property(on_change=OnChange.REPLACES_OLD_FIRST)] = "shared"
    # The number of a shared user is the API's choice.
    assigned_phone_number: Annotated[
        Phone | None,
        Property(on_change=OnChange.REPLACES_OLD_FIRST, refers_to=LINE_NUMBER, adopted_when=_is_dedicated),
    ] = None
    first_name: Annotated[FilledText | None, Property(same=same_name)] = None
    last_name: Annotated[FilledText | None, Property(same=same_name)] = None
    email: Annotated[Email | None, Property(same=same_email)] = None
    on_conflict: Literal["fail", "adopt"] = "fail"

    def _line_belongs_to_type(self) -> str | None:
        """The line is the program's choice for a dedicated user, and the service's for a shared one."""
        if self.type == "dedicated" and self.assigned_phone_number is None:
            return 'assigned_phone_number is required for type "dedicated": give it the phone_number of a Line.'
        if self.type == "shared" and self.assigned_phone_number is not None:
            return (
                'assigned_phone_number must be left out for type "shared": the service chooses the number. Set '
                'type="dedicated" to choose a line.'
            )
        return None

    rules = (_line_belongs_to_type,)


class UserLifecycle(
    Adoptable[UserInputs],
    Readable,
    Updatable[UserInputs],
    Deletable,
    Listable,
    CheckedInPreview[UserInputs],
):
    """The rules of users."""

    noun = "user"
    plural = "users"
    label = "phoneNumber"
    number = "phoneNumber"
    full_name = ("firstName", "lastName")
    made_at = "createdAt"
    inputs = UserInputs
    already_there = "A user with this phone_number is there already"
    ways_on_after_conflict = (
        f'{WAYS_TO_IMPORT}; or set on_conflict="adopt" to take it over and set its names as given here; or remove it'
    )

    def identity(self, known: Mapping[str, Any]) -> tuple[str, ...] | None:
        """The phone, and for a dedicated user the line with it."""
        user_type, phone, line = (known.get(name) for name in ("type", "phoneNumber", "assignedPhoneNumber"))
        if phone is None or user_type is None or (user_type == "dedicated" and line is None):
            return None
        return tuple(filter(None, user_key(user_type, phone, line)))

    def create(self, spectrum: SpectrumClient, wanted: UserInputs) -> Iterator[Live]:
        """Create the user, and never change one that is there already unless the program says so."""
        try:
            made = self._send(spectrum, spectrum.users.create, wanted, PERSONAL)
        except AlreadyExists as conflict:
            raise AlreadyThere(conflict.existing.id, may_be_adopted=self.may_adopt(wanted)) from None
        yield made

    def may_adopt(self, wanted: UserInputs) -> bool:
        """The program asks for it."""
        return wanted.on_conflict == "adopt"

    def adopt(self, spectrum: SpectrumClient, wanted: UserInputs, object_id: str) -> Iterator[Live]:
        """Set the names of the user that is there, who keeps the id. One that is gone by now is made anew."""
        del object_id
        yield self._send(spectrum, spectrum.users.upsert, wanted, PERSONAL)

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Find the user in the list."""
        user = spectrum.users.find(resource_id)
        return None if user is None else _live(spectrum, user)

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the active users."""
        return [_live(spectrum, user) for user in spectrum.users.all()]

    def read_first(self, spectrum: SpectrumClient) -> Listed:
        """Return the users of the first page."""
        page = spectrum.users.first_page()
        return Listed([_live(spectrum, user) for user in page.rows], complete=page.complete)

    def check_creation(self, wanted: UserInputs, project: ProjectSeen) -> Iterator[CreationObstacle]:
        """A dedicated user needs a line of the project; of shared users a plan allows so many."""
        if wanted.type == "dedicated":
            yield from self._check_line(wanted, project)
        else:
            yield from self._check_number_of_shared(wanted, project)

    def _check_line(self, wanted: UserInputs, project: ProjectSeen) -> Iterator[CreationObstacle]:
        kind, output = LINE_NUMBER
        numbers = {line.properties.get(output) for line in project.objects(kind).objects}
        if wanted.assigned_phone_number in numbers:
            return
        if not numbers and (obstacle := needs_lines("A dedicated user", project)):
            yield obstacle
        else:
            yield CreationObstacle(
                "assigned_phone_number is not the number of a line of this project, and a dedicated user needs one. "
                "Give it the phone_number of a Line, or look up the project's lines with get_lines().",
                # The number of a new line may not be known yet.
                certain=None not in numbers,
            )

    def _check_number_of_shared(self, wanted: UserInputs, project: ProjectSeen) -> Iterator[CreationObstacle]:
        most = MAX_SHARED_USERS.get(project.plan())
        users = project.objects("user")
        if most is None or not users.complete:
            return
        shared = [user for user in users.objects if not _is_dedicated(user.properties)]
        if any(user.properties["phoneNumber"] == wanted.phone_number for user in shared):
            return
        added = project.count("shared users")
        # Once: each of the users to come would say the same.
        if len(shared) + added == max(most, len(shared)) + 1:
            yield CreationObstacle(
                f"This is shared user number {len(shared) + added} of the project, and its plan "
                f"({project.plan()}) is said to allow {most}: the service may refuse it, and each further one. Remove "
                "users, or change the plan.",
                certain=False,
            )

    def update(
        self, spectrum: SpectrumClient, current: Live, wanted: UserInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        """Change names and e-mail by posting the key again, once it is sure that this is still the same user."""
        if not changed & PERSONAL:
            return
        user = spectrum.users.find(current.id, max_age=spectrum.users.list_age_for_write())
        if user is None:
            raise Refusal("This user no longer exists. Run `pulumi refresh`; the next `pulumi up` then makes it again.")
        updated = self._send(spectrum, spectrum.users.upsert, wanted, changed & PERSONAL)
        if updated.id != current.id:
            # The row may be new, or another client's that created it first. Both look alike, so it is not deleted.
            raise Refusal(
                f"This user (id {current.id}) was deleted while it was being changed. The service answered with "
                f"another user who has the same phone_number (id {updated.id}), and whose names and e-mail may be "
                "those given here by now; no state holds that one. Run `pulumi refresh`, which drops the deleted user; "
                'delete the other one, or set on_conflict="adopt" to take it over, and run `pulumi up`.'
            )
        yield updated

    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Delete the user."""
        spectrum.users.delete(resource_id)

    def plain_label(self, label: str) -> str:
        """The digits of the phone number."""
        return plain_phone(label)

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """What comes before the @ of the e-mail address, or the end of the phone number."""
        return [str(properties.get("email") or "").split("@")[0], self.number_of(properties)[-4:]]

    def _send(
        self, spectrum: SpectrumClient, send: Callable[..., UserRow], wanted: UserInputs, names: frozenset[str]
    ) -> Live:
        fields = wanted.as_properties(names)
        user = send(wanted.type, wanted.phone_number, wanted.assigned_phone_number, **fields)
        _refuse_another_user(user, wanted)
        return _live(spectrum, user)


def _refuse_another_user(user: UserRow, wanted: UserInputs) -> None:
    """Refuse an answer that is about another user than was asked for: it must not be recorded as this one."""
    # The line of a user who was just made may not be known yet.
    line = user.assigned_phone_number or wanted.assigned_phone_number
    answered = user_key(user.type, user.phone_number, line)
    if answered != user_key(wanted.type, wanted.phone_number, wanted.assigned_phone_number):
        raise Refusal(
            f"The service answered with another user (id {user.id}), who has another phone_number, type or line, and "
            "whose names and e-mail may be those given here by now. Nothing is recorded. An older deployment also "
            "finds users by their email: if that user has the same one, give this one another email, or leave it out."
        )


def _live(spectrum: SpectrumClient, user: UserRow) -> Live:
    properties = user.model_dump(by_alias=True, exclude_unset=True, exclude={"id", "project_id", "deleted_at"})
    return Live(user.id, {**properties, "redirectUrl": spectrum.users.redirect_url(user.id)})


LIFECYCLE = UserLifecycle()
