"""A message in words becomes text and HTML, by templates of its own environment."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from onboarding.mail.values import Item, Items, Message, Quote, Text

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "mail"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The two readings of one mail."""

    text: str
    html: str


def render(message: Message) -> Rendered:
    """Text and HTML say the same; the HTML carries its style on each element."""
    html = environment().get_template("message.html").render(mail=message)
    text = environment().get_template("message.txt").render(mail=message)
    return Rendered(text=text.strip() + "\n", html=_inliner().inline(html))


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests["text"] = lambda block: isinstance(block, Text)
    made.tests["quote"] = lambda block: isinstance(block, Quote)
    made.tests["items"] = lambda block: isinstance(block, Items)
    made.globals["in_one_line"] = in_one_line
    return made


def in_one_line(item: Item) -> str:
    """`Plan van aanpak, uiterlijk maandag 24 mei`."""
    return f"{item.title}, {item.when}" if item.when else item.title


@cache
def _inliner() -> css_inline.CSSInliner:
    # Styles that stay (for phones) are kept; nothing is fetched.
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
