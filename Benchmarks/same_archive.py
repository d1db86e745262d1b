"""Both engines written from one journal: do they hold the same, table by table?"""

import hashlib
import os
import sqlite3

from broadcasters import Broadcasters
from bus import Tap
from postgres import PostgresStack, heads
from reporting import promise, report
from stack import wait
from strange_producer import StrangeProducer
from streams import twitch

OFFSETS = 'SELECT producer, partition, "offset" FROM bus_offsets ORDER BY 1, 2'
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
    " AND relnamespace = 'public'::regnamespace"
    " AND relname NOT IN ('schema_migrations', 'database_identity', 'store_migrations', 'bus_producers') ORDER BY 1"
)
# Work that is left, and there is none at the end.
TO_DO = {"attribution_pending"}
# Left out is what each archive gives itself: numbers of rows, when it wrote them, when it saw that something is gone.
COLUMNS = (
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{}' AND is_generated = 'NEVER' AND is_identity = 'NO'"
    " AND column_name NOT IN ('created_at', 'updated_at', 'detected_at') AND NOT (column_name = 'id' AND data_type = 'bigint') ORDER BY 1"
)


def same(count=int(os.environ.get("MESSAGES", 100_000))):
    """Events of all kinds through gateway, poller and a strange producer into both engines; a checksum of each table."""
    with PostgresStack() as stack, Tap(stack.folder, ["stream-poller-0"], "stream.") as tap:
        twitch(stack)
        stack.extra |= {"STREAM_POLL_INTERVAL": "2s", "STREAM_OFFLINE_AFTER": "4s"}
        for name in ("token-service", "stream-poller", "irc-gateway"):
            stack.start(name)
        stack.joined()
        strange = StrangeProducer(stack.folder)
        # The journal acknowledges the first database only; the second one is a reader like any other.
        stack.writer()
        stack.start("writer", label="writer-sqlite", environment={"DATABASE_URL": "sqlite:///" + stack.database})
        casters = Broadcasters(stack, tap)
        for login in stack.channels[:6]:
            casters.start(login)
        kinds = {}
        for _ in range(0, count, 10_000):
            burst = stack.burst(min(10_000, count), kinds=None)
            for channel in burst["offered"].values():
                for kind, number in channel.get("kinds", {}).items():
                    kinds[kind] = kinds.get(kind, 0) + number
        wait("the streams are told", lambda: casters.truth().keys() <= casters.heard("stream.online").keys(), 60, 0.2)
        casters.retitle(stack.channels[0])
        for login in stack.channels[:3]:
            casters.end(login)
        ended = {stream for stream in casters.truth()} - set(casters.live.values())
        wait("the ends are told", lambda: ended <= casters.heard("stream.offline").keys(), 60, 0.2)
        stack.settled()
        ends = heads(stack)
        wait("PostgreSQL has read all", lambda: ends.items() <= gateways(stack.query(OFFSETS)).items(), 600, 0.5)
        wait("SQLite has read the same", lambda: offsets(sqlite(stack, OFFSETS)) == offsets(stack.query(OFFSETS)), 600, 0.5)
        wait("no row waits for its stream", lambda: stack.rows("attribution_pending") == 0, 60, 0.5)
        wait("nor there", lambda: sqlite(stack, "SELECT count(*) FROM attribution_pending") == [(0,)], 60, 0.5)
        strange.stop()
        report("same", events=sum(kinds.values()), **kinds)
        file = sqlite3.connect(f"file:{stack.database}?mode=ro", uri=True)
        differing, empty = [], []
        for (table,) in stack.query(TABLES):
            columns = stack.query(COLUMNS.format(table))
            (ours, rows), theirs = of_sqlite(file, table, columns), of_postgres(stack, table, columns)
            if rows == 0:
                empty.append(table)
            if ours != theirs:
                differing.append(table)
            report("  " + table, rows=rows, sqlite=ours[:16], postgresql=theirs[:16])
        promise(
            "same",
            **{"every table is the same": not differing, "rows in every table but what is still to do": set(empty) <= TO_DO},
        )


def sqlite(stack, sql):
    file = sqlite3.connect(f"file:{stack.database}?mode=ro", uri=True, timeout=60)
    try:
        return file.execute(sql).fetchall()
    finally:
        file.close()


def offsets(rows):
    return {(producer, int(partition)): int(offset) for producer, partition, offset in rows}


def gateways(rows):
    """The gateway's own offsets as its journal writes them."""
    return {
        str(partition): f"{offset >> 32}-{offset & 0xFFFFFFFF}"
        for (producer, partition), offset in offsets(rows).items()
        if producer.startswith("gw-") and producer != "gw-strange"
    }


def checksum(rows):
    """Of the rows' own checksums in their order, whatever order they were stored in."""
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def of_sqlite(file, table, columns):
    def text(value):
        if value is None:
            return "NULL"
        return (value if isinstance(value, bytes) else str(value).encode()).hex()

    names = ", ".join(f'"{name}"' for name, _ in columns)
    rows = [
        hashlib.md5("|".join(map(text, row)).encode()).hexdigest() for row in file.execute(f"SELECT {names} FROM {table}")
    ]
    return checksum(rows), len(rows)


def of_postgres(stack, table, columns):
    """Times and truth in SQLite's words."""

    def expression(name, kind):
        name = f'"{name}"'
        if kind == "bytea":
            return f"coalesce(encode({name}, 'hex'), 'NULL')"
        if kind == "timestamp with time zone":
            name = f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        elif kind == "boolean":
            name = f"{name}::int"
        return f"coalesce(encode(convert_to({name}::text, 'UTF8'), 'hex'), 'NULL')"

    fields = " || '|' || ".join(expression(name, kind) for name, kind in columns)
    return checksum(row[0] for row in stack.query(f"SELECT md5({fields}) FROM {table}"))
