"""A message template in two languages, in the project's first WhatsApp Business account."""

import pulumi

import pulumi_spectrum as spectrum

TEXTS = {
    "en_US": "Hi {{1}}, your order {{2}} is on its way.",
    "de": "Hallo {{1}}, deine Bestellung {{2}} ist unterwegs.",
}

account = spectrum.get_whatsapp_accounts()[0]

templates = {
    language: spectrum.WhatsAppTemplate(
        f"order-shipped-{language}",
        account_id=account.id,
        name="order_shipped",
        language=language,
        category="UTILITY",
        # Meta may find that a template belongs to another category, which is then no drift.
        allow_category_change=True,
        components=[
            {"type": "BODY", "text": text, "example": {"body_text": [["Ada", "A-17"]]}},
            {"type": "FOOTER", "text": "Acme"},
        ],
    )
    for language, text in TEXTS.items()
}

pulumi.export("statuses", {language: template.status for language, template in templates.items()})
