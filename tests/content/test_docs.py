"""The docs: each command's help is in them word for word, and each option with a sentence of use."""

import re
import runpy

import click
import pytest
from places import KIT

COMMANDS = runpy.run_path(str(KIT / "docs" / "make_commands.py"))
PAGES = {path.name: path.read_text(encoding="utf-8") for path in [*KIT.glob("*.md"), *KIT.glob("docs/*.md")]}
TEXT = "\n".join(text for name, text in PAGES.items() if name != "commands.md")
PLACEHOLDER = re.compile(r"exercise5|exerciseN|NAME|\bbend\b")  # in what is to be written
CONTEXTS = {context.command_path: context for context in COMMANDS["commands"]()}


def test_the_page_of_commands_is_as_generated():
    assert PAGES["commands.md"] == COMMANDS["page"](), "run: python docs/make_commands.py"


@pytest.mark.parametrize("path", CONTEXTS)
def test_every_command_and_option_is_explained_somewhere(path):
    assert path in TEXT
    options = [param for param in CONTEXTS[path].command.params if isinstance(param, click.Option)]
    names = [max(option.opts, key=len) for option in options]
    assert [name for name in names if not re.search(rf"{name}(?![\w-])", TEXT)] == []


@pytest.mark.parametrize("name", PAGES)
def test_links_and_paths_lead_somewhere(name):
    folder = KIT / "docs" if (KIT / "docs" / name).exists() else KIT
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", PAGES[name])
    assert [link for link in links if not (folder / link).exists()] == []
    paths = re.findall(r"`((?:autograder|tests|docs|solutions|exercises|datasets)/[\w./-]+)`", PAGES[name])
    assert [path for path in paths if not (KIT / path).exists() and not PLACEHOLDER.search(path)] == []


def test_the_architecture_names_what_is_there():
    page = PAGES["architecture.md"]
    assert page.count("\n") <= 100
    rooms = {path.parent.name for path in KIT.glob("autograder/*/__init__.py")}
    assert {room for room in rooms if f"| `{room}/`" not in page} == set()
