"""A mistake said once: with its value at the terminal, with the kind of value wherever it stays."""

from __future__ import annotations

import pytest

from helpers.core.errors import Problem, UserMistakes, condensed, kind_of


def wrong(line: int, got: str, column: str = "Bedrag") -> Problem:
    return Problem("a.csv", f"line {line}, column {column}", got, "a number", "Correct the cell.")


def test_equal_mistakes_are_one_with_three_examples():
    (problem,) = condensed([wrong(i, f"v{i}") for i in range(2, 21)])
    assert problem.count == 19 and str(problem).startswith("a.csv, lines 2, 3, 4 and 16 more, column Bedrag: got 'v2, v3, v4'; expected")


def test_different_columns_expectations_and_keys_stay_apart():
    keys = [Problem("client.yml", f"line {i}, key sources.{i}.fil", "fil", "a key that sources knows", "") for i in (3, 9)]
    both = condensed([wrong(2, "a"), wrong(2, "b", "Dag"), *keys])
    assert [problem.count for problem in both] == [1, 1, 1, 1]


def test_what_was_not_listed_counts():
    (problem,) = condensed([wrong(i, "x") for i in range(20)], 300)
    assert problem.count == 300 and "and 297 more" in problem.place


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", ""),
        ("an@shop.be", "text with an @"),
        ("0475 12 34 56", "a number of 10 digits"),
        ("1.250,50", "a number of 6 digits"),
        ("30/02/2024", "a date or time"),
        ("An Peeters", "text of 10 characters"),
    ],
)
def test_a_kind_of_value_says_enough_to_find_it(text: str, kind: str):
    assert kind_of(text) == kind


def test_the_text_of_an_exception_holds_no_value_but_that_of_a_key():
    error = UserMistakes([wrong(2, "An Peeters"), Problem("client.yml", "line 1", "langage", "a key", "Did you mean 'language'?")])
    assert "Peeters" not in str(error) and "langage" in str(error) and "text of 10 characters" in str(error)
    assert "An Peeters" in str(error.problems[0])
    assert "an@shop" not in Problem("client.yml", "line 1", "an@shop.be", "a key").safe
