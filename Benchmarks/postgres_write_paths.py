#!/usr/bin/python3
"""The ways to bring chat messages into PostgreSQL with ON CONFLICT DO NOTHING, beside plain COPY, which has none.

    postgres_write_paths.py postgresql://…/name [rows]

The database must be one that a writer has made: its `chat_messages`, with every index, is filled again and again from
rows made here, 1,000 a transaction. `server_us` is the CPU of the server's process for one row: it says the same on a
busy machine. Needs Debian's python3-psycopg.
"""

import os
import sys
import time

import psycopg

BATCH = 1000
TYPES = {"text": "text", "integer": "int4", "boolean": "bool", "timestamp with time zone": "timestamptz"}


def cpu(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def columns(connection):
    found = connection.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = 'chat_messages'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )
    return [(name, TYPES[kind]) for name, kind in found]


def make_rows(columns, count):
    """Rows as the writer makes them: about 600 bytes, ids like Twitch's, a thousand chatters in forty rooms."""
    values = {
        "message_text": "hello harbour Kappa, this is a message of a believable length",
        "color": "#FF7F50",
        "badges": "subscriber/12,premium/1",
        "message_type": "chat",
        "badge_info": "subscriber/14",
        "emotes": '[{"id":"25","begin":14,"end":19}]',
        "raw": "@badge-info=subscriber/14;badges=subscriber/12,premium/1;color=#FF7F50;" + "x" * 330,
        "is_subscriber": True,
        "is_moderator": False,
        "is_vip": False,
        "is_first_message": False,
        "is_action": False,
        "is_returning_chatter": False,
    }
    import datetime
    import random

    generator = random.Random(7)
    start = datetime.datetime(2026, 11, 22, 10, tzinfo=datetime.timezone.utc)
    rows = []
    for number in range(count):
        time_ = start + datetime.timedelta(milliseconds=number)
        user = generator.randrange(1000)
        room = generator.randrange(40)
        own = {
            "id": f"{generator.getrandbits(48):012x}-0000-4000-8000-{number:012x}",
            "broadcaster_user_id": str(100 + room),
            "broadcaster_user_login": f"harbor_{room}",
            "broadcaster_user_name": f"harbor_{room}",
            "chatter_user_id": str(user),
            "chatter_user_login": f"mina{user}",
            "chatter_user_name": f"Mina{user}",
            "sent_at": time_,
            "created_at": time_,
            "received_at": time_ + datetime.timedelta(milliseconds=30),
        }
        rows.append([own.get(name, values.get(name)) for name, _ in columns])
    return rows


class Paths:
    def __init__(self, url, count):
        self.connection = psycopg.connect(url, autocommit=True)
        self.columns = columns(self.connection)
        self.names = ", ".join(name for name, _ in self.columns)
        self.kinds = [kind for _, kind in self.columns]
        rows = make_rows(self.columns, count)
        self.batches = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
        self.count = len(rows)
        # Encoded once, by the server itself, so that the client costs next to nothing.
        self.connection.execute("CREATE TEMPORARY TABLE staged (LIKE chat_messages)")
        self.encoded = [self.encode(batch) for batch in self.batches]
        self.connection.execute("DROP TABLE staged")
        self.connection.execute("CREATE TEMPORARY TABLE staged (LIKE chat_messages) ON COMMIT DELETE ROWS")

    def encode(self, batch):
        with self.connection.transaction():
            with self.connection.cursor().copy(f"COPY staged ({self.names}) FROM STDIN (FORMAT binary)") as copy:
                copy.set_types(self.kinds)
                for row in batch:
                    copy.write_row(row)
            with self.connection.cursor().copy(f"COPY staged ({self.names}) TO STDOUT (FORMAT binary)") as copy:
                encoded = b"".join(bytes(part) for part in copy)
            self.connection.execute("DELETE FROM staged")
        return encoded

    def copy(self, table, encoded):
        with self.connection.cursor().copy(f"COPY {table} ({self.names}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(encoded)

    def plain_copy(self, batch, encoded):
        self.copy("chat_messages", encoded)

    def copy_and_insert(self, batch, encoded):
        self.copy("staged", encoded)
        self.connection.execute(
            f"INSERT INTO chat_messages ({self.names}) SELECT {self.names} FROM staged ON CONFLICT DO NOTHING",
            prepare=True,
        )

    def unnest(self, batch, encoded):
        places = ", ".join(f"%b::{kind}[]" for kind in self.kinds)
        self.connection.execute(
            f"INSERT INTO chat_messages ({self.names}) SELECT * FROM unnest({places}) ON CONFLICT DO NOTHING",
            [list(column) for column in zip(*batch)],
            prepare=True,
        )

    def prepared_rows(self, batch, encoded):
        places = ", ".join(f"%b::{kind}" for kind in self.kinds)
        sql = f"INSERT INTO chat_messages ({self.names}) VALUES ({places}) ON CONFLICT DO NOTHING"
        with self.connection.pipeline():
            for row in batch:
                self.connection.execute(sql, row, prepare=True)

    def measure(self, path):
        self.connection.execute("TRUNCATE chat_messages")
        self.connection.execute("CHECKPOINT")
        pid = self.connection.info.backend_pid
        begin, used = time.monotonic(), cpu(pid)
        for batch, encoded in zip(self.batches, self.encoded):
            with self.connection.transaction():
                path(batch, encoded)
        seconds, used = time.monotonic() - begin, cpu(pid) - used
        stored = self.connection.execute("SELECT count(*) FROM chat_messages").fetchone()[0]
        assert stored == self.count, (path.__name__, stored)
        return self.count / seconds, used / self.count * 1e6


def main():
    paths = Paths(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
    for round_ in range(2):
        for path in (paths.plain_copy, paths.copy_and_insert, paths.unnest, paths.prepared_rows):
            rate, used = paths.measure(path)
            print(f"{path.__name__:16} rows_per_second={rate:.0f}  server_us={used:.1f}", flush=True)


if __name__ == "__main__":
    main()
