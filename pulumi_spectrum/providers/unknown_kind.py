"""Stands in for the provider of a kind of resource that this release does not have yet."""

from __future__ import annotations

from typing import Any, NoReturn

from pulumi.dynamic import CheckResult, CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult

from pulumi_spectrum.messages.operations import unknown_kind
from pulumi_spectrum.providers import host
from pulumi_spectrum.version import __version__


class UnknownKindProvider(ResourceProvider):
    """Fails every operation with one sentence, so that nothing is changed and the state stays as it is.

    Args:
        kind: The kind that the state names.
    """

    serialize_as_secret_always = False

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Fail."""
        del news
        self._fail()

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Fail."""
        self._fail()

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Fail."""
        del props
        self._fail()

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Fail."""
        del id_, props
        self._fail()

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Fail."""
        self._fail()

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Fail."""
        self._fail()

    def _fail(self) -> NoReturn:
        host.fail(unknown_kind(self._kind, __version__))
