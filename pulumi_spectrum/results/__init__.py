"""What the service returns about each object, and what look-ups return. A property without a value is None.

Each property is declared once, here. The look-ups return the classes whose names end in `Info`. The rows of the API
client (`WebhookRow` and its kin) inherit their fields from here and add only how the API spells them, so the two never
differ. Each area has a module, so that a request loads one alone. None of them loads the client or pydantic.
"""
