"""``aim explain``: what a key of client.yml or a column of a table means and may hold."""

import click


@click.command()
@click.argument("key", required=False, default="")
def explain(key: str) -> None:
    """Say what a key of client.yml or a column of our tables means, what it may hold, its default and an example.

    KEY is a key with those around it (pilot.holdout_share, sources.decimal), the end of one (zero_pad), a table (order_lines),
    whose columns are listed, or a column (order_status). Without KEY: every section and table. Exit code 1 where there is no such key.
    """
    from helpers.client.explaining import explained

    click.echo(explained(key))
