"""Everything that runs: the simulator, two gateways, a poller, a token service, writers, a database; and who is watched."""

import os
import signal
import sqlite3
import threading
import time

from postgres import PostgresStack, drop_keys
from stack import Stack, wait
from ways import Ways

CHANNELS = [f"harbor_{number:02}" for number in range(16)]
HALVES = {"irc-gateway-a": CHANNELS[:8], "irc-gateway-b": CHANNELS[8:]}
PROGRAMS = ("irc-gateway", "stream-poller", "token-service", "writer")
# Five seconds are promised; on a machine that is busy with chaos a process may not even run for some.
LONGEST_STOP = 20


class World:
    """The services by their labels, each started again when it ends, as a service manager would."""

    def __init__(self, stack, shared, split):
        self.stack = stack
        self.shared = shared
        self.ways = Ways(stack.folder, split)
        self.running = {}
        self.removed = set()
        self.leaving = []
        self.broken = []
        self.peaks = {}
        self.starts = 0
        self.secrets = {}

    def prepare(self):
        """The settings of services that ask the simulator, and a person who has logged in."""
        stack = self.stack
        grant = stack.control(
            "POST", "oauth/grant", {"client_id": "simulator-client", "login": "harborlog", "scopes": ["chat:read"]}
        )
        stack.extra |= {
            "TWITCH_CLIENT_ID": "simulator-client",
            "TWITCH_CLIENT_SECRET": "simulator-secret",
            "TWITCH_API_URL": stack.addresses["api"],
            "TWITCH_AUTH_URL": stack.addresses["auth"],
            "STREAM_POLL_INTERVAL": "2s",
            "STREAM_OFFLINE_POLLS": "1",
            "STREAM_OFFLINE_AFTER": "0s",
            "LOG_LEVEL": "info",
        }
        self.secrets = {
            "TWITCH_ACCESS_TOKEN": grant["access_token"],
            "TWITCH_REFRESH_TOKEN": grant["refresh_token"],
        }

    def start(self, label):
        if label in self.removed:
            return
        name = next(name for name in PROGRAMS if label.startswith(name))
        own = {}
        if label == "token-service":
            own = self.secrets
        if label in HALVES:
            own = {"GATEWAY_REPLICAS": "2"} if self.shared else {"CHANNELS": ",".join(HALVES[label])}
        if name == "writer":
            own = self.ways.endpoints(label)
        self.starts += 1
        self.running[label] = self.stack.start(name, label=label, environment=own)

    def kill(self, label):
        """kill -9; the caller starts it again."""
        process = self.running.pop(label, None)
        if process is not None:
            self.look_at(label, process)
            process.kill(signal.SIGKILL)

    def leave(self, label):
        """SIGTERM, never started again; how it ends is looked at later."""
        process = self.running.pop(label, None)
        if process is not None:
            process.process.send_signal(signal.SIGCONT)
            process.process.terminate()
            self.leaving.append((label, process, time.monotonic()))

    def watch(self):
        """Finds whoever ended by itself, and how much memory everybody has."""
        for label, process in list(self.running.items()):
            if process.process.poll() is not None:
                self.running.pop(label)
                self.broken.append(f"{label} ended by itself: {ending(process)}")
                self.start(label)
            else:
                self.look_at(label, process)
        for leaver in list(self.leaving):
            label, process, since = leaver
            code = process.process.poll()
            if code is None and time.monotonic() - since > LONGEST_STOP:
                self.broken.append(f"{label} did not stop within {LONGEST_STOP} s of SIGTERM: {last_line(process)}")
                process.kill()
                self.leaving.remove(leaver)
            elif code is not None:
                self.leaving.remove(leaver)
                if code != 0:
                    self.broken.append(f"{label} was told to stop: {ending(process)}")

    def look_at(self, label, process):
        try:
            memory = process.memory / 2**20
        except (OSError, IndexError):
            return
        name = process.name
        self.peaks[name] = max(self.peaks.get(name, 0), memory)

    def stop(self):
        """SIGTERM to all, as an operator would."""
        for label in list(self.running):
            self.leave(label)
        while self.leaving:
            self.watch()
            time.sleep(0.05)
        self.ways.close()

    def complaints(self):
        """What only a crash writes."""
        for name in sorted(os.listdir(self.stack.folder)):
            if not name.endswith(".err"):
                continue
            with open(os.path.join(self.stack.folder, name), errors="replace") as log:
                for line in log:
                    if "Fatal error" in line or "Assertion failed" in line or "Program crashed" in line:
                        yield f"{name}: {line.strip()[:200]}"


def ending(process):
    code = process.process.returncode
    how = f"signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"exit code {code}"
    return f"{how}; it said: {last_line(process)}"


def last_line(process):
    with open(process.errors, errors="replace") as log:
        lines = [line.strip() for line in log if line.strip()]
    return lines[-1][:300] if lines else "nothing"


SIMULATOR = ["--join-limit", "100000", "--login-limit", "100000"]


class OnPostgres(PostgresStack):
    """PostgreSQL; stopping it is its own immediate stop, which is a crash to everybody."""

    engine = "postgres"

    def __init__(self):
        super().__init__(CHANNELS, SIMULATOR)

    def stop_database(self):
        self.server.stop("immediate")

    def start_database(self):
        self.server.start()

    def forget_keys(self):
        drop_keys(self)

    def sabotage(self):
        self.server.psql("chats", "DELETE FROM chat_messages WHERE id = (SELECT max(id) FROM chat_messages)")

    def times(self, column):
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"

    def record_offsets(self):
        """Each change of an offset in the order of its commits, by the database itself."""
        self.server.psql(
            "chats",
            """
            CREATE TABLE chaos_offsets (number bigint GENERATED ALWAYS AS IDENTITY, producer text, partition integer,
                before bigint, after bigint);
            CREATE FUNCTION chaos_record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO chaos_offsets (producer, partition, before, after)
                    VALUES (new.producer, new.partition, CASE WHEN TG_OP = 'UPDATE' THEN old."offset" ELSE 0 END, new."offset");
                RETURN NULL; END $$;
            CREATE TRIGGER chaos_record AFTER INSERT OR UPDATE ON bus_offsets FOR EACH ROW EXECUTE FUNCTION chaos_record();
            """,
        )


class OnSQLite(Stack):
    """SQLite; while it is `stopped` another process holds the file, as a backup does."""

    engine = "sqlite"

    def __init__(self):
        super().__init__(CHANNELS, SIMULATOR)
        self.thief = None

    def stop_database(self):
        self.thief = sqlite3.connect(self.database, isolation_level=None, timeout=30, check_same_thread=False)
        self.thief.execute("BEGIN IMMEDIATE")

    def start_database(self):
        if self.thief is not None:
            self.thief.rollback()
            self.thief.close()
            self.thief = None

    def sabotage(self):
        with sqlite3.connect(self.database, timeout=60) as connection:
            connection.execute("DELETE FROM chat_messages WHERE rowid = (SELECT max(rowid) FROM chat_messages)")

    def forget_keys(self):
        raise SystemExit("chaos: the natural keys of SQLite are the tables' primary keys; KEYS=dropped needs postgres")

    def times(self, column):
        return f"substr({column}, 1, 10) || 'T' || substr({column}, 12, 12) || 'Z'"

    def record_offsets(self):
        connection = sqlite3.connect(self.database, timeout=60)
        body = 'INSERT INTO chaos_offsets (producer, partition, before, after) VALUES (new.producer, new.partition, {}, new."offset")'
        connection.executescript(
            f"""
            CREATE TABLE chaos_offsets (number INTEGER PRIMARY KEY, producer TEXT, partition INTEGER, before BIGINT, after BIGINT);
            CREATE TRIGGER chaos_insert AFTER INSERT ON bus_offsets BEGIN {body.format("0")}; END;
            CREATE TRIGGER chaos_update AFTER UPDATE ON bus_offsets BEGIN {body.format('old."offset"')}; END;
            """
        )
        connection.close()


def in_background(action):
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread
