"""Two desks of one company, each a component."""

import pulumi
from desk import Desk

support = Desk("support", hostname="support.example.com", team={"ada": "+14155550101", "grace": "+14155550102"})
sales = Desk("sales", hostname="sales.example.com", team={"alan": "+14155550103"}, alerts_to="sales@example.com")

pulumi.export("supportNumber", support.phone_number)
pulumi.export("salesSecret", sales.signing_secret)
