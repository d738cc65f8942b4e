"""What an audit says: a line for a step that went well, or for a fault and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class AuditLine:
    """One line of an audit; `about` is an exercise, or "kit".

    `is_unusable`: what its author wrote cannot even be tried. `counts` is how much of what was tried.
    """

    about: str
    text: str
    is_fault: bool = False
    is_unusable: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{'fault' if self.is_fault else 'ok':<5}  {self.about}: {' '.join(self.text.split())}"


def step(about: str, well: str, faults: Sequence[str], **counts: int) -> Iterator[AuditLine]:
    """Yield a line for each fault, or one that says what went well."""
    if not faults:
        yield AuditLine(about, well, counts=counts)
    for fault in faults:
        yield AuditLine(about, fault, is_fault=True)
