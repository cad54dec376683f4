"""Imported by name in the template processes and workers of these tests: they know the tiny workbook only."""

from tests.running.engine import tiny

tiny.use()
