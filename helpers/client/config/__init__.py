"""client.yml: what it may hold, how it is read, and every mistake in it at once."""

from helpers.client.config.load import FILE, Loaded, load_client, mistakes_in, read_client
from helpers.client.config.schema import ClientConfig, ClientSection, IdRepair, SetAsideRule, Source

__all__ = [
    "ClientConfig",
    "ClientSection",
    "FILE",
    "IdRepair",
    "Loaded",
    "SetAsideRule",
    "Source",
    "load_client",
    "mistakes_in",
    "read_client",
]
