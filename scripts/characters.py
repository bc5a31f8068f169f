"""Write linkcheck/common/character_table.py: `python scripts/characters.py FOLDER`.

FOLDER holds files of the Unicode Character Database (https://www.unicode.org/Public/VERSION/ucd/):
DerivedCoreProperties.txt, and emoji-data.txt, which is in its folder emoji.
"""

import re
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "linkcheck" / "character_table.py"
WIDTH = 5  # ranges a line
HEAD = '''"""Characters by Unicode property, as the inside of a class of a regular expression.

Written by scripts/characters.py from
{sources}.
"""
'''


def ranges(text: str, name: str, category: str = "") -> list[tuple[int, int]]:
    """The ranges of a property (of what has one of the categories), those that touch as one."""
    found: list[tuple[int, int]] = []
    row = rf"^([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*{name}\s*# *{category}"
    for first, last in re.findall(row, text, re.MULTILINE):
        start, end = int(first, 16), int(last or first, 16)
        if found and found[-1][1] + 1 == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def source(text: str, name: str) -> str:
    """Name, version and date of a file, by its own first lines."""
    version = re.search(r"(?:-|Version: )(\d+\.\d+(?:\.\d+)?)", text)
    date = re.search(r"Date: (\d{4}-\d\d-\d\d)", text)
    return f"{name} {version[1] if version else '?'} ({date[1] if date else '?'})"


def escaped(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def constant(name: str, found: list[tuple[int, int]]) -> str:
    shown = [escaped(a) if a == b else f"{escaped(a)}-{escaped(b)}" for a, b in found]
    rows = ["".join(shown[at : at + WIDTH]) for at in range(0, len(shown), WIDTH)]
    return "\n".join([f"{name} = (", *(f'    "{row}"' for row in rows), ")"])


def main(folder: Path) -> None:
    core, emoji = (
        (folder / name).read_text(encoding="utf-8") for name in ("DerivedCoreProperties.txt", "emoji-data.txt")
    )
    sources = f"{source(core, 'DerivedCoreProperties.txt')} and {source(emoji, 'emoji-data.txt')}"
    parts = [
        HEAD.format(sources=sources),
        constant("DEFAULT_IGNORABLE", ranges(core, "Default_Ignorable_Code_Point")),
        "# Those that Python may take for printable.",
        constant("PRINTABLE_IGNORABLE", ranges(core, "Default_Ignorable_Code_Point", "(?:Mn|Lo|Cn)")),
        constant("PICTOGRAPHIC", ranges(emoji, "Extended_Pictographic")),
    ]
    OUT.write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
