"""What tests of HTML pages share."""

VOID = {"meta", "br", "link", "img"}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=1>{{ 7 * 7 }}\x1b[31m\x00"


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
