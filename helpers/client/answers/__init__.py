"""The answers of client.yml: read and written without losing a comment, checked as one types."""

from helpers.client.answers.store import Answers, read_answers, save

__all__ = ["Answers", "read_answers", "save"]
