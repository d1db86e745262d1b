"""The figures that the project promises, each with how it was measured."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from archive import CHANNEL, START, STREAM, TemporaryArchive, text
from helix import helix
from postgres import crowd, drain, outage, pause, takeover
from reporting import BROKEN, percentile, report
from same_archive import same
from stack import BIN, Stack, wait
from streams import streams
from tokens import tokens

CHANNELS = ("quietharbor", "loudlagoon", "sunken_pier")


def throughput(count=int(os.environ.get("MESSAGES", 200_000))):
    """As fast as the system takes them: three channels, ten lines a frame; then SQLite alone with the same rows."""
    with Stack(CHANNELS) as stack:
        writer, gateway = stack.start("writer"), stack.start("irc-gateway")
        stack.joined()
        cpu = {p.name: p.cpu for p in (writer, gateway, stack["twitch-simulator"])}
        begin = time.monotonic()
        burst = stack.burst(count)
        accepted = time.monotonic() - begin
        wait("all rows", lambda: stack.highest() >= count, every=0.02)
        seconds = time.monotonic() - begin
        used = {p.name: (p.cpu - cpu[p.name]) / count * 1e6 for p in (writer, gateway, stack["twitch-simulator"])}
        proof = stack.proof(stack.ids(burst))
        report(
            "throughput",
            per_second=count / seconds,
            offered_per_second=count / accepted,
            **proof,
            gateway_us=used["irc-gateway"],
            writer_us=used["writer"],
            simulator_us=used["twitch-simulator"],
            writer_mib=writer.memory / 2**20,
            gateway_mib=gateway.memory / 2**20,
        )
        stack["irc-gateway"].stop()
        stack["writer"].stop()
        ceiling(stack, writer_us=used["writer"])


def ceiling(stack, writer_us):
    """The same rows with the same indexes by plain prepared statements, 1,000 a transaction: what SQLite itself costs."""
    source = sqlite3.connect(stack.database)
    schema = [
        row[0]
        for row in source.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'chat_messages' AND sql IS NOT NULL ORDER BY type DESC"
        )
    ]
    rows = source.execute("SELECT * FROM chat_messages").fetchall()
    target = sqlite3.connect(os.path.join(stack.folder, "ceiling.db"), isolation_level=None)
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("PRAGMA synchronous = NORMAL")
    target.execute("PRAGMA wal_autocheckpoint = 16384")
    for statement in schema:
        target.execute(statement)
    insert = f"INSERT INTO chat_messages VALUES ({','.join('?' * len(rows[0]))}) ON CONFLICT DO NOTHING"
    begin, cpu = time.monotonic(), time.process_time()
    for start in range(0, len(rows), 1000):
        target.execute("BEGIN")
        target.executemany(insert, rows[start : start + 1000])
        target.execute("COMMIT")
    seconds, used = time.monotonic() - begin, time.process_time() - cpu
    report(
        "ceiling",
        sqlite_rows_per_second=len(rows) / seconds,
        sqlite_us=used / len(rows) * 1e6,
        writer_cpu_ratio=used / len(rows) * 1e6 / writer_us,
    )


def latency(rate=2000, seconds=int(os.environ.get("SECONDS_AT_RATE", 300))):
    """Send to tap and send to committed row at a fixed rate; memory at the end."""
    import zmq

    with Stack(CHANNELS) as stack:
        writer, gateway = stack.start("writer"), stack.start("irc-gateway")
        stack.joined()
        # A writer looks for gateways every 2 s: measure when it has found this one.
        wait("the writer", lambda: stack.rows("collection_sessions") >= len(CHANNELS))
        to_tap, to_row, memory = [], [], []
        done = threading.Event()

        def tap():
            context = zmq.Context()
            socket = context.socket(zmq.SUB)
            socket.setsockopt(zmq.RCVHWM, 100_000)
            socket.setsockopt(zmq.SUBSCRIBE, b"chat.")
            socket.connect(f"ipc://{stack.folder}/state/bus/irc-gateway-0")
            marker = b"tmi-sent-ts="
            while not done.is_set():
                if not socket.poll(100):
                    continue
                frame = socket.recv()
                now = time.time() * 1000
                at = frame.find(marker)
                if at > 0:
                    to_tap.append(now - int(frame[at + 12 : at + 25]))
            socket.close(0)

        def rows():
            last = 0
            connection = None
            while not done.is_set():
                time.sleep(0.002)
                if connection is None:
                    if not os.path.exists(stack.database):
                        continue
                    connection = sqlite3.connect(f"file:{stack.database}?mode=ro", uri=True)
                try:
                    fresh = connection.execute(
                        "SELECT rowid, sent_at FROM chat_messages WHERE rowid > ? ORDER BY rowid", (last,)
                    ).fetchall()
                except sqlite3.OperationalError:
                    continue
                now = time.time() * 1000
                for rowid, sent_at in fresh:
                    last = rowid
                    to_row.append(now - moment(sent_at))

        threads = [threading.Thread(target=tap), threading.Thread(target=rows)]
        for thread in threads:
            thread.start()
        stack.control("POST", "rate", {"lines_per_second": rate})
        for second in range(seconds):
            time.sleep(1)
            memory.append((gateway.memory / 2**20, writer.memory / 2**20))
        stack.control("POST", "rate", {"lines_per_second": 0})
        time.sleep(2)
        done.set()
        for thread in threads:
            thread.join()
        middle = memory[len(memory) // 2]
        report(
            "latency",
            rate=rate,
            seconds=seconds,
            tap_p50_ms=percentile(to_tap, 0.5),
            tap_p99_ms=percentile(to_tap, 0.99),
            row_p50_ms=percentile(to_row, 0.5),
            row_p99_ms=percentile(to_row, 0.99),
            taps=len(to_tap),
            rows=len(to_row),
            gateway_mib=memory[-1][0],
            writer_mib=memory[-1][1],
            gateway_mib_halfway=middle[0],
            writer_mib_halfway=middle[1],
        )


def moment(text):
    """`YYYY-MM-DD HH:MM:SS.ffffff`, UTC, as milliseconds."""
    import calendar

    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%d %H:%M:%S")) * 1000 + int(text[20:23])


def kills(rounds=10):
    """Ten kill -9 of the writer, then ten of the gateway, under load."""
    with Stack(CHANNELS) as stack:
        stack.start("writer")
        stack.start("irc-gateway")
        stack.joined()
        offered = set()
        for _ in range(rounds):
            before = stack.highest()
            thread = threading.Thread(target=lambda: offered.update(stack.ids(stack.burst(10_000))))
            thread.start()
            wait("rows", lambda: stack.highest() > before)
            stack["writer"].kill()
            thread.join()
            stack.start("writer")
        wait("all rows", lambda: stack.highest() >= len(offered), every=0.05)
        report("kill writer", rounds=rounds, **stack.proof(offered))

        stack.control("POST", "rate", {"lines_per_second": 3000})
        for _ in range(rounds):
            before = stack.highest()
            wait("rows", lambda: stack.highest() > before + 1000)
            stack["irc-gateway"].kill()
            stack.start("irc-gateway")
            stack.joined()
        stack.control("POST", "rate", {"lines_per_second": 0})
        time.sleep(3)
        journal = accepted(stack)
        wait("all rows", lambda: stack.rows() >= len(journal), every=0.05)
        report("kill gateway", rounds=rounds, **stack.proof(journal))
        sessions = stack.query("SELECT stop_reason, count(*) FROM collection_sessions GROUP BY 1 ORDER BY 1")
        report("sessions", **{str(reason): count for reason, count in sessions})


def accepted(stack):
    """The ids of every message that the gateway's journal holds, fetched over the bus as any client could."""
    import json
    import zmq

    context = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.connect(f"ipc://{stack.folder}/state/bus/irc-gateway-0.req")
    after, ids, request = {str(p): "0-0" for p in range(32)}, set(), 0
    while True:
        request += 1
        socket.send(b"FETCH " + json.dumps({"request": request, "after": after, "max_bytes": 1 << 20}).encode())
        reply = socket.recv()
        head, _, rest = reply.partition(b"\n")
        answer = json.loads(head.split(b" ", 1)[1])
        lines = rest.split(b"\n")
        for index in range(1, len(lines), 2):
            event = json.loads(lines[index])
            after[str(event["partition"])] = event["offset"]
            if event["type"] == "channel.chat.message":
                ids.add(event["data"]["message_id"])
        if answer["complete"]:
            socket.close(0)
            return ids


def locked(seconds=20):
    """The SQLite file held by another process."""
    with Stack(CHANNELS) as stack:
        writer = stack.start("writer")
        stack.start("irc-gateway")
        stack.joined()
        offered = stack.ids(stack.burst(1000))
        wait("rows", lambda: stack.highest() >= 1000)
        thief = sqlite3.connect(stack.database, isolation_level=None)
        thief.execute("BEGIN IMMEDIATE")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            offered |= stack.ids(stack.burst(2000))
            time.sleep(0.8)
        peak = writer.memory / 2**20
        thief.execute("ROLLBACK")
        begin = time.monotonic()
        wait("all rows", lambda: stack.highest() >= len(offered), every=0.05)
        report("locked", seconds=seconds, caught_up_s=time.monotonic() - begin, writer_mib=peak, **stack.proof(offered))


def stopped(seconds=20):
    """The writer paused with SIGSTOP."""
    with Stack(CHANNELS) as stack:
        writer = stack.start("writer")
        stack.start("irc-gateway")
        stack.joined()
        offered = stack.ids(stack.burst(1000))
        wait("rows", lambda: stack.highest() >= 1000)
        writer.process.send_signal(signal.SIGSTOP)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            offered |= stack.ids(stack.burst(5000))
            time.sleep(0.8)
        writer.process.send_signal(signal.SIGCONT)
        begin = time.monotonic()
        wait("all rows", lambda: stack.highest() >= len(offered), every=0.05)
        report("stopped", seconds=seconds, caught_up_s=time.monotonic() - begin, **stack.proof(offered))


def channels(count=1000):
    """A thousand channels, joined as slowly as Twitch demands."""
    names = [f"harbor_{number:04}" for number in range(count)]
    with Stack(names, simulator=["--generate", "joined"]) as stack:
        gateway = stack.start("irc-gateway")
        begin = time.monotonic()
        stack.joined(count)
        stats = stack.stats()
        report(
            "channels",
            joined=count,
            seconds=time.monotonic() - begin,
            connections=stats["connections"],
            join_rate_violations=stats["join_rate_violations"],
            violations=stats["violation_count"],
            gateway_mib=gateway.memory / 2**20,
        )


def stats(count=int(os.environ.get("MESSAGES", 1_000_000))):
    """`collector stats` of one stream with a million messages, the file in the kernel's cache."""
    with TemporaryArchive(messages=count) as archive:
        environment = {**os.environ, "DATABASE_URL": "sqlite:///" + archive.path}
        times = []
        for _ in range(6):
            begin = time.monotonic()
            subprocess.run(
                [os.path.join(BIN, "collector"), "stats", STREAM],
                env=environment,
                cwd=archive.folder,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            times.append(time.monotonic() - begin)
        size = os.path.getsize(archive.path) / 2**20
        report("stats", messages=count, mib=size, first_ms=times[0] * 1e3, median_ms=percentile(times[1:], 0.5) * 1e3)


def backfill(count=int(os.environ.get("MESSAGES", 1_200_000))):
    """Ten minutes of 2,000 messages a second before their stream was known: how long until all rows have it."""
    with TemporaryArchive(messages=count, hours=1, attributed=False) as archive:
        database = archive.connect()
        for table in (
            "chat_messages",
            "chat_notifications",
            "message_deleted_events",
            "user_banned_events",
            "user_unbanned_events",
            "chat_clears",
        ):
            database.execute(
                "INSERT INTO attribution_pending VALUES (?, ?, ?, '9999-12-31 23:59:59.999000')",
                (table, CHANNEL, text(START)),
            )
        begin = time.monotonic()
        writer = archive.start_writer()
        left = "SELECT EXISTS (SELECT 1 FROM attribution_pending)"
        wait("every row's stream", lambda: not database.execute(left).fetchone()[0], every=0.05)
        seconds = time.monotonic() - begin
        rows = database.execute("SELECT count(*) FROM chat_messages WHERE stream_id = ?", (STREAM,)).fetchone()[0]
        report(
            "backfill",
            messages=count,
            attributed=rows,
            seconds=seconds,
            rows_per_second=rows / seconds,
            writer_us=writer.cpu / count * 1e6,
            writer_mib=writer.memory / 2**20,
        )


SCENARIOS = {
    f.__name__: f
    for f in (throughput, latency, kills, locked, stopped, channels, stats, backfill)
    + (drain, takeover, pause, crowd, outage, same)
    + (tokens, streams, helix)
}

if __name__ == "__main__":
    for name in sys.argv[1:] or SCENARIOS:
        if name not in SCENARIOS:
            raise SystemExit(f"bench: no scenario '{name}'; there are: {', '.join(SCENARIOS)}")
        SCENARIOS[name]()
    if BROKEN:
        raise SystemExit(f"bench: {len(BROKEN)} promises broken: {'; '.join(sorted(set(BROKEN)))}")
