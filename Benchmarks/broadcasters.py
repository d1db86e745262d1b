"""Channels that go live and offline at the simulator, and what the poller told of it."""

import random
import time

APPLICATION = {"TWITCH_CLIENT_ID": "simulator-client", "TWITCH_CLIENT_SECRET": "simulator-secret"}


class Broadcasters:
    """Starts and ends streams; `tap` hears the stream-poller."""

    def __init__(self, stack, tap, seed=1):
        self.stack = stack
        self.tap = tap
        self.random = random.Random(seed)
        self.live = {}
        self.ended_at = {}

    def start(self, login, visible_after=0):
        body = {
            "login": login,
            "online": True,
            "title": f"Stream of {login}",
            "category": "Just Chatting",
            "viewers": self.random.randrange(5, 5000),
            "viewers_move": True,
            "visible_after_milliseconds": int(visible_after * 1000),
        }
        self.live[login] = self.stack.control("POST", "streams", body)["id"]

    def end(self, login):
        self.stack.control("POST", "streams/end", {"login": login, "visible_after_milliseconds": 0})
        self.ended_at[login] = time.monotonic()
        return self.live.pop(login)

    def retitle(self, login):
        title = f"Stream of {login}, part {self.random.randrange(1000)}"
        self.stack.control("POST", "streams/update", {"login": login, "title": title, "category": "Music"})

    def start_one(self, rest):
        """A channel goes live that has been offline for `rest` seconds."""
        now = time.monotonic()
        idle = [
            login
            for login in self.stack.channels
            if login not in self.live and now - self.ended_at.get(login, -rest) >= rest
        ]
        if idle:
            self.start(self.random.choice(idle))

    def end_one(self):
        """A stream ends that the poller has told of: one that Helix never showed cannot be known."""
        known = self.heard("stream.online")
        ending = [login for login, stream in self.live.items() if stream in known]
        if ending:
            self.end(self.random.choice(ending))

    def heard(self, kind):
        """When each stream was first told of in events of this type, in milliseconds."""
        first = {}
        for at, event in self.tap.of(kind):
            first.setdefault(event["data"]["stream_id"], at)
        return first

    def truth(self):
        return {stream["id"]: stream for stream in self.stack.control("GET", "streams")["streams"]}

    def delays(self, since=0.0, until=float("inf")):
        """Seconds until starts and ends between two moments (Unix time) were told; and how many never were."""
        online, offline = self.heard("stream.online"), self.heard("stream.offline")
        starts, ends, untold = [], [], 0
        for stream, record in self.truth().items():
            for kind, heard, delays in (("online", online, starts), ("offline", offline, ends)):
                at = record.get(f"{kind}_at_milliseconds")
                if at is None or not since <= at / 1000 < until:
                    continue
                if stream in heard:
                    delays.append((at / 1000, heard[stream] / 1000))
                else:
                    untold += 1
        return starts, ends, untold

    def false_ends(self):
        """Ends that were told of streams which were live at that moment, and ends later than the real one."""
        truth, wrong = self.truth(), 0
        for at, event in self.tap.of("stream.offline"):
            record = truth[event["data"]["stream_id"]]
            end = record.get("offline_at_milliseconds")
            wrong += end is None or end > at or milliseconds(event["data"]["ended_at"]) > end
        return wrong

    def told_twice(self):
        return sum(
            len(events) - len({event["data"]["stream_id"] for _, event in events})
            for events in map(self.tap.of, ("stream.online", "stream.offline"))
        )


def milliseconds(text):
    """`YYYY-MM-DDTHH:MM:SS.fffZ`, or the database's form with a blank, as Unix time."""
    import calendar

    return calendar.timegm(time.strptime(text[:19].replace("T", " "), "%Y-%m-%d %H:%M:%S")) * 1000 + int(text[20:23])
