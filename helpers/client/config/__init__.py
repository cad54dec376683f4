"""client.yml: what it may hold, how it is read, and every mistake in it at once."""

from helpers.client.config.load import FILE, load_client, mistakes_in, read_client
from helpers.client.config.schema import ClientConfig, Source

__all__ = ["ClientConfig", "FILE", "Source", "load_client", "mistakes_in", "read_client"]
