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


def kept_by_another(noun: str, object_id: str, holder: str) -> Refusal:
    """Return the refusal to import an object that another resource, whose URN is `holder`, has and keeps."""
    return Refusal(
        f'The {noun} {object_id} cannot be imported, because it is "{resource_name(holder)}" of this program, which '
        "stays as it is. Remove this resource, or give that one an alias in place of declaring it twice."
    )


def imported_as_another(noun: str, wanted: str, resource_id: str) -> Refusal:
    """Return the refusal of an option `import_` that names another object than the resource in the state."""
    return Refusal(
        f"The option import_ names the {noun} {wanted}, but this resource is {resource_id} in the state already. "
        "Nothing was changed. Take the option out, or give it that id; to take over the other object, declare it as a "
        "resource of another name, or remove this one from the state with `pulumi state delete` first."
    )
