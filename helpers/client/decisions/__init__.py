"""Decisions taken in the workshop, kept in client.yml and shown again beside the figure that they concern."""

from helpers.client.decisions import story
from helpers.client.decisions.record import Decision, figures, places

__all__ = ["Decision", "figures", "places", "story"]
