"""Addresses are those that Werkzeug makes."""

import pytest
from flask import Flask
from werkzeug.routing import BuildError, Map, Rule

from onboarding.web.routing import LateRule

RULES = {
    "plain": "/suppliers/",
    "number": "/suppliers/<int:supplier_id>/steps/<int:step_id>",
    "text": "/portal/enter/<token>",
    "path": "/files/<path:self>",
}
VALUES = [
    ("plain", {}),
    ("plain", {"page": 2, "sort": "-name", "self": "x"}),
    ("number", {"supplier_id": 17, "step_id": 3, "q": "é & ü"}),
    ("text", {"token": "a b/ç"}),
    ("path", {"self": "a/b c", "rule": "r", "values": "v"}),
]


@pytest.mark.parametrize(("endpoint", "values"), VALUES)
def test_an_address_is_that_of_a_rule_compiled_at_once(
    endpoint: str, values: dict[str, object]
) -> None:
    late, at_once = (
        Map([kind(rule, endpoint=name) for name, rule in RULES.items()]).bind("localhost")
        for kind in (LateRule, Rule)
    )
    expected = at_once.build(endpoint, values)
    assert late.build(endpoint, values) == late.build(endpoint, values) == expected


def test_a_value_that_does_not_fit_is_refused() -> None:
    late = Map([LateRule("/<int:number>", endpoint="one")]).bind("localhost")
    for values in ({}, {"number": "x"}, {"other": 1}):
        with pytest.raises((BuildError, ValueError)):
            late.build("one", values)


def test_nothing_is_compiled_before_it_is_needed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = [one.endpoint for one in app.url_map.iter_rules() if type(one) is not LateRule]
    assert at_once == ["static"], "Flask makes this one before we can say how"
    compiled = []
    compile_now = Rule._compile_builder

    def note(rule: Rule, append_unknown: bool = True) -> object:
        compiled.append(rule.endpoint)
        return compile_now(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", note)
    address = Map([LateRule("/a", endpoint="a"), LateRule("/b", endpoint="b")]).bind("localhost")
    assert compiled == []
    assert [address.build("b") for _ in range(2)] == ["/b", "/b"]
    assert compiled == ["b"]
