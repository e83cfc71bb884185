import tomllib

from hypothesis import given
from hypothesis import strategies as st

from simulation.scenario.toml_positions import key_lines, line_of

TEXT = '''# a comment with [brackets] and "quotes
title = "a # b" # c
"quoted key" = 1
a.b.c = [
  1, # not a key = 3
  2,
]
long = """
inner = 3
[no.table]
\\""" still"""
literal = \'\'\'
x = 1\'\'\'

[ table ]
key = { x = 1, "y" = { z = 2 } }

[[list]]
n = 1
[[list]]
n = 2
[list.below]
m = 3
[[list.deep]]
k = 1
[[list.deep]]
k = 2
'''


def test_keys_are_found_where_they_stand():
    lines = key_lines(TEXT)
    expected = {
        ("title",): 2,
        ("quoted key",): 3,
        ("a", "b", "c"): 4,
        ("long",): 8,
        ("literal",): 12,
        ("table", "key"): 16,
        ("list", 0, "n"): 19,
        ("list", 1, "n"): 21,
        ("list", 1, "below", "m"): 23,
        ("list", 1, "deep", 0, "k"): 25,
        ("list", 1, "deep", 1, "k"): 27,
    }
    assert {path: lines.get(path) for path in expected} == expected
    assert not any("inner" in path or "no" in path or "x" in path for path in lines)
    assert line_of(("table", "key", "y", "z"), lines) == 16


def test_every_key_of_the_data_has_a_line():
    lines = key_lines(TEXT)

    def check(value, path):
        if path:
            assert line_of(path, lines) is not None
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in items:
            check(inner, (*path, key))

    check(tomllib.loads(TEXT), ())


@given(st.text(alphabet="ab1 .=[]{}\",'#\\\n", max_size=80))
def test_no_text_stops_the_search_for_lines(text):
    assert all(1 <= line <= text.count("\n") + 1 for line in key_lines(text).values())
