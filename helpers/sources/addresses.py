"""The address of a database in client.yml: every part is used or refused by name, and no secret comes back in a message."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from helpers.core.errors import Problem, did_you_mean
from helpers.sources.places import file_of

HOSTS = "AIM_HOSTS"  # where secrets may be sent to, as host or host:port with commas; anywhere when it is not set
SECRETS = "AIM_SECRETS"  # names of environment variables that client.yml may use, beside those that begin with AIM_
KINDS = ("postgresql", "spark", "duckdb")
_NAME = re.compile(r"\$\{(\w*)\}")
_KEY = "key url"
# What a client may say about a connection; where it goes to, as whom and what it may do is not among these.
_OPTIONS = tuple(
    (
        "application_name channel_binding connect_timeout gssencmode keepalives keepalives_count keepalives_idle keepalives_interval "
        "ssl_max_protocol_version ssl_min_protocol_version sslcert sslcrl sslkey sslmode sslnegotiation sslrootcert "
        "target_session_attrs tcp_user_timeout"
    ).split()
)
_OWN = ("AIM_DATA", "AIM_REPORTS", "AIM_NOTEBOOKS", "AIM_FOLDERS", "AIM_SECRETS", "AIM_HOSTS", "AIM_MEMORY", "AIM_SPILL")
_FILES = ("sslcert", "sslcrl", "sslkey", "sslrootcert")


@dataclass(frozen=True)
class Address:
    """Where a database is: its kind, and the parts of its address with secrets filled in; "" and None where not given.

    With duckdb there is a ``file``; ``options`` are further words for the connection, such as sslmode.
    """

    kind: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    database: str = ""
    file: Path | None = None
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


def address_of(folder: Path, url: str) -> Address | list[Problem]:
    """Return the parts of an address (``url`` in client.yml), or every problem with it; its files must lie in the client's folder."""
    kind, _, rest = url.partition(":")
    kind = "postgresql" if kind == "postgres" else kind
    if kind not in KINDS:
        shown = kind if re.fullmatch(r"[a-z][a-z0-9+]{1,15}", kind) else ""
        return [Problem("client.yml", _KEY, shown, "a kind of database that is read", did_you_mean(shown, KINDS))]
    problems = _secret_problems(url)
    if problems:
        return problems
    rest, _, query = rest.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    allowed = _OPTIONS if kind == "postgresql" else ()
    problems = [_unknown(name, kind, allowed) for name in options if name not in allowed]
    unclear = (name for name in allowed if options.get(name) == "" or [key for key, _ in pairs].count(name) > 1)
    problems += [Problem("client.yml", _KEY, name, "this option once, with a value") for name in unclear]
    if problems or query and not options:
        return problems or [_unknown("", kind, allowed)]
    if kind == "duckdb":
        path = file_of(folder, rest, _KEY)
        if isinstance(path, Problem):
            return [path]
        journal = path.with_name(f"{path.name}.wal")  # DuckDB reads it too
        if journal.is_symlink():
            return [Problem("client.yml", _KEY, journal.name, "a file of its own, not a link", "Put the file itself there.")]
        return Address(kind, file=path)
    if any(_NAME.search(value) for value in options.values()):
        fix = "A password stands behind the user: postgresql://user:${AIM_…}@host/db."
        return [Problem("client.yml", _KEY, "", "options without ${…}", fix)]
    return _served(folder, kind, rest, options)


def masked(text: str, url: str) -> str:
    """Return what an engine said without any secret of the address in client.yml, on one line of at most 300 characters."""
    parts = urlsplit(url) if url.count("[") == url.count("]") else None
    secrets = [os.environ.get(name, "") for name in _NAME.findall(url)]
    secrets += [value for _, value in parse_qsl(parts.query)] if parts else []
    forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""), quote_plus(secret), unquote(secret))}
    for form in sorted(forms, key=len, reverse=True):
        text = re.sub(re.escape(form), "…", text, flags=re.IGNORECASE)
    return re.sub(r"(://[^/@:\s]*:)[^@\s]+@", r"\1…@", " ".join(text.split()))[:300]


def _secret_problems(url: str) -> list[Problem]:
    listed = {name.strip() for name in os.environ.get(SECRETS, "").split(",")}
    problems = []
    for name in dict.fromkeys(_NAME.findall(url)):
        if name in _OWN or not (name.startswith("AIM_") or name in listed):
            # Any other variable of this machine could otherwise be sent to any server that client.yml names.
            expected = f"an environment variable whose name begins with AIM_, or that {SECRETS} on this machine lists"
            problems.append(Problem("client.yml", _KEY, f"${{{name[:40]}}}", expected))
        elif name not in os.environ:
            fix = "Put it in the environment, never in client.yml."
            problems.append(Problem("client.yml", _KEY, f"${{{name[:40]}}}", "an environment variable of this name", fix))
    return problems


def _unknown(name: str, kind: str, allowed: tuple[str, ...]) -> Problem:
    shown = name if re.fullmatch(r"[a-zA-Z_]{1,40}", name) else ""
    fix = did_you_mean(shown, allowed) if allowed else f"Leave out what follows '?': {kind}: takes no options."
    return Problem("client.yml", _KEY, shown, "options of the address that are known", fix)


def _served(folder: Path, kind: str, rest: str, options: dict[str, str]) -> Address | list[Problem]:
    wrong = [Problem("client.yml", _KEY, "", f"an address of the form {kind}://…host:port/…", "Correct the address.")]
    try:
        parts = urlsplit(f"{kind}:" + _NAME.sub(lambda match: quote(os.environ[match.group(1)], safe=""), rest))
        port = parts.port
    except ValueError:
        return wrong
    if not rest.startswith("//") or parts.fragment:
        return wrong
    if kind == "spark" and (parts.username or parts.password or parts.path.strip("/")):
        fix = "Write spark://local or spark://host:port."
        return [Problem("client.yml", _KEY, "", "a Spark address of host and port only", fix)]
    if _NAME.search(rest.rpartition("@")[2]):
        return [Problem("client.yml", _KEY, "", "${…} as user or password only", "Write host and database as they are.")]
    problems = []
    for name in set(options) & set(_FILES):
        if name == "sslrootcert" and options[name] == "system":
            continue
        path = file_of(folder, options[name], f"{_KEY}, option {name}")
        if isinstance(path, Problem):
            problems.append(path)
        else:
            options[name] = str(path)
    host, user, password, database = (
        unquote(part or "") for part in (parts.hostname, parts.username, parts.password, parts.path.strip("/"))
    )
    if kind == "postgresql" and not re.fullmatch(r"[\w.:-]*", host):
        return [Problem("client.yml", _KEY, "", "the name or number of a machine as host", "Sockets of this machine are not used.")]
    allowed_hosts = [entry.strip() for entry in os.environ.get(HOSTS, "").split(",") if entry.strip()]
    if allowed_hosts and _NAME.search(rest) and not {host, f"{host}:{port}"} & set(allowed_hosts):
        return [Problem("client.yml", _KEY, "", f"a host that {HOSTS} on this machine lists, since a secret would be sent there")]
    return problems or Address(kind, host, port, user, password, database, None, options)
