"""A notebook that tries to run something in the browser of whoever looks at it, and what a page holds that is alive."""

from html.parser import HTMLParser
from typing import Any

MARK = "alert(4711)"
HTML = [
    f"<script>{MARK}</script>",
    f'<img src="x" onerror="{MARK}">',
    f"<svg/onload={MARK}><a xlink:href='javascript:{MARK}'>x</a></svg>",
    f'<iframe srcdoc="<script>{MARK}</script>"></iframe>',
    f'<details open ontoggle="{MARK}">x</details>',
    f'<a href="java\tscript:{MARK}">x</a>',
    f'<form action="javascript:{MARK}"><button>x</button></form>',
    f'<meta http-equiv="refresh" content="0; url=javascript:{MARK}">',
    f"<style onload={MARK}>@import 'x'</style><object data='javascript:{MARK}'></object>",
    f"<math><maction actiontype='statusline#x' xlink:href='javascript:{MARK}'>x</maction></math>",
    f"<!-- --!><SCRIPT>{MARK}//",
    f'<?xml version="1.0"?><x onclick="{MARK}">',
]
MARKDOWN = [
    *HTML,
    f"[x](javascript:{MARK})",
    f"[x](<java&#115;cript:{MARK}>)",
    f"[x](JaVaScRiPt&colon;{MARK})",
    f"[x](data:text/html,<script>{MARK}</script>)",
    f"[x][y]\n\n[y]: javascript:{MARK}",
    f"[y]\n\n[y]: vbscript:{MARK}",
    f"![x](javascript:{MARK}) ![x](attachment:a.svg)",
    f"<javascript:{MARK}>",
    f"$\\href{{javascript:{MARK}}}{{x}}$",
    f"\\\\(\\&#104;ref{{javascript:{MARK}}}{{x}}\\\\)",
    f"$$\\require{{html}}\\style{{x}}{{y}}\\href{{javascript:{MARK}}}{{x}}$$",
    f'$\\mmlToken{{mi}}[href="javascript:{MARK}"]{{x}}$ $\\bbox[background:url(//4711)]{{x}}$',
    "https://evil.example/4711",
    f'# x" onmouseover="{MARK}',
    f"```html\n</code></pre><script>{MARK}</script>\n```",
    f'~~~x" onmouseover="{MARK}\nx\n~~~',
    f"| a |\n|---|\n| <img src=x onerror={MARK}> |",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
]
ATTRIBUTE = f'x"><script>{MARK}</script>'
BUNDLES: list[dict[str, Any]] = [
    *({"text/html": each} for each in HTML),
    {"application/javascript": MARK},
    {"image/svg+xml": f"<svg onload='{MARK}'><script>{MARK}</script></svg>"},
    {"text/markdown": f"[x](javascript:{MARK})"},
    {"text/latex": f"$\\href{{javascript:{MARK}}}{{x}}$"},
    {"image/png": ATTRIBUTE},
    {"image/jpeg": ATTRIBUTE},
    {"application/vnd.jupyter.widget-view+json": {"model_id": ATTRIBUTE, "version_major": 2, "version_minor": 0}},
    {"application/vnd.bokehjs_exec.v0+json": "", "application/vnd.holoviews_exec.v0+json": ""},
    {"text/vnd.mermaid": ATTRIBUTE},
    {"text/plain": f"<script>{MARK}</script>", "text/html": f"<script>{MARK}</script>"},
]
RED = "\x1b[31m<script>" + MARK + "</script>\x1b[0m"


def cells() -> list[dict[str, Any]]:
    """Return cells of all kinds that hold all of it."""
    widget = {"tags": [ATTRIBUTE], "magics_language": ATTRIBUTE, "collapsed": True, "class": ATTRIBUTE}
    outputs = [
        {"output_type": "display_data", "data": data, "metadata": {kind: {"width": ATTRIBUTE} for kind in data}}
        for data in BUNDLES
    ]
    outputs += [
        {"output_type": "stream", "name": "stdout", "text": RED},
        {"output_type": "error", "ename": ATTRIBUTE, "evalue": ATTRIBUTE, "traceback": [RED, ATTRIBUTE]},
    ]
    code = {"cell_type": "code", "id": "alive", "metadata": widget, "execution_count": 1, "outputs": outputs}
    svg = {"a.svg": {"image/svg+xml": f"<svg onload='{MARK}'/>", "text/html": HTML[0]}}
    written = [
        {"cell_type": "markdown", "id": f"alive-{number}", "metadata": widget, "source": each, "attachments": svg}
        for number, each in enumerate(MARKDOWN)
    ]
    raw = [
        {"cell_type": "raw", "id": f"raw-{number}", "metadata": {"raw_mimetype": kind}, "source": each}
        for number, (kind, each) in enumerate((kind, each) for kind in ("text/html", "") for each in HTML[:3])
    ]
    return [{**code, "source": f"x = '{HTML[0]}'"}, *written, *raw]


METADATA = {
    "title": ATTRIBUTE,
    "language_info": {"name": "python", "pygments_lexer": ATTRIBUTE},
    "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"x": f"</script><script>{MARK}</script>"}}},
}


class LiveParts(HTMLParser):
    """Finds what of MARK a browser would run: in scripts, attributes of events, addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in ("script", "style") else ""
        addresses = ("href", "src", "action", "data", "srcdoc", "content")
        for name, value in attrs:
            is_address = name.rpartition(":")[2] in addresses and not (value or "").startswith("#")
            if "4711" in (value or "") and (name.startswith("on") or is_address):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, _tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if "4711" in data and (self._inside or any(each in data for each in ("\\href", "\\mmlToken", "\\bbox"))):
            self.found.append(f"in {self._inside or 'formulas'}: {data[:200]}")
