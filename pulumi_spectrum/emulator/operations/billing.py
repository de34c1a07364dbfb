"""Subscription, billing state, and the kind of iMessage numbers that the plan gives."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call
from pulumi_spectrum.emulator.validation import Body, Phone, validate


class AvailabilityQuery(Body):
    """The query of getSharedAvailability."""

    phone_number: Phone


_AVAILABILITY_QUERY: TypeAdapter[AvailabilityQuery] = TypeAdapter(AvailabilityQuery)


@OPERATIONS.register("getSubscription")
def get_subscription(call: Call[None]) -> dict[str, Any]:
    """Return the plan. The API spells these fields in snake case."""
    paid = call.project.plan != "free"
    subscription = {
        "tier": call.project.plan,
        "status": "active" if paid else None,
        "cancel_at_period_end": False,
        "subscription_id": f"sub_{call.project.id[:8]}" if paid else None,
        "customer_id": f"cus_{call.project.id[:8]}" if paid else None,
    }
    if not call.settings.switches.subscription_has_cancel_at_period_end:
        del subscription["cancel_at_period_end"]
    return subscription


@OPERATIONS.register("getBillingStatus")
def get_billing_status(call: Call[None]) -> dict[str, Any]:
    """Return whether the bill has followed the number of lines. Clients poll it while it is syncing."""
    return call.project.lines.billing_status()


@OPERATIONS.register("getImessageInfo")
def get_imessage_info(call: Call[None]) -> dict[str, str]:
    """Return whether the project has lines of its own."""
    return {"type": "dedicated" if call.project.lines.active() else "shared"}


@OPERATIONS.register("getSharedAvailability")
def get_shared_availability(call: Call[None]) -> dict[str, bool]:
    """Return whether the plan has room for a phone number among its shared users."""
    asked = {name: value for name, value in call.query.items() if name == "phoneNumber"}
    phone_number = validate(_AVAILABILITY_QUERY, asked, call.settings.switches).phone_number
    return {"available": call.project.users.has_room(phone_number, call.project.max_shared_users)}
