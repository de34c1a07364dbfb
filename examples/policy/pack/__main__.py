"""The policy pack: `pulumi preview --policy-pack pack`."""

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)
from rules import ADVISORY, MANDATORY, Rule


def policy_of(rule: Rule, level: EnforcementLevel) -> ResourceValidationPolicy:
    """Return the policy that reports what a rule finds."""

    def validate(resource: ResourceValidationArgs, report: ReportViolation) -> None:
        for sentence in rule(resource.resource_type, resource.props, resource.opts.protect):
            report(sentence, None)

    return ResourceValidationPolicy(
        name=rule.__name__.replace("_", "-"),
        description=(rule.__doc__ or "").strip(),
        validate=validate,
        enforcement_level=level,
    )


PolicyPack(
    name="acme-spectrum",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        *(policy_of(rule, EnforcementLevel.MANDATORY) for rule in MANDATORY),
        *(policy_of(rule, EnforcementLevel.ADVISORY) for rule in ADVISORY),
    ],
)
