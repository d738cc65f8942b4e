"""Names that students and systems give to files: which are fit to show and to use, and under which name we write."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from autograder.files import sha256
from autograder.submissions.submission import SUFFIXES

LITTER = frozenset({"__pycache__", "__macosx", "thumbs.db", "desktop.ini", "timestamp.txt", "lost+found"})
BACKUPS = (".bak", ".orig", ".swp", ".tmp", "~")

# Characters that turn the reading direction of all that follows, so that a name shows as another.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

UNSAFE = frozenset('<>:"/\\|?*%')
RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\Z)", re.IGNORECASE)
NAMED = 20  # names in a line
LONGEST_STEM = 180  # bytes: a suffix, and the name of the file it is written to first, must fit into 255


def file_stem(student: str) -> str:
    """Return a student's name as the stem of a file that is safe on Linux, macOS and Windows; no two share one.

    Ordinary names stay as they are. Characters that some system forbids or hides are percent-encoded as in a URL, and
    a name that is too long ends in `%-` and a hash. In a link the stem must be quoted as any other file name.
    """
    last = len(student) - 1
    device = RESERVED.match(student)
    parts = []
    for index, character in enumerate(student):
        at_edge = (index == 0 and character in ".- ") or (index == last and character in ". ")
        is_unsafe = character in UNSAFE or not character.isprintable() or at_edge or (device and index == 0)
        escaped = "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogatepass"))
        parts.append(escaped if is_unsafe else character)
    stem = "".join(parts)
    if stem and len(stem.encode()) <= LONGEST_STEM:
        return stem
    digest = sha256(student.encode(errors="surrogatepass"))[:32]
    kept = stem.encode()[: LONGEST_STEM - 40].decode(errors="ignore")
    return f"{kept.rstrip('%')}%-{digest}"


def listed(names: Iterable[str]) -> str:
    """Return names with commas between them; one that has a comma itself stands in quotes."""
    return ", ".join(f'"{name}"' if "," in name else name for name in names)


def some(names: Sequence[str]) -> str:
    """Return the first names, listed, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return listed(names[:NAMED]) + more


def tidy(name: str) -> str:
    """Return a student's name in one form, whichever way the system that made the folder writes its accents."""
    return unicodedata.normalize("NFC", name).strip()


def printable(name: str) -> str:
    """Return a name with escapes for what cannot be printed."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in name)


def is_litter(name: str) -> bool:
    """Whether a name is one that systems and tools leave behind."""
    lowered = name.lower()
    if lowered.startswith("."):
        return lowered.startswith("._") or not lowered.endswith(SUFFIXES)  # ._x.py is macOS's shadow of x.py
    return lowered in LITTER or lowered.split(".")[0] == "readme" or lowered.endswith(BACKUPS)


def fault(name: str) -> str:
    """Return why no report can carry a name, or nothing."""
    if name.startswith("."):
        return "is hidden, as its name begins with a dot; rename it"
    if name.isprintable():
        return ""
    if any(unicodedata.category(character) == "Cs" for character in name):
        return "has a name that is not UTF-8; rename it"
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in TURNING for character in name):
        return "has a control character in its name; rename it"
    return ""
