"""An archive of any size without the wait: the writer makes the file, plain SQL fills it."""

import json
import os
import random
import sqlite3
import tempfile
from datetime import datetime, timezone

from stack import Process, wait

STREAM, CHANNEL, LOGIN = "40000000001", "900100200", "quietharbor"
START = 1_795_341_600_000
NAMES = ("Nora_Velt", "みなと港", "Gutrinna", "달빛항구", "AdaReef", "Dotty", "saltjack", "長い名前の視聴者さん", "whoopix", "olaf")


def text(milliseconds):
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{milliseconds % 1000:03}000"


class Archive:
    """A database below `folder` with one stream of `hours`, in which `messages` are said at an uneven pace."""

    def __init__(self, folder, messages, hours=6, attributed=True):
        self.folder = folder
        self.path = os.path.join(folder, "twitch_chats.db")
        self.writer = None
        self.start_writer()
        wait("the schema", self.is_migrated)
        self.stop_writer()
        self.fill(messages, hours, attributed)

    def start_writer(self):
        environment = {
            "DATABASE_URL": "sqlite:///" + self.path,
            "STATE_DIR": os.path.join(self.folder, "state"),
            "HTTP_PORT": "0",
            "LOG_LEVEL": "warning",
        }
        self.writer = Process("writer", [], environment, self.folder, "writer")
        return self.writer

    def stop_writer(self):
        self.writer.stop()

    def is_migrated(self):
        try:
            with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as database:
                return database.execute("SELECT count(*) FROM schema_migrations").fetchone()[0] > 0
        except sqlite3.OperationalError:
            return False

    def connect(self):
        return sqlite3.connect(self.path, isolation_level=None, timeout=10)

    def fill(self, messages, hours, attributed):
        random.seed(1)
        database = self.connect()
        database.execute("PRAGMA synchronous = OFF")
        length = hours * 3_600_000
        stream = STREAM if attributed else None
        said = sorted(START + int(length * random.betavariate(2, 1.6)) for _ in range(messages))
        for begin in range(0, messages, 10_000):
            database.execute("BEGIN")
            database.executemany(
                "INSERT INTO chat_messages (id, stream_id, broadcaster_user_id, broadcaster_user_login, chatter_user_id,"
                " chatter_user_login, chatter_user_name, message_text, bits, message_type, sent_at, created_at,"
                " received_at, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'chat', ?, ?, ?, ?)",
                (self.message(begin + n, at, stream) for n, at in enumerate(said[begin : begin + 10_000])),
            )
            database.execute("COMMIT")
        end = text(START + length)
        database.execute(
            "INSERT INTO streams (stream_id, user_id, user_login, user_name, game_name, title, language, started_at,"
            " ended_at, ended_at_basis, observed_at, viewer_count, peak_viewer_count, viewer_sample_count,"
            " viewer_count_sum) VALUES (?, ?, ?, 'QuietHarbor', 'Just Chatting',"
            " '【夜の港】 Night shift: lighthouse stories, sea shanties and a very long title that goes on and on', 'ja',"
            " ?, ?, 'observed', ?, 812, 1934, 360, 388800)",
            (STREAM, CHANNEL, LOGIN, text(START), end, end),
        )
        for at, title in ((START, "【夜の港】 Night shift"), (START + length // 3, "Sea shanties"), (START + length // 2, "Night shift II")):
            database.execute(
                "INSERT INTO stream_changes (stream_id, changed_at, title, game_name) VALUES (?, ?, ?, 'Just Chatting')",
                (STREAM, text(at), title),
            )
        for number, (begin, stop) in enumerate(((-600_000, length // 2), (length // 2 + 190_000, length + 600_000))):
            database.execute(
                "INSERT INTO collection_sessions VALUES (?, ?, ?, 'gw', 0, ?, ?, 'connection_lost', '', '')",
                (f"session-{number}", CHANNEL, LOGIN, text(START + begin), text(START + stop)),
            )
        self.notices(database, length, stream)
        self.moderation(database, length, stream)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    @staticmethod
    def message(number, at, stream):
        chatter = min(int(random.paretovariate(0.7)), 50_000)
        name = NAMES[chatter - 1] if chatter <= len(NAMES) else f"viewer_{chatter}"
        login = name.lower() if name.isascii() else f"user{chatter}"
        said = f"message number {number} of the stream"
        return (
            f"{random.getrandbits(32):08x}-0000-4000-8000-{number:012x}", stream, CHANNEL, LOGIN, str(100_000_000 + chatter),
            login, name, said, 100 if number % 500 == 0 else None, text(at), text(at), text(at), "@tags=" + "x" * 450 + said,
        )  # fmt: skip

    @staticmethod
    def notices(database, length, stream):
        def add(number, kind, **parameters):
            at = text(START + random.randrange(length))
            database.execute(
                "INSERT INTO chat_notifications (id, stream_id, broadcaster_user_id, chatter_user_id, chatter_user_login,"
                " chatter_user_name, notice_type, parameters, sent_at, received_at) VALUES (?, ?, ?, '1', 'adareef',"
                " 'AdaReef', ?, ?, ?, ?)",
                (f"{kind}-{number}", stream, CHANNEL, kind, json.dumps(parameters), at, at),
            )

        database.execute("BEGIN")
        for number in range(400):
            add(number, "sub" if number % 3 == 0 else "resub")
        for number in range(20):
            add(number, "submysterygift", **{"mass-gift-count": "20", "community-gift-id": str(number)})
            for gift in range(20):
                add(number * 20 + gift, "subgift", **{"community-gift-id": str(number)})
        for number, viewers in enumerate((430, 12, 2817)):
            add(number, "raid", displayName=NAMES[number], login=f"user{number}", viewerCount=str(viewers))
        database.execute("COMMIT")

    @staticmethod
    def moderation(database, length, stream):
        database.execute("BEGIN")
        for number in range(300):
            at = text(START + random.randrange(length))
            database.execute(
                "INSERT INTO message_deleted_events (stream_id, broadcaster_user_id, target_user_login, message_id, deleted_at,"
                " received_at) VALUES (?, ?, ?, ?, ?, ?)",
                (stream, CHANNEL, f"viewer_{number % 90}", f"deleted-{number}", at, at),
            )
            database.execute(
                "INSERT INTO user_banned_events (stream_id, broadcaster_user_id, broadcaster_user_login, user_id, user_login,"
                " is_permanent, duration_seconds, banned_at, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (stream, CHANNEL, LOGIN, str(number % 200), f"viewer_{number % 200}", number % 10 == 0, 600, at, at),
            )
        database.execute("COMMIT")


class TemporaryArchive:
    """The same in a folder that is gone afterwards."""

    def __init__(self, **arguments):
        self.arguments = arguments

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tcc-bench-", dir=os.environ.get("BENCH_DIR"))
        self.archive = Archive(self.folder.name, **self.arguments)
        return self.archive

    def __exit__(self, *_):
        self.archive.stop_writer()
        self.folder.cleanup()
