"""Simulator, gateway and writer as real processes in one temporary folder, and what can be measured from outside.

Nothing here uses the project's own code: figures come from /proc, from SQLite and from the simulator's control API.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

BIN = os.environ.get("BIN", os.path.join(os.path.dirname(__file__), "..", ".build", "release"))
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def wait(what, condition, deadline=300, every=0.01):
    end = time.monotonic() + deadline
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(every)
    raise SystemExit(f"bench: not within {deadline} s: {what}")


class Process:
    """One program, its output in files."""

    def __init__(self, name, arguments, environment, folder, label):
        self.name = name
        self.errors = os.path.join(folder, f"{label}.err")
        self.output = os.path.join(folder, f"{label}.out")
        self.process = subprocess.Popen(
            [os.path.join(BIN, name), *arguments],
            env={**os.environ, **environment},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=open(self.output, "ab"),
            stderr=open(self.errors, "ab"),
        )

    @property
    def cpu(self):
        """Seconds of CPU, user and system."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    @property
    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/statm") as statm:
            return int(statm.read().split()[1]) * PAGE

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Stack:
    def __init__(self, channels, simulator=(), environment=None):
        self.folder = tempfile.mkdtemp(prefix="tcc-bench-", dir=os.environ.get("BENCH_DIR"))
        self.channels = list(channels)
        self.extra = environment or {}
        self.database = os.path.join(self.folder, "twitch_chats.db")
        self.processes = {}
        self.start(
            "twitch-simulator",
            ["--rate", "0", "--channels", ",".join(self.channels[:50]), "--log-level", "warning", *simulator],
        )
        line = wait("the simulator's address", lambda: open(self["twitch-simulator"].output).read().strip())
        self.addresses = json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in sorted(self.processes, key=lambda name: name == "twitch-simulator"):
            self.processes[name].stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __getitem__(self, name):
        return self.processes[name]

    def start(self, name, arguments=(), label=None, environment=None):
        """Starts a program; `label` tells several of the same apart, `environment` is its own."""
        own = environment or {}
        # The heap settings are those of `collector run`.
        environment = {
            "MALLOC_ARENA_MAX": "1",
            "MALLOC_TRIM_THRESHOLD_": "131072",
            "HTTP_PORT": "0",
            "LOG_LEVEL": "warning",
            "STATE_DIR": os.path.join(self.folder, "state"),
        }
        if name != "twitch-simulator":
            environment |= {
                "DATABASE_URL": "sqlite:///" + self.database,
                "TWITCH_IRC_URL": self.addresses["irc"],
                "CHANNELS": ",".join(self.channels),
            }
        label = label or name
        self.processes[label] = Process(name, list(arguments), {**environment, **self.extra, **own}, self.folder, label)
        return self.processes[label]

    def control(self, method, path, body=None):
        request = urllib.request.Request(
            self.addresses["control"] + "/" + path,
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)

    def stats(self):
        return self.control("GET", "stats")

    def joined(self, count=None, deadline=900):
        count = count or len(self.channels)
        wait(
            f"{count} channels joined",
            lambda: sum(1 for c in self.stats()["channels"].values() if c["readers"]) >= count,
            deadline,
            0.05,
        )

    def burst(self, count, kinds=("PRIVMSG",), lines_per_frame=10):
        body = {"channels": self.channels, "count": count, "lines_per_frame": lines_per_frame}
        if kinds:
            body["kinds"] = list(kinds)
        return self.control("POST", "burst", body)

    @staticmethod
    def ids(burst):
        """Every id that a burst offered: numbers are the last 12 hexadecimal digits."""
        ids = set()
        for channel in burst["offered"].values():
            if channel.get("first_sequence") is None:
                continue
            prefix = channel["first_id"][:-12]
            ids.update(f"{prefix}{n:012x}" for n in range(channel["first_sequence"], channel["last_sequence"] + 1))
        return ids

    def query(self, sql):
        if not os.path.exists(self.database):
            return []
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=60)
        try:
            return connection.execute(sql).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()

    def rows(self, table="chat_messages"):
        result = self.query(f"SELECT count(*) FROM {table}")
        return result[0][0] if result else 0

    def highest(self, table="chat_messages"):
        """Rows by their highest rowid: counting every row again and again would be part of the load."""
        result = self.query(f"SELECT max(rowid) FROM {table}")
        return (result[0][0] or 0) if result else 0

    def proof(self, offered):
        """Compares what was offered with what is stored."""
        stored = [row[0] for row in self.query("SELECT id FROM chat_messages")]
        unique = set(stored)
        return {
            "offered": len(offered),
            "rows": len(stored),
            "lost": len(offered - unique),
            "doubled": len(stored) - len(unique),
            "gaps": self.rows("collection_gaps"),
        }

    def proof_of_lines(self, stats, patience=60):
        """The same for generated chat: every numbered line of the statistics, in both tables that keep ids."""
        offered = set()
        for channel in stats["channels"].values():
            offered.update(f"{channel['id_prefix']}{n:012x}" for n in range(1, channel["last_sequence"] + 1))
        tables = ("chat_messages", "chat_notifications")
        end = time.monotonic() + patience
        while sum(map(self.rows, tables)) < len(offered) and time.monotonic() < end:
            time.sleep(1)
        stored = [row[0] for table in tables for row in self.query(f"SELECT id FROM {table}")]
        unique = set(stored)
        return {
            "offered": len(offered),
            "rows": len(stored),
            "lost": len(offered - unique),
            "doubled": len(stored) - len(unique),
            "gaps": self.rows("collection_gaps"),
        }
