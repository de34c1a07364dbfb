"""What the plans of the service allow, as far as a preview has to know it."""

from __future__ import annotations

from pulumi_spectrum.providers.preview_obstacles import CreationObstacle, ProjectSeen

WITHOUT_LINES = frozenset({"free", "pro"})
"""The plans under which a project has no lines of its own."""


def needs_lines(what: str, project: ProjectSeen) -> CreationObstacle | None:
    """Return what stands in the way of an object that only a project with lines of its own can have, or None.

    A project that has lines, whatever its plan is called, proves that it may have some: then it is a warning.

    Args:
        what: The words for the object, such as "A line".
        project: What is known of the project.
    """
    plan = project.plan()
    if plan not in WITHOUT_LINES:
        return None
    has_some = bool(project.objects("line").objects)
    return CreationObstacle(
        f"{what} needs the Business plan, and the plan of this project ({plan}) has no lines of its own. Change the "
        "plan, or remove this resource.",
        certain=not has_some,
    )
