"""PostgreSQL and many writers: throughput against a ceiling, and what happens when writers or the server go.

The server is the benchmark's own, below its temporary folder; figures come from psql and /proc.
"""

import glob
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time

from reporting import percentile, report
from stack import TICKS, Stack, wait

# One channel in each of many partitions: what a real list of channels looks like.
RATE = int(os.environ.get("RATE", 2000))
CHANNELS = [f"harbor_{number:02}" for number in range(40)]


class Server:
    """A cluster of our own: durable as PostgreSQL is by default."""

    def __init__(self):
        self.programs = max(glob.glob("/usr/lib/postgresql/*/bin"), default=None)
        if self.programs is None:
            raise SystemExit("bench: no PostgreSQL server below /usr/lib/postgresql; run make test-deps")
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.folder = tempfile.mkdtemp(prefix="tcc-bench-pg-", dir=os.environ.get("BENCH_DIR"))
        os.chmod(self.folder, 0o755)
        if self.user:
            shutil.chown(self.folder, "postgres")
        self.port = random.randrange(20_000, 60_000)
        data = self.data = os.path.join(self.folder, "data")
        self.run("initdb", "-D", data, "-U", "collector", "-A", "trust", "-E", "UTF8", "--no-instructions")
        lines = [
            "listen_addresses = ''",
            f"port = {self.port}",
            f"unix_socket_directories = '{self.folder}'",
            "max_connections = 120",
            "shared_buffers = 256MB",
            "max_wal_size = 8GB",
        ]
        with open(os.path.join(data, "postgresql.conf"), "a") as configuration:
            configuration.write("\n".join(lines) + "\n")
        self.start()

    def run(self, program, *arguments):
        command = [*self.user, os.path.join(self.programs, program), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-l", os.path.join(self.data, "server.log"), "-w", "-t", "300", "start")

    def stop(self, mode="immediate"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    @property
    def cpu(self):
        """Seconds of CPU of the server and all its processes, those that have ended included."""
        with open(os.path.join(self.data, "postmaster.pid")) as file:
            parent = file.readline().strip()
        ticks = 0
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                with open(path) as stat:
                    name, fields = stat.read().rsplit(") ", 1)
            except OSError:
                continue
            fields = fields.split()
            if name.split(" ", 1)[0] == parent:
                ticks += sum(map(int, fields[11:15]))
            elif fields[1] == parent:
                ticks += sum(map(int, fields[11:13]))
        return ticks / TICKS

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database):
        return f"postgresql://collector@{self.folder.replace('/', '%2F')}:{self.port}/{database}"

    def psql(self, database, sql, *more):
        command = [os.path.join(self.programs, "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        answer = subprocess.run(
            [*command, "-F", "\t", "-d", self.url(database), "-c", sql, *more], capture_output=True, text=True, cwd="/"
        )
        if answer.returncode:
            raise LookupError(answer.stderr)
        return [line.split("\t") for line in answer.stdout.splitlines()]


class Session:
    """A psql that stays: asking is cheap enough to be done while something is measured."""

    def __init__(self, server, database):
        command = [os.path.join(server.programs, "psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-d", server.url(database)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd="/"
        )

    def query(self, sql):
        self.process.stdin.write(f"{sql};\n\\echo .\n")
        self.process.stdin.flush()
        rows = []
        while (line := self.process.stdout.readline()) not in (".\n", ""):
            rows.append(line.rstrip("\n").split("\t"))
        return rows

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class PostgresStack(Stack):
    def __init__(self, channels=CHANNELS, simulator=()):
        self.server = Server()
        self.server.psql("postgres", "CREATE DATABASE chats")
        self.started = 0
        super().__init__(channels, simulator, environment={"DATABASE_URL": self.server.url("chats"), "LOG_LEVEL": "info"})

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        self.server.remove()

    def query(self, sql):
        """Rows as text; none while the server cannot be asked."""
        try:
            return [tuple(row) for row in self.server.psql("chats", sql)]
        except LookupError:
            return []

    def rows(self, table="chat_messages"):
        result = self.query(f"SELECT count(*) FROM {table}")
        return int(result[0][0]) if result else 0

    highest = rows

    def writer(self):
        self.started += 1
        return self.start("writer", label=f"writer-{self.started}")

    def shares(self):
        """How many partitions each session holds, by server process."""
        found = self.query(
            "SELECT pid, count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND objid < 32"
            " AND database = (SELECT oid FROM pg_database WHERE datname = 'chats') GROUP BY pid"
        )
        return {int(pid): int(count) for pid, count in found}

    def owned(self):
        return sum(self.shares().values())

    def shared_by(self, writers):
        shares = self.shares()
        return len(shares) == writers and sum(shares.values()) == 32

    def fill(self, count):
        """Fills the journal while no writer runs."""
        self.start("irc-gateway")
        self.joined()
        offered = set()
        while len(offered) < count:
            offered |= self.ids(self.burst(min(100_000, count - len(offered))))
        self.settled()
        return offered

    def settled(self):
        """Waits until the journal grows no more: what is offered is not yet accepted."""
        ends = [heads(self)]
        while len(ends) < 2 or ends[-1] != ends[-2]:
            time.sleep(1)
            ends.append(heads(self))


def drain(
    count=int(os.environ.get("MESSAGES", 1_000_000)),
    writers=tuple(int(number) for number in os.environ.get("WRITERS", "1 2 4").split()),
):
    """From a full journal: rows a second with 1, 2 and 4 writers; beside it plain binary COPY of the same rows."""
    with PostgresStack() as stack:
        offered = stack.fill(count)
        ends = heads(stack)
        rates = {}
        for number in writers:
            stack.server.psql("postgres", "DROP DATABASE chats WITH (FORCE)")
            stack.server.psql("postgres", "CREATE DATABASE chats")
            stack.server.psql("postgres", "CHECKPOINT")
            gateway, used = stack["irc-gateway"], (stack["irc-gateway"].cpu, stack.server.cpu)
            # The journal remembers the database that acknowledged; another one is refused, which does not matter here.
            started = [stack.writer() for _ in range(number)]
            wait("the first row", lambda: stack.rows() > 0)
            first, begin = stack.rows(), time.monotonic()
            # Counting rows again and again would be most of the load: the offsets tell as well.
            session = Session(stack.server, "chats")
            sql = 'SELECT partition, ("offset" >> 32) || \'-\' || ("offset" & 4294967295) FROM bus_offsets'
            wait("all rows", lambda: dict(map(tuple, session.query(sql))) == ends, deadline=600, every=0.1)
            rates[number] = (count - first) / (time.monotonic() - begin)
            session.close()
            report(
                "drain",
                writers=number,
                rows_per_second=rates[number],
                writer_us=sum(writer.cpu for writer in started) / count * 1e6,
                gateway_us=(gateway.cpu - used[0]) / count * 1e6,
                server_us=(stack.server.cpu - used[1]) / count * 1e6,
                writer_mib=max(writer.memory for writer in started) / 2**20,
                **stack.proof(offered),
            )
            for writer in started:
                writer.stop()
        plain = copy_ceiling(stack)
        report("ceiling", copy_rows_per_second=plain, **{f"ratio_{n}": f"{rate / plain:.2f}" for n, rate in rates.items()})


def heads(stack):
    """Where the gateway's journal ends in each partition that has events, as any client can ask."""
    import json
    import zmq

    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.connect(f"ipc://{stack.folder}/state/bus/irc-gateway-0.req")
    socket.send(b'HEADS {"request": 1}')
    answer = json.loads(socket.recv().split(b"\n", 1)[0].split(b" ", 1)[1])
    socket.close(0)
    return {partition: head for partition, head in answer["heads"].items() if head != "0-0"}


def copy_ceiling(stack):
    """The same rows, the same table and indexes, 1,000 a transaction, by libpq's own binary COPY: psql's \\copy."""
    folder = tempfile.mkdtemp(prefix="copy-", dir=stack.folder)
    total = stack.rows()
    script = os.path.join(folder, "copy.sql")
    stack.server.psql("chats", "CREATE TABLE staged (LIKE chat_messages)")
    stack.server.psql("chats", "INSERT INTO staged SELECT * FROM chat_messages")
    # Ordinal numbers let each part be read by an index.
    stack.server.psql("chats", "ALTER TABLE staged ADD COLUMN number bigserial")
    stack.server.psql("chats", "CREATE INDEX ON staged (number)")
    names = stack.query(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = 'chat_messages'::regclass AND attnum > 0 AND NOT attisdropped"
    )[0][0]
    with open(os.path.join(folder, "export.sql"), "w") as export, open(script, "w") as load:
        for number in range(total // 1000):
            part = os.path.join(folder, f"{number}.bin")
            export.write(
                f"\\copy (SELECT {names} FROM staged WHERE number > {number * 1000} AND number <= {number * 1000 + 1000})"
                f" TO '{part}' WITH (FORMAT binary)\n"
            )
            load.write(f"\\copy chat_messages FROM '{part}' WITH (FORMAT binary)\n")
    stack.server.psql("chats", "SELECT 1", "-f", os.path.join(folder, "export.sql"))
    stack.server.psql("chats", "TRUNCATE chat_messages")
    stack.server.psql("chats", "CHECKPOINT")
    begin = time.monotonic()
    stack.server.psql("chats", "SELECT 1", "-f", script)
    seconds = time.monotonic() - begin
    shutil.rmtree(folder)
    return total // 1000 * 1000 / seconds


def takeover(rounds=int(os.environ.get("ROUNDS", 20))):
    """One of three writers is killed under load: until all partitions are owned again."""
    with PostgresStack() as stack:
        stack.start("irc-gateway")
        stack.joined()
        writers = [stack.writer() for _ in range(3)]
        stack.control("POST", "rate", {"lines_per_second": 500})
        times = []
        for _ in range(rounds):
            wait("all partitions shared by three", lambda: stack.shared_by(3), every=0.1)
            victim = writers.pop(0)
            begin = time.monotonic()
            victim.kill()
            wait("partitions are free", lambda: stack.owned() < 32, every=0.005)
            wait("all partitions owned", lambda: stack.owned() == 32, every=0.005)
            times.append(time.monotonic() - begin)
            writers.append(stack.writer())
        finish(stack)
        report("takeover", rounds=rounds, p50_s=percentile(times, 0.5), p95_s=percentile(times, 0.95), max_s=max(times), **accepted_proof(stack))


def pause(seconds=20):
    """A writer stopped with SIGSTOP and resumed: until its partitions are owned, and whether its late commit counts."""
    with PostgresStack() as stack:
        stack.start("irc-gateway")
        stack.joined()
        first, _ = stack.writer(), stack.writer()
        stack.control("POST", "rate", {"lines_per_second": RATE})
        wait("shared by two", lambda: stack.shared_by(2), every=0.1)
        begin = time.monotonic()
        first.process.send_signal(signal.SIGSTOP)
        wait("one owns all", lambda: stack.shared_by(1), every=0.05)
        taken = time.monotonic() - begin
        time.sleep(max(0, seconds - taken))
        first.process.send_signal(signal.SIGCONT)
        wait("shared by two again", lambda: stack.shared_by(2), every=0.1)
        finish(stack)
        report("pause", owned_after_s=taken, **accepted_proof(stack))


def crowd():
    """Eight writers at once on an empty database, then one, eight and one under load; also without unique indexes."""
    for unique in (True, False):
        with PostgresStack() as stack:
            stack.start("irc-gateway")
            stack.joined()
            begin = time.monotonic()
            writers = [stack.writer() for _ in range(8)]
            wait("shared by eight", lambda: stack.shared_by(8), every=0.05)
            shared = time.monotonic() - begin
            if not unique:
                drop_keys(stack)
            stack.control("POST", "rate", {"lines_per_second": RATE})
            for wanted in (1, 8, 1, 8, 1):
                while len(writers) > wanted:
                    writers.pop(0).stop()
                while len(writers) < wanted:
                    writers.append(stack.writer())
                wait(f"shared by {wanted}", lambda: stack.shared_by(wanted), every=0.05)
                time.sleep(2)
            finish(stack)
            report("crowd", unique_indexes=unique, eight_shared_s=shared, **accepted_proof(stack))


def drop_keys(stack):
    """Nothing but the offsets keeps rows from being doubled then."""
    for table, name in stack.query(
        "SELECT conrelid::regclass, quote_ident(conname) FROM pg_constraint WHERE contype IN ('p', 'u')"
        " AND conrelid IN ('chat_notifications'::regclass, 'chat_clears'::regclass, 'chat_notices'::regclass, 'chat_settings'::regclass)"
    ):
        stack.query(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name in ("key_chat_messages", "key_message_deleted_events", "key_user_banned_events", "key_user_unbanned_events"):
        stack.query(f"DROP INDEX {name}")


def outage(
    seconds=int(os.environ.get("SECONDS_DOWN", 0)) or int(os.environ.get("MINUTES", 1)) * 60,
    rate=RATE,
):
    """The server stopped as by a crash while chat goes on: memory, journal, time to drain, nothing lost."""
    with PostgresStack() as stack:
        processes = {"gateway": stack.start("irc-gateway")}
        stack.joined()
        processes["writer"] = stack.writer()
        stack.control("POST", "rate", {"lines_per_second": rate})
        wait("rows", lambda: stack.rows() > 2 * rate)
        memory = [{name: process.memory / 2**20 for name, process in processes.items()}]
        stack.server.stop("immediate")
        for _ in range(seconds):
            time.sleep(1)
            memory.append({name: process.memory / 2**20 for name, process in processes.items()})
        journal = size(os.path.join(stack.folder, "state")) / 2**20
        stack.server.start()
        begin = time.monotonic()
        # Chat goes on while it is drained: it is, when what is stored is as new as what is sent.
        wait("drained", lambda: (lag(stack) or 99) < 1.5, every=0.1)
        drained = time.monotonic() - begin
        finish(stack)
        # The writer's queues fill in the first seconds, and then no more: what counts is the growth behind those.
        figures = {}
        for name in processes:
            figures[f"{name}_mib"] = memory[0][name]
            figures[f"{name}_mib_20_s"] = memory[min(20, len(memory) - 1)][name]
            figures[f"{name}_mib_end"] = memory[-1][name]
            figures[f"{name}_mib_most"] = max(moment[name] for moment in memory)
        report("outage", seconds=seconds, rate=rate, drained_s=drained, journal_mib=journal, **figures, **accepted_proof(stack))


def size(folder):
    """Bytes of all files below a folder."""
    return sum(
        os.lstat(os.path.join(path, name)).st_size
        for path, _, names in os.walk(folder)
        for name in names
        if os.path.exists(os.path.join(path, name))
    )


def lag(stack):
    found = stack.query("SELECT extract(epoch FROM clock_timestamp() - max(sent_at)) FROM chat_messages")
    return float(found[0][0]) if found and found[0][0] else None


def finish(stack):
    stack.control("POST", "rate", {"lines_per_second": 0})
    time.sleep(2)


def accepted_proof(stack):
    """Compares the journal's own list with the rows."""
    from scenarios import accepted

    journal = accepted(stack)
    wait("all rows", lambda: stack.rows() >= len(journal), every=0.1)
    return stack.proof(journal)
