"""What came of a run of the delivery."""

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Delivered:
    """How many mails went, and what became of the others."""

    sent: int = 0
    superseded: int = 0
    postponed: int = 0
    again: int = 0  # mails to be tried again
    failed: int = 0
    trouble: str = ""  # why the server could not be used; the rest waits

    def in_words(self) -> str:
        """`3 sent, 1 superseded`; empty where there was nothing to do."""
        counts = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "trouble"}
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        return f"{told} (the mail server: {self.trouble})" if self.trouble else told
