"""Forms for the workshop, over the answers of client.yml; imported only where a person works by hand."""

from helpers.client.forms.form import Form

__all__ = ["Form"]
