"""A template as JSON and back; what it may hold is checked on the way in."""

from typing import Any

from onboarding.domain.changes import as_json
from onboarding.domain.errors import InputInvalid
from onboarding.domain.people import Side
from onboarding.domain.policy import Level
from onboarding.domain.template_versions import check_steps
from onboarding.domain.templates import Evidence, Template, TemplateStep


def template_content(template: Template) -> dict[str, Any]:
    """What a template holds besides its code, version and title."""
    return {
        "summary": template.summary,
        "target": as_json(template.target),
        "steps": as_json(template.steps),
    }


def template_from(code: str, version: int, title: str, content: dict[str, Any]) -> Template:
    """The template that was kept. Raises InputInvalid, naming the step, for what cannot be one."""
    try:
        target = content["target"]
        template = Template(
            code=code,
            version=version,
            title=title,
            summary=content["summary"],
            target=Level(target) if target else None,
            steps=tuple(_step(n, step) for n, step in enumerate(content["steps"], start=1)),
        )
        check_steps(template)
    except (KeyError, TypeError, ValueError) as broken:
        raise InputInvalid(
            field="content", reason="unreadable-template", template=code, version=version
        ) from broken
    return template


def evidence_codes(codes: list[str], step: int) -> tuple[Evidence, ...]:
    """The proof that a step asks. Raises InputInvalid for a code that nobody knows."""
    for code in codes:
        if code not in tuple(Evidence):
            raise InputInvalid(field="evidence", step=step, reason="unknown-code", given=code)
    return tuple(Evidence(code) for code in codes)


def step_owner(code: str, step: int) -> Side:
    """Who does a step. Raises InputInvalid for a code that nobody knows."""
    if code not in tuple(Side):
        raise InputInvalid(field="owner", step=step, reason="unknown-code", given=code)
    return Side(code)


def _step(number: int, kept: dict[str, Any]) -> TemplateStep:
    return TemplateStep(
        title=kept["title"],
        weeks=kept["weeks"],
        months=kept["months"],
        owner=step_owner(kept["owner"], number),
        is_reviewed=kept["is_reviewed"],
        evidence=evidence_codes(kept["evidence"], number),
        explanation=kept.get("explanation"),
        moves_back=kept["moves_back"],
        is_yearly=kept["is_yearly"],
    )
