"""A mail in HTML as plain lines, without what it quotes."""

from html.parser import HTMLParser

BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol"})
UNSEEN = frozenset({"style", "script", "head", "title", "blockquote"})
QUOTE_CLASSES = frozenset({"gmail_quote", "gmail_quote_container", "moz-cite-prefix"})
# From here on Outlook repeats the mail that is answered.
QUOTE_IDS = frozenset({"divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"})
VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "wbr", "area", "base"})


class _Lines(HTMLParser):
    """Gathers what a reader sees; `left_out` are the elements open within something left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.left_out: list[str] = []
        self.is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id") in QUOTE_IDS:
            self.is_over = True
        if tag in VOID:
            if tag == "br" and not self.left_out:
                self.words.append("\n")
            return
        classes = set((given.get("class") or "").split())
        if self.left_out or tag in UNSEEN or classes & QUOTE_CLASSES:
            self.left_out.append(tag)
        elif tag in BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag in self.left_out:
            # What was opened within and never closed ends with it.
            while self.left_out.pop() != tag:
                pass
        elif self.left_out:
            return
        elif tag in BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.left_out and not self.is_over:
            self.words.append(" ".join(data.split()) if data.strip() else " ")


def plain(html: str) -> str:
    """The words, a line for each block."""
    lines = _Lines()
    lines.feed(html)
    lines.close()
    told = [" ".join(line.split()) for line in "".join(_joined(lines.words)).split("\n")]
    kept: list[str] = []
    for line in told:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def _joined(words: list[str]) -> list[str]:
    """With a space between two pieces of one line."""
    return [word if word == "\n" else f"{word} " for word in words]
