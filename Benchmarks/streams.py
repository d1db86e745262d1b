"""Which stream a message belongs to, and how soon a stream is known."""

import contextlib
import os
import random
import time

from broadcasters import APPLICATION, Broadcasters, milliseconds
from bus import Tap
from reporting import percentile, promise, report
from stack import Stack, wait

CHANNELS = ("quietharbor", "loudlagoon", "sunken_pier", "saltjack", "busyport", "coldreef")
MINUTES = float(os.environ.get("MINUTES", 10))
# Each table that names a stream, and whose time decides.
TABLES = {
    "chat_messages": "sent_at",
    "chat_notifications": "sent_at",
    "message_deleted_events": "deleted_at",
    "user_banned_events": "banned_at",
}


def streams(minutes=MINUTES):
    """Rows around starts and ends, seen late and through kill -9; then 500 channels of which 50 are live."""
    attribution(minutes * 60)
    detection(minutes * 60)


def twitch(stack):
    """The settings of services that ask the simulator."""
    stack.extra |= APPLICATION | {
        "TWITCH_API_URL": stack.addresses["api"],
        "TWITCH_AUTH_URL": stack.addresses["auth"],
    }


def attribution(seconds, rate=120, late=60, interval=10):
    """Chat before, during and after streams that Helix shows a minute late; poller and writer killed in between."""
    with Stack(CHANNELS) as stack, Tap(stack.folder, ["stream-poller-0"], "stream.") as tap:
        twitch(stack)
        stack.extra["STREAM_POLL_INTERVAL"] = f"{interval}s"
        for name in ("token-service", "writer", "stream-poller", "irc-gateway"):
            stack.start(name)
        stack.joined()
        stack.control("POST", "rate", {"lines_per_second": rate})
        casters = Broadcasters(stack, tap)
        kills = shows(stack, casters, seconds, late)
        for login in list(casters.live):
            casters.end(login)
        # Chat goes on behind the ends, until the poller has concluded them (STREAM_OFFLINE_AFTER).
        told = lambda: casters.truth().keys() <= casters.heard("stream.offline").keys()
        recorded = lambda: stack.query("SELECT count(*) FROM streams WHERE ended_at IS NULL") == [(0,)]
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and not (told() and recorded()):
            time.sleep(1)
        stack.control("POST", "rate", {"lines_per_second": 0})
        time.sleep(1)
        proof = stack.proof_of_lines(stack.stats())
        wait("every row's stream", lambda: stack.rows("attribution_pending") == 0, 60, 0.2)
        figures = judge(stack, casters.truth(), late)
        _, ends, _ = casters.delays()
        report("attribution", seconds=seconds, streams=len(casters.truth()), **figures, **kills)
        report("  chat", **proof)
        report("  ends", told_p50_s=percentile([b - a for a, b in ends], 0.5), told_max_s=max(b - a for a, b in ends))
        promise(
            "streams",
            none_of_another_stream=figures["wrong"] == 0,
            none_left_out=figures["missing"] == 0,
            every_stream_recorded=figures["recorded"] == len(casters.truth()),
            rows_are_what_was_offered=proof["lost"] == proof["doubled"] == proof["gaps"] == 0,
        )


def shows(stack, casters, seconds, late):
    """Streams longer than Helix is late, with short and long breaks; a kill every half minute."""
    chance = random.Random(2)
    end = time.monotonic() + seconds
    change = {login: time.monotonic() + 10 + 8 * n for n, login in enumerate(CHANNELS)}
    kill, kills = time.monotonic() + 20, {"writer_kills": 0, "poller_kills": 0}
    while time.monotonic() < end:
        now = time.monotonic()
        for login, due in change.items():
            if now < due:
                continue
            if login in casters.live:
                casters.end(login)
                # Helix has forgotten the old stream, or still hesitates when the next one begins.
                change[login] = now + chance.choice((3, 20, 45, 210))
            elif now + late + 45 < end:
                casters.start(login, visible_after=late)
                change[login] = now + late + chance.uniform(30, 90)
            else:
                change[login] = end
        if now >= kill:
            name = chance.choice(("writer", "stream-poller"))
            stack[name].kill()
            kills["writer_kills" if name == "writer" else "poller_kills"] += 1
            time.sleep(chance.choice((0, 0, 3, 8)))
            stack.start(name)
            kill = time.monotonic() + chance.uniform(10, 30)
        time.sleep(0.1)
    return kills


def judge(stack, truth, late):
    """Every row against the simulator's record.

    `wrong`: of a stream that was not on at the row's time. `missing`: of none, although within what is recorded of one.
    `tail`: between the last sighting, which is where a recorded stream ends, and its real end; NULL on purpose.
    """
    recorded = {
        row[0]: (row[1], milliseconds(row[2]), milliseconds(row[3]))
        for row in stack.query("SELECT stream_id, user_id, started_at, ended_at FROM streams WHERE ended_at IS NOT NULL")
    }
    figures = dict.fromkeys(("rows_in_streams", "offline_rows", "before_seen", "wrong", "missing", "tail", "nobody"), 0)
    for table, column in TABLES.items():
        for channel, text, stream in stack.query(f"SELECT broadcaster_user_id, {column}, stream_id FROM {table}"):
            at = milliseconds(text)
            if not channel:
                # Twitch may leave the channel's id out of a deletion.
                figures["nobody"] += 1
            elif stream is not None:
                real = truth.get(stream)
                figures["rows_in_streams"] += 1
                if real is None or real["user_id"] != channel or not is_on(real, at):
                    figures["wrong"] += 1
                elif at < real["online_at_milliseconds"] + late * 1000:
                    figures["before_seen"] += 1
            elif any(of == channel and begin <= at <= end for of, begin, end in recorded.values()):
                figures["missing"] += 1
            elif any(real["user_id"] == channel and is_on(real, at) for real in truth.values()):
                figures["tail"] += 1
            else:
                figures["offline_rows"] += 1
    return figures | {"recorded": len(recorded)}


def is_on(record, at):
    # Helix tells starts in whole seconds.
    begin = record["started_at_milliseconds"] // 1000 * 1000
    return begin <= at <= record.get("offline_at_milliseconds", float("inf"))


@contextlib.contextmanager
def hurried(count, live, interval):
    """A poller that ends a stream with one absent poll, when it has told the first `live` of `count` channels.

    That is the strictest there is: a failed poll that counted as an absent one would end every stream at once.
    """
    names = [f"harbor_{number:03}" for number in range(count)]
    with Stack(names, simulator=["--channels", ",".join(names)]) as stack, Tap(
        stack.folder, ["stream-poller-0"], "stream."
    ) as tap:
        twitch(stack)
        stack.extra |= {
            "STREAM_POLL_INTERVAL": f"{interval}s",
            "STREAM_OFFLINE_POLLS": "1",
            "STREAM_OFFLINE_AFTER": "0s",
        }
        casters = Broadcasters(stack, tap)
        for login in names[:live]:
            casters.start(login)
        stack.start("token-service")
        poller = stack.start("stream-poller")
        wait("the first poll", lambda: len(casters.heard("stream.online")) >= live, 60, 0.1)
        yield stack, casters, poller


def detection(seconds, count=500, live=50, interval=10):
    """How soon starts and ends are told, with how many calls. One absent poll is an end here: Helix does not flap."""
    with hurried(count, live, interval) as (stack, casters, poller):
        begin, first = time.time(), last_call(stack)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            casters.end_one()
            time.sleep(0.5)
            if len(casters.live) < live:
                casters.start_one(rest=2 * interval)
            if casters.live:
                casters.retitle(casters.random.choice(list(casters.live)))
            time.sleep(0.5)
        time.sleep(1.05 * interval + 6)
        calls = stack.control("GET", f"helix-log?after={first}")["calls"]
        starts, ends, untold = casters.delays(since=begin)
        first_told, last_told = [b - a for a, b in starts], [b - a for a, b in ends]
        rounds = polls([call for call in calls if call["endpoint"] == "streams"])
        figures = {
            "start_p50_s": percentile(first_told, 0.5),
            "start_max_s": max(first_told),
            "end_p50_s": percentile(last_told, 0.5),
            "end_max_s": max(last_told),
        }
        left = min(call["remaining"] for call in calls if call.get("remaining") is not None)
        report(
            "detection",
            channels=count,
            live=len(casters.live),
            interval=interval,
            starts=len(starts),
            ends=len(ends),
            untold=untold,
            false_ends=casters.false_ends(),
            told_twice=casters.told_twice(),
            **figures,
        )
        report(
            "  calls",
            polls=len(rounds),
            calls_in_a_poll=max(rounds),
            users_calls=sum(1 for call in calls if call["endpoint"] == "users"),
            refused=sum(1 for call in calls if call["status"] != 200),
            least_points_left=left,
            poller_mib=poller.memory / 2**20,
        )
        promise(
            "streams",
            # Intervals are jittered by 5 %.
            detected_within_an_interval=untold == 0 and max(first_told + last_told) <= 1.05 * interval + 5,
            no_false_end=casters.false_ends() == 0,
            told_once=casters.told_twice() == 0,
            calls_as_few_as_possible=max(rounds) <= -(-count // 100),
        )


def last_call(stack):
    calls = stack.control("GET", "helix-log")["calls"]
    return calls[-1]["sequence"] if calls else 0


def polls(calls):
    """How many calls each poll took: what is less than two seconds apart is one."""
    rounds, last = [], None
    for call in calls:
        if last is None or call["at_milliseconds"] - last > 2000:
            rounds.append(0)
        rounds[-1] += 1
        last = call["at_milliseconds"]
    return rounds
