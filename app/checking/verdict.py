"""Everything there is to say about a bundle, in three stages: rules with a dry start, lint, soundness."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from app import diagram, engine, forms
from app.checking.bundle import Bundle, oversize
from app.checking.rules import RULES
from app.checking.subject import Subject
from app.engine.schema import validate_xsd
from app.errors import EngineFault, Finding, InvalidBundle
from app.forms import Form

MAX_FINDINGS = 200
MAX_ELEMENTS = 300
MAX_FLOWS = 4 * MAX_ELEMENTS

Stage: TypeAlias = Literal["rules", "lint", "soundness"]
STAGES: tuple[Stage, ...] = ("rules", "lint", "soundness")


def check(bundle: Bundle, groups: Collection[str] | None = None) -> tuple[Finding, ...]:
    """The findings of the rules and of a dry start; never raises for what is in the bundle.

    In this process and without limits: for files one trusts. Strangers' files go through ``check_apart``, which also lints.
    groups: the keys of the office's groups; None where no office is known.
    """
    return next(stages(bundle, groups))[1]


def stages(bundle: Bundle, groups: Collection[str] | None = None) -> Iterator[tuple[Stage, tuple[Finding, ...]]]:
    """Each stage with its findings. Lint needs a drawing that can be read, soundness one without errors."""
    findings: list[Finding] = []
    subject = _subject(bundle, groups, findings)
    if subject is None:
        yield "rules", capped(findings)
        return
    findings += (finding for rule in RULES for finding in rule(subject) if _is_own(bundle, finding))
    if not has_errors(findings):
        findings += _dry_start(bundle)
    yield "rules", capped(findings)
    from app.checking import lint, soundness  # here: what only checks the rules does not pay for them

    known = {finding.element for finding in findings if finding.severity == "error"}
    drawn = subject if bundle.called is None else _subject(replace(bundle, called=None), groups, [])
    linted = [finding for finding in (lint.lint(drawn) if drawn else ()) if not finding.element or finding.element not in known]
    yield "lint", capped(linted)
    if not has_errors(findings):
        yield "soundness", capped(list(soundness.analyse(subject)))


def _is_own(bundle: Bundle, finding: Finding) -> bool:
    """A remark about a step of a called SOP was made when that was deployed, and can only be mended there."""
    return bundle.called is None or finding.severity == "error" or "." not in finding.element


def has_errors(findings: Sequence[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def capped(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first two hundred, errors before the rest should there be more."""
    if len(findings) <= MAX_FINDINGS:
        return tuple(findings)
    urgent = sorted(findings, key=lambda finding: finding.severity != "error")[: MAX_FINDINGS - 1]
    more = f"Masih ada {len(findings) - len(urgent)} catatan lain; perbaiki yang tertulis, lalu periksa lagi."
    return (*urgent, Finding(findings[0].file, 0, "", "", "catatan-lain", "info", more))


def _subject(bundle: Bundle, groups: Collection[str] | None, findings: list[Finding]) -> Subject | None:
    """What the rules look at; None where they cannot. Adds why, and what is wrong with the forms, to the findings."""
    if too_big := oversize(bundle):
        findings.append(too_big)
        return None
    try:
        drawing = diagram.read(bundle.executed, bundle.file)
        tree = diagram.parse(bundle.executed, bundle.file)
    except InvalidBundle as error:
        findings += error.findings
        return None
    findings += validate_xsd(tree, bundle.file)
    if len(drawing.elements) > MAX_ELEMENTS or len(drawing.flows) > MAX_FLOWS:
        message = f"Diagram memuat {len(drawing.elements)} elemen dan {len(drawing.flows)} panah; paling banyak {MAX_ELEMENTS} elemen."
        findings.append(Finding(bundle.file, 0, "", "", "ukuran", "error", f"{message} Pecah menjadi beberapa SOP."))
    if findings:
        return None
    return Subject(bundle, tree, drawing, _compile(bundle, findings), None if groups is None else frozenset(groups))


def _compile(bundle: Bundle, findings: list[Finding]) -> dict[str, Form]:
    compiled: dict[str, Form] = {}
    for form_id, content in bundle.every_form.items():
        form, problems = forms.compile_form(content, f"{form_id}.form")
        findings += problems
        if form is not None:
            compiled[form_id] = form
    return compiled


def _dry_start(bundle: Bundle) -> Iterator[Finding]:
    """The engine's own parser, and a start with nothing filled in."""
    try:
        engine.dry_start(bundle.executed, bundle.file)
    except InvalidBundle as error:
        yield from error.findings
    except EngineFault as error:
        yield Finding(bundle.file, 0, error.element, "", "coba-jalan", "error", f"Diagram tidak dapat dimulai: {error}")
