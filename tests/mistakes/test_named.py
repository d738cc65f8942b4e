"""The mistakes of exercises 3 and 4 are named, however they are written; what is no known mistake gets no name."""

import pytest
from snippets import NAMED, Bench, Snippet, snippets_of

SNIPPETS = [snippet for path in sorted(NAMED.glob("*.txt")) for snippet in snippets_of(path)]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_the_mistake_is_named(snippet: Snippet, bench: Bench) -> None:
    assert bench.named(snippet) == snippet.mistake
