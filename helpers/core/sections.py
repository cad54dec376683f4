"""What all sections of client.yml are: only keys that are known, and values that stay as they were read."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Base of a section: a key that it does not know is a mistake, and nothing changes it after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
