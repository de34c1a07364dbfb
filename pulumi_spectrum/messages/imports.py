"""Messages about objects that a program takes into its stack with the resource option `import_`."""

from __future__ import annotations

from collections.abc import Iterable

from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.spelling.property_names import to_snake
from pulumi_spectrum.spelling.urns import resource_name

WAYS_TO_IMPORT = (
    "import it as it is, with the resource option import_ and its id, or with `pulumi import --file` "
    "(pulumi-spectrum adopt writes the file)"
)
"""How an object that exists gets into a stack without being changed; the part of a sentence."""


def cannot_be_read(noun: str) -> Refusal:
    """Return the refusal to import an object of a kind that the API does not return."""
    return Refusal(f"The API does not return a {noun}, so none can be imported. Take the option import_ out.")


def empty_id(noun: str) -> str:
    """Return the message for an option `import_` without an id in it."""
    return f"The option import_ is empty. Give it the id of the {noun}, or take it out to have one made."


def id_with_space(noun: str) -> str:
    """Return the message for an option `import_` with space in it or around it."""
    return f"The option import_ has a space or a line break in it, and the id of a {noun} has none. Take it away."


def missing_when_imported(noun: str, object_id: str, project_id: str) -> Refusal:
    """Return the refusal to import an object that the project does not have."""
    return Refusal(
        f"There is no {noun} with the id {object_id} in project {project_id}, so none was imported. Check the id, and "
        "whether spectrum:projectId names the project that it belongs to. Take the option import_ out to have one made."
    )


def not_replaced(noun: str) -> str:
    """Return the warning about a replacement by force that the option `import_` kept from making a new object."""
    return (
        f"This {noun} was not replaced, because its option import_ took the same one over again. Take the option out, "
        "and run `pulumi up --replace` once more."
    )


def to_be_imported(noun: str) -> str:
    """Return what a preview says of a resource that the engine shows as a creation."""
    return f"This {noun} will be imported, as the option import_ says. Nothing is created or changed."


def different_when_imported(noun: str, object_id: str, names: Iterable[str]) -> Refusal:
    """Return the refusal to import an object that is not as the program says."""
    arguments = " and ".join(to_snake(name) for name in sorted(names))
    return Refusal(
        f"The {noun} {object_id} cannot be imported, because it differs from the program in {arguments}. Nothing was "
        "changed. Give the program the values that the object has; `pulumi preview` then shows what a change of them "
        "does, once it is imported."
    )


def kept_by_another(noun: str, object_id: str, holder: str, importer: str) -> str:
    """Return the message about an object that one resource of the program keeps and another imports; both are URNs."""
    name = resource_name(importer)
    return (
        f'"{name}" has the option import_ with the id {object_id}, but that {noun} is "{resource_name(holder)}" of '
        f'this program, which stays as it is. Remove "{name}"; if it is the new name of the other one, remove that one '
        "and give it an alias."
    )


def imported_as_another(noun: str, wanted: str, resource_id: str) -> Refusal:
    """Return the refusal of an option `import_` that names another object than the resource in the state."""
    return Refusal(
        f"The option import_ names the {noun} {wanted}, but this resource is {resource_id} in the state already. "
        "Nothing was changed. Take the option out, or give it that id; to take over the other object, declare it as a "
        "resource of another name, or remove this one from the state with `pulumi state delete` first."
    )
