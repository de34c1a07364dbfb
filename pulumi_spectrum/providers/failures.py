"""Lets every failure of a provider reach the person in the form that helps, and without secrets."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from pulumi_spectrum.client.errors import SpectrumError
from pulumi_spectrum.client.redaction import hide, hiding, values_to_hide
from pulumi_spectrum.messages.failures import FAILURES, Refusal, explain, report_bug
from pulumi_spectrum.messages.operations import partially_created
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.confidential import raise_bug
from pulumi_spectrum.providers.lifecycle import Method


@contextmanager
def failures_explained(method: Method, noun: str, texts: Mapping[str, str]) -> Iterator[None]:
    """Have whatever fails in the block shown as one message; a bug of this package with its traceback.

    Args:
        method: What the engine has asked for.
        noun: The word for the resource.
        texts: The texts that no message may show, each with the name of its property.
    """
    try:
        with hiding(texts):
            yield
    except host.CleanFailure:
        raise
    except FAILURES as error:
        host.fail(explain(error, method))
    except BaseException as error:  # noqa: BLE001
        raise_bug(error, report_bug(method, noun), texts)


def fail_partially_done(
    error: BaseException, method: Method, noun: str, resource_id: str, recorded: dict[str, Any]
) -> NoReturn:
    """Report a failure after which the object exists, and have the engine record it as far as it is done.

    Args:
        error: What went wrong.
        method: What the engine has asked for.
        noun: The word for the resource.
        resource_id: The object's id.
        recorded: The outputs to record, the engine's own included.
    """
    if isinstance(error, SpectrumError | Refusal):
        message = partially_created(noun, resource_id, explain(error, method))
    else:
        printed = hide("".join(traceback.format_exception(error)), values_to_hide())
        message = f"{printed}{report_bug(method, noun)}"
    host.fail_partially_created(message, resource_id, _as_struct(recorded))


def _as_struct(properties: dict[str, Any]) -> struct_pb2.Struct:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(rpc.serialize_properties(properties, {}))
    finally:
        loop.close()
