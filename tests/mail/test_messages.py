"""Every kind of e-mail: in both languages, as text and HTML, saying what it must."""

import ast
import re
from pathlib import Path

import pytest

from onboarding.domain.messages import DIGESTS, MessageKind
from onboarding.i18n import LOCALES
from onboarding.mail.messages import LINES, MAILS, write
from onboarding.mail.rendering import render
from onboarding.mail.values import Message
from tests.mail.samples import FACTS, sample, sample_letter, sample_line

ONBOARDING = Path(__file__).parents[2] / "onboarding"
KINDS = list(MessageKind)


def kinds_in_code() -> set[str]:
    """Whatever is written as `kind=` of something owed, and every `MessageKind.X`."""
    found: set[str] = set()
    for path in (ONBOARDING / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "MessageKind":
                found.add(node.attr)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Owed":
                kind = next(word.value for word in node.keywords if word.arg == "kind")
                assert not isinstance(kind, ast.Constant), f"{path.name}: name it by MessageKind"
    return found


def test_every_kind_that_is_owed_can_be_written() -> None:
    assert kinds_in_code() <= {kind.name for kind in MessageKind}
    writable = {*MAILS, *LINES, MessageKind.MILESTONE_REMINDER, MessageKind.WATCHED}
    assert set(MessageKind) - writable == set()
    assert set(FACTS) == set(MessageKind)


def test_a_kind_is_a_line_of_a_digest_or_a_mail_of_its_own() -> None:
    assert set(LINES) == {kind for kind, side in DIGESTS.items() if side == "buyer"}
    assert set(MAILS) & set(LINES) == set()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind: MessageKind, locale: str) -> None:
    message = sample(kind, locale)
    rendered = render(message)
    assert message.subject
    for text in words_of(message):
        for line in text.splitlines():
            assert line in rendered.text
            assert squeeze(line) in squeeze(plain(rendered.html))
    if message.button:
        assert message.url in rendered.text
        assert f'href="{message.url}"' in rendered.html


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_is_written_in_its_readers_language(kind: MessageKind) -> None:
    dutch, english = sample(kind, "nl"), sample(kind, "en")
    assert dutch.subject != english.subject
    for theirs, ours in zip(english.footer, dutch.footer, strict=True):
        assert theirs != ours
    for message in (dutch, english):
        assert "…" not in " ".join(words_of(message)), "a fact is missing"
        assert "%(" not in " ".join([message.subject, *words_of(message)])


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_stands_with_no_facts_at_all(kind: MessageKind) -> None:
    _, letter, facts = sample_line(kind, "nl")
    message = write([(kind, letter, type(facts)({}))])
    assert render(message).text


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_fetches_nothing_and_has_one_button(kind: MessageKind) -> None:
    html = render(sample(kind, "nl")).html
    assert not re.search(r"<img|<script|<link|url\(|@import", html)
    assert html.count('class="press"') <= 1
    assert 'style="' in html, "Outlook reads the style of each element"


def test_what_somebody_wrote_cannot_become_markup() -> None:
    note = '<b>Let op</b> & "zo"'
    rendered = render(sample(MessageKind.RETURNED, "nl", note=note))
    assert note in rendered.text
    assert "<b>" not in rendered.html
    assert "&lt;b&gt;Let op&lt;/b&gt; &amp;" in rendered.html


def test_the_supplier_is_told_whom_to_call_and_why_it_gets_this() -> None:
    text = render(sample(MessageKind.PROPOSAL, "nl")).text
    assert "Anna Bakker" in text and "030 123 45" in text
    assert "Waarom krijg ik dit?" in text
    assert "Niet de juiste persoon?" in text


def test_who_is_not_the_right_person_says_so_behind_a_link() -> None:
    rendered = render(sample(MessageKind.PROPOSAL, "nl"))
    where = "https://leveranciers.example/portal/not-me/x"
    assert f"Niet de juiste persoon? Laat het ons hier weten.\n{where}" in rendered.text
    assert f'href="{where}"' in rendered.html
    kind, _, facts = sample_line(MessageKind.PROPOSAL, "nl")
    without = write([(kind, sample_letter(kind, "nl", wrong_person_url=""), facts)])
    assert "Antwoord op deze mail en geef door wie het wel is." in render(without).text


def test_a_mail_about_a_step_says_what_its_link_does() -> None:
    said = "Met de link naar een stap hoeft u niet in te loggen. De link werkt 14 dagen"
    assert said in render(sample(MessageKind.MILESTONE_REMINDER, "nl")).text
    assert said not in render(sample(MessageKind.PROPOSAL, "nl")).text


def test_a_buyer_reads_who_is_not_the_right_person_and_who_may_be() -> None:
    text = render(sample(MessageKind.WRONG_PERSON, "nl")).text
    assert "Sanne Bakker zegt niet de juiste persoon te zijn." in text
    assert "Genoemd als de juiste persoon: Piet, 06 12345678." in text
    nobody = render(sample(MessageKind.WRONG_PERSON, "nl", name="", phone="")).text
    assert "Genoemd" not in nobody


def test_an_agreement_names_its_version_and_hash() -> None:
    text = render(sample(MessageKind.AGREEMENT, "nl")).text
    assert "versie 2" in text
    assert "ab" * 32 in text


@pytest.mark.parametrize(
    ("deadline", "names"),
    [("2027-02-24", False), ("2027-02-14", False), ("2027-02-13", True), ("2027-02-09", True)],
)
def test_consequences_are_named_from_three_days_before(deadline: str, names: bool) -> None:
    text = render(sample(MessageKind.MILESTONE_REMINDER, "nl", deadline_on=deadline)).text
    assert ("waarschuwing met hersteltijd" in text) is names


def test_a_digest_begins_with_the_most_urgent_step() -> None:
    later = sample_line(MessageKind.MILESTONE_REMINDER, "nl", deadline_on="2027-02-24")
    kind, _, facts = sample_line(MessageKind.MILESTONE_REMINDER, "nl", deadline_on="2027-02-12")
    sooner = (kind, sample_letter(kind, "nl", step="quote"), facts)
    message = write([later, sooner])
    assert (
        message.subject == "Auditofferte en instelling gekozen graag uiterlijk vrijdag 12 februari"
    )
    text = render(message).text
    assert "Er staan 2 stappen voor u klaar." in text
    assert text.index("Auditofferte") < text.index("Plan van aanpak")


def test_a_formal_notice_says_all_that_it_must() -> None:
    text = render(sample(MessageKind.FORMAL_NOTICE, "nl")).text
    for part in (
        "maandag 1 februari",  # the day missed
        "woensdag 3 februari belden wij u",  # the call tried
        "woensdag 24 februari",  # the end of the cure period
        "Wij missen alleen nog de naam van de instelling.",
        "stuur ons",
        "vraag een nieuwe datum",
        "waarom u het niet eens bent",
        "Dan beslist Mark de Boer of wij stoppen met nieuwe opdrachten",
        "Lopende opdrachten en contracten gaan door en facturen betalen wij gewoon.",
        "Dan verandert er niets zolang wij niet hebben geantwoord.",
        "dat tellen wij niet mee",
        "Deze waarschuwing is geen ingebrekestelling.",
    ):
        assert part in text
    clock = render(sample(MessageKind.FORMAL_NOTICE, "nl", clock_decides=True)).text
    assert "Mark de Boer" not in clock
    assert "geen nieuwe opdrachten" in clock


def test_a_block_says_what_goes_on_and_how_to_object() -> None:
    text = render(sample(MessageKind.BLOCK_ANNOUNCED, "nl")).text
    assert "Lopende opdrachten en contracten gaan door" in text
    assert "het besluit wacht op het antwoord" in text


def test_a_withdrawn_block_is_not_said_to_stand() -> None:
    text = render(sample(MessageKind.BLOCK_REPLY_ANSWERED, "nl", is_withdrawn=True)).text
    assert "Wij trekken het besluit in." in text
    assert "Het besluit blijft" not in text


def words_of(message: Message) -> list[str]:
    found = [message.greeting, *message.closing, message.last]
    found += [line if isinstance(line, str) else line.text for line in message.footer]
    for block in message.blocks:
        if hasattr(block, "items"):
            found += [part for item in block.items for part in (item.title, item.when, item.text)]
        else:
            found += [getattr(block, "lead", ""), block.text]
    return [text for text in found if text]


def plain(html: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.split("<body", 1)[1])
    for code, sign in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#39;", "'"),
        ("&#34;", '"'),
        ("&amp;", "&"),
    ):
        text = text.replace(code, sign)
    return text


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize(
    ("kind", "lead"),
    [
        (MessageKind.DATE_TAKEN_BACK, "Dit wacht niet meer op u:"),
        (MessageKind.AMENDMENT_TAKEN_BACK, "Dit wacht niet meer op u:"),
        (MessageKind.PERSONAL_DATA_REPORTED, "Dit wacht op u:"),
    ],
)
def test_what_was_taken_back_waits_for_nobody(kind: MessageKind, lead: str) -> None:
    message = sample(kind, "nl")
    assert lead in render(message).text
    assert "dit wacht op u." not in render(message).text
