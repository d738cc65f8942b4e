"""A student's page as plain text, for where HTML does not get to; the code that was handed in is left out."""

from html.parser import HTMLParser

TITLES = frozenset({"h1", "h2", "dt"})  # what follows stands on their line
BLOCKS = TITLES | {"p", "div", "section", "pre", "tr", "li", "details", "summary", "footer", "br"}
SPACED = TITLES | {"dd", "td", "th", "span"}
SILENT = frozenset({"head", "style", "script", "svg"})
VOID = frozenset({"meta", "link", "img", "br", "hr", "input"})


def plain_text(page: str) -> str:
    """Return what a page of the report says, a line a sentence, without empty lines."""
    parser = _PageText()
    parser.feed(page)
    parser.close()
    lines = (line if is_code else " ".join(line.split()) for line, is_code in parser.lines())
    return "\n".join(line.rstrip() for line in lines if line.strip())


class _PageText(HTMLParser):
    """Gathers text with its line breaks; an open element may be silent."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[tuple[str, bool]] = []
        self._open: list[tuple[str, bool]] = []

    def lines(self) -> list[tuple[str, bool]]:
        found, code = [""], [False]
        for text, is_code in self._pieces:
            first, *others = text.split("\n") if is_code or text == "\n" else [text]
            found[-1] += first
            code[-1] = code[-1] or (is_code and bool(first.strip()))
            found += others
            code += [is_code] * len(others)
        return list(zip(found, code, strict=True))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._pieces.append(("\n" if tag in BLOCKS else " " if tag in SPACED else "", False))
        if tag not in VOID:
            is_silent = tag in SILENT or "handed-in" in (dict(attrs).get("class") or "").split()
            self._open.append((tag, is_silent))

    def handle_endtag(self, tag: str) -> None:
        self._pieces.append((" " if tag in SPACED else "\n" if tag in BLOCKS else "", False))
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(is_silent for _, is_silent in self._open):
            is_code = any(tag == "pre" for tag, _ in self._open)
            self._pieces.append((data if is_code else data.replace("\n", " "), is_code))
