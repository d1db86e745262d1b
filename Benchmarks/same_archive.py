"""Both engines written from one journal: do they hold the same, table by table?"""

import hashlib
import os
import sqlite3

from postgres import PostgresStack, heads
from reporting import promise, report
from stack import wait

OFFSETS = 'SELECT partition, ("offset" >> 32) || \'-\' || ("offset" & 4294967295) FROM bus_offsets'
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
    " AND relnamespace = 'public'::regnamespace"
    " AND relname NOT IN ('schema_migrations', 'database_identity', 'store_migrations') ORDER BY 1"
)
# Left out is what each archive gives itself: numbers of rows, and when it wrote them.
COLUMNS = (
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{}' AND is_generated = 'NEVER'"
    " AND column_name NOT IN ('created_at', 'updated_at') AND NOT (column_name = 'id' AND data_type = 'bigint') ORDER BY 1"
)


def same(count=int(os.environ.get("MESSAGES", 100_000))):
    """Events of all kinds through one gateway into both engines, then a checksum of each table's sorted rows."""
    with PostgresStack() as stack:
        stack.start("irc-gateway")
        stack.joined()
        # The journal acknowledges the first database only; the second one is a reader like any other.
        stack.writer()
        stack.start("writer", label="writer-sqlite", environment={"DATABASE_URL": "sqlite:///" + stack.database})
        kinds = {}
        for _ in range(0, count, 10_000):
            burst = stack.burst(min(10_000, count), kinds=None)
            for channel in burst["offered"].values():
                for kind, number in channel.get("kinds", {}).items():
                    kinds[kind] = kinds.get(kind, 0) + number
        stack.settled()
        ends = heads(stack)
        wait("PostgreSQL has read all", lambda: dict(stack.query(OFFSETS)) == ends, deadline=600, every=0.5)
        wait("SQLite has read all", lambda: sqlite(stack, OFFSETS, {str(p): o for p, o in ends.items()}), 600, 0.5)
        report("same", events=sum(kinds.values()), **kinds)
        file = sqlite3.connect(f"file:{stack.database}?mode=ro", uri=True)
        differing, filled = [], 0
        for (table,) in stack.query(TABLES):
            columns = stack.query(COLUMNS.format(table))
            (ours, rows), theirs = of_sqlite(file, table, columns), of_postgres(stack, table, columns)
            filled += rows > 0
            if ours != theirs:
                differing.append(table)
            report("  " + table, rows=rows, sqlite=ours[:16], postgresql=theirs[:16])
        promise("same", **{"every table is the same": not differing, "rows in nine tables at least": filled >= 9})


def sqlite(stack, sql, ends):
    file = sqlite3.connect(f"file:{stack.database}?mode=ro", uri=True, timeout=60)
    try:
        return {str(partition): offset for partition, offset in file.execute(sql)} == ends
    finally:
        file.close()


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
