"""The query of a client.yml: exactly one SELECT that reads tables and computes, or a sentence that says why not.

client.yml comes from outside. What it may ask of a database is a list of what is allowed (``sql_functions.yml``). What
is sent is put together anew from the tokens that were judged, with plain quotes and without comments, so that no engine
reads more in it than was judged here; operators and names stay as they were typed, so that it means the same.
"""

import logging
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
from ruamel.yaml import YAML
from sqlglot import expressions
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError, TokenError
from sqlglot.tokens import TokenType

MOST_CHARACTERS = 20_000
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")  # engines and parsers differ in what of these is a blank
_DEEPEST = 40  # brackets within brackets; the parser's time grows fast beyond
_FUNCTIONS = Path(__file__).parent / "sql_functions.yml"
_IDENTIFIER = re.compile(r"\w[\w $#&@%+,()-]*")
_FILE_NAME = re.compile(r"[/\\:*?]|\.(csv|tsv|txt|json|ndjson|jsonl|parquet|xlsx|db|duckdb|arrow|gz|zst)$", re.IGNORECASE)


class NotReading(ValueError):
    """A query that does more than read, or that cannot be understood; the text says what, never the query itself."""


def reading_select(query: str, dialect: str) -> str:
    """Return a query of client.yml with plain quotes and without comments, after it was found to be one SELECT that only reads.

    ``dialect`` is "postgres", "duckdb" or "spark".

    Raises
    ------
    NotReading : it is more than one statement, writes, locks, reads files or the system's own tables, or calls a
        function that is not on the list.
    """
    text = _plainly_quoted(query, dialect)
    for node in _parsed(text, dialect).walk():
        _judge(node, dialect)
    return text


def table_name(name: str) -> list[str]:
    """Return the parts of the name of a table in client.yml: [table], [schema, table] or [catalog, schema, table].

    Raises
    ------
    NotReading : it is more than a name, or names what holds no business data.
    """
    parts = name.split(".")
    if len(parts) > 3 or not all(_IDENTIFIER.fullmatch(part) and len(part) <= 128 for part in parts):
        raise NotReading("the name of a table or view, as name or schema.name")
    _judge_name(parts)
    return parts


def _plainly_quoted(query: str, dialect: str) -> str:
    """Put a query together from its tokens: strings and names in plain quotes, a space for every gap and comment."""
    if len(query) > MOST_CHARACTERS or _depth(query) > _DEEPEST:
        raise NotReading(f"a query of at most {MOST_CHARACTERS:,} characters and {_DEEPEST} brackets within brackets")
    if any(unicodedata.category(character) in _UNSEEN and character not in " \t\r\n" for character in query):
        raise NotReading("a query without control characters and without any blank but the plain one")
    if dialect == "spark" and "${" in query:  # Spark puts environment variables there before it reads the statement
        raise NotReading("a query without ${…}")
    try:
        tokens = Dialect.get_or_raise(dialect).tokenize(query)
    except (TokenError, ValueError, LookupError, TypeError, AttributeError):
        raise NotReading("a SELECT that can be understood") from None
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens.pop()
    parts: list[str] = []
    end = -1
    for token in tokens:
        if token.token_type.name.endswith("_STRING"):
            raise NotReading("text in plain quotes (no E'…', $$…$$ or the like)")
        parts.append(" " if token.start > end + 1 and parts else "")
        if token.token_type == TokenType.STRING:
            parts.append(_string(token.text, dialect))
        elif token.token_type == TokenType.IDENTIFIER:
            mark = "`" if dialect == "spark" else '"'
            parts.append(mark + token.text.replace(mark, 2 * mark) + mark)
        else:
            parts.append(query[token.start : token.end + 1])
        end = token.end
    return "".join(parts)


def _string(text: str, dialect: str) -> str:
    if dialect == "spark":  # where a backslash in a string escapes what follows
        text = text.replace("\\", "\\\\")
    return "'" + text.replace("'", "\\'" if dialect == "spark" else "''") + "'"


def _parsed(query: str, dialect: str) -> Any:
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it prints the text of what it does not understand
    try:
        statements = [statement for statement in sqlglot.parse(query, read=dialect) if statement is not None]
    except (SqlglotError, RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotReading(f"a SELECT that can be understood{_where(error)}") from None
    if len(statements) != 1:
        raise NotReading(f"exactly one statement, not {len(statements)}")
    if not isinstance(statements[0], (expressions.Select, expressions.SetOperation, expressions.Subquery)):
        raise NotReading("a statement that begins with SELECT or WITH")
    return statements[0]


def _where(error: Exception) -> str:
    errors = getattr(error, "errors", None)
    return f" (line {errors[0]['line']}, character {errors[0]['col']})" if errors and errors[0].get("line") else ""


def _depth(query: str) -> int:
    deepest = depth = 0
    for character in query:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _judge(node: Any, dialect: str) -> None:
    writing = (expressions.DDL, expressions.DML, expressions.Command, expressions.Into, expressions.Set, expressions.Drop)
    if isinstance(node, writing):
        raise NotReading("a statement that only reads (no INSERT, UPDATE, DELETE, INTO or the like within it)")
    if isinstance(node, expressions.Lock):
        raise NotReading("a statement that locks nothing (no FOR UPDATE or FOR SHARE)")
    foreign = (expressions.QueryTransform, expressions.Placeholder, expressions.Parameter, expressions.Operator)
    if isinstance(node, foreign):
        raise NotReading("a statement without programs, operators of one's own, parameters or placeholders")
    if isinstance(node, expressions.Table) and isinstance(node.this, expressions.Identifier):
        _judge_name([part.name for part in node.parts])
    elif isinstance(node, expressions.Table) and not isinstance(node.this, expressions.Func):
        raise NotReading("tables by their name")
    if isinstance(node, expressions.Func):
        _judge_function(node, dialect)


def _judge_name(parts: list[str]) -> None:
    rules = _rules()
    if any(_FILE_NAME.search(part) for part in parts):
        raise NotReading("tables by their name, not files")
    # On Spark a schema with dots is the name of a program that reads files.
    if any(part.lower() in rules["schemas"] or "." in part for part in parts[:-1]) or parts[-1].lower().startswith(
        ("pg_", "sqlite_", "duckdb_")
    ):
        raise NotReading("tables of the business, not of the database system or files read as tables")


def _judge_function(node: Any, dialect: str) -> None:
    rules = _rules()
    if isinstance(node, (expressions.Anonymous, expressions.AnonymousAggFunc)):
        name = node.name.lower()
        in_family = dialect != "postgres" and name.startswith(tuple(rules["families"]))
        known = name in rules["named"] or in_family
    else:
        name = node.sql_name().lower()
        known = type(node).__name__ in rules["known"]
    if isinstance(node.parent, expressions.Dot) and dialect != "duckdb" and node.parent.this.name.lower() != "pg_catalog":
        known = False  # a function of somebody's own schema; in DuckDB it is name.upper()
    if not known:
        shown = name if re.fullmatch(r"\w{1,40}", name) else "one that was called"
        raise NotReading(f"functions that only compute; the function {shown} is not among those that are known to")


@cache
def _rules() -> dict[str, frozenset[str]]:
    raw = YAML(typ="safe", pure=True).load(_FUNCTIONS.read_text(encoding="utf-8"))
    return {name: frozenset(re.split(r",\s*", text.strip())) for name, text in raw.items()}
