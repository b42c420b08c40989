"""What is new in an answer: without the mail that it repeats, and without a signature."""

import re

QUOTED = re.compile(r"^\s*>")
# "On Tue, Jan wrote:", "Op di 24 nov. 2026 om 10:00 schreef Jan <jan@…>:", also over two lines.
INTRODUCES = re.compile(
    r"^(On\b.{0,250}\bwrote|Op\b.{0,250}\b(schreef|heeft)\b.{0,200}|Am\b.{0,250}\bschrieb.{0,200}"
    r"|Le\b.{0,250}\ba écrit\s*)\s*:\s*$",
    re.IGNORECASE,
)
SEPARATES = re.compile(
    r"^\s*(-{2,}\s*(Original Message|Oorspronkelijk bericht|Original message|Doorgestuurd bericht"
    r"|Forwarded message|Ursprüngliche Nachricht)\s*-{2,}|_{10,})\s*$",
    re.IGNORECASE,
)
SAYS_FROM = re.compile(r"^\s*\*?(From|Van|Von|De)\s*:\*?\s+\S", re.IGNORECASE)
SAYS_MORE = re.compile(
    r"^\s*\*?(Sent|Verzonden|Date|Datum|To|Aan|Gesendet|An|Envoyé|À)\s*:\*?", re.IGNORECASE
)
SIGNED = re.compile(r"^-- ?$")
FROM_A_PHONE = re.compile(
    r"^\s*(Sent from my|Verstuurd vanaf mijn|Verzonden vanaf mijn|Verzonden met|Get Outlook for"
    r"|Outlook voor|Download Outlook).{0,80}$",
    re.IGNORECASE,
)


def new_part(text: str) -> str:
    """What the sender typed; all of it where nothing would be left, so that nothing is lost."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept: list[str] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        introduction = _introduction(lines, number)
        if introduction:
            after = number + introduction
            if not _quotes(lines, after):
                break  # the rest is the mail that is answered
            number = after
            continue
        if SEPARATES.match(line) or _is_head_of_original(lines, number) or SIGNED.match(line):
            break
        if not QUOTED.match(line) and not FROM_A_PHONE.match(line):
            kept.append(line)
        number += 1
    return _tidy(kept) or _tidy(lines)


def _introduction(lines: list[str], number: int) -> int:
    """How many lines from here say who wrote what follows; 0 where none does."""
    for many in (1, 2, 3):
        if INTRODUCES.match(" ".join(line.strip() for line in lines[number : number + many])):
            return many
    return 0


def _quotes(lines: list[str], number: int) -> bool:
    """Whether what follows is quoted line by line, so that an answer may stand below."""
    following = next((line for line in lines[number:] if line.strip()), "")
    return bool(QUOTED.match(following))


def _is_head_of_original(lines: list[str], number: int) -> bool:
    """`From:` with `Sent:` or `To:` within the next lines, as Outlook puts above the original."""
    return bool(SAYS_FROM.match(lines[number])) and any(
        SAYS_MORE.match(line) for line in lines[number + 1 : number + 5]
    )


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
