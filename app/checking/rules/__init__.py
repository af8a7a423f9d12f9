"""The rules a bundle must keep before it runs: small generators of findings, grouped by what they look at.

The element whitelist is docs/bpmn-subset.md. Every sentence names the element and what to do.
"""

from app.checking.rules import calls, code, elements, events, fan_outs, flows, forms, gateways, people, process, sheet, timers, variables
from app.checking.subject import Rule

RULES: tuple[Rule, ...] = (
    *process.RULES,
    *elements.RULES,
    *calls.RULES,
    *events.RULES,
    *code.RULES,
    *flows.RULES,
    *gateways.RULES,
    *timers.RULES,
    *people.RULES,
    *fan_outs.RULES,
    *variables.RULES,
    *forms.RULES,
    *sheet.RULES,
)
