"""Forms for the workshop: they read and write the answers of client.yml (imported only where a person works by hand)."""

from helpers.forms.form import Form

__all__ = ["Form"]
