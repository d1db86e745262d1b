"""Helix that is down, that storms with 429, and that refuses the token, while streams go on."""

import os
import time

from reporting import percentile, promise, report
from streams import hurried

INTERVAL = 20
# Each for a part of the outage, again and again. The client gives up after 10 s; a late answer is one that nobody hears.
OUTAGES = (
    {"status": 503},
    {"delay_milliseconds": 30_000},
    {"drop": "before"},
    {"status": 500},
    {"status": 504, "delay_milliseconds": 3_000},
    {"drop": "after"},
)
OUTAGE_PART = 25


def helix(seconds=int(float(os.environ.get("MINUTES", 10)) * 60), storms=(25, 90), count=300, live=80):
    """No stream ends because Helix fails, and all that happened meanwhile is known within an interval afterwards."""
    with hurried(count, live, INTERVAL) as (stack, casters, poller):
        going_on(casters, 2 * INTERVAL)
        phase(casters, "outage", lambda: outage(stack, casters, seconds))
        going_on(casters, INTERVAL)
        # A short one as well: what Twitch said of its limits before it must not outlive it.
        for storm in storms:
            phase(casters, f"storm_{storm}s", lambda: storm_of_429(stack, casters, storm))
            going_on(casters, INTERVAL)
        phase(casters, "revoked", lambda: revoked(stack, casters))
        calls = stack.control("GET", "helix-log")["counts"]
        report(
            "  calls",
            **{f"{endpoint}_{status}": n for endpoint, counts in calls.items() for status, n in counts.items()},
            poller_mib=poller.memory / 2**20,
        )


def going_on(casters, seconds):
    """A start every six seconds, and every third time an end: of those that are known, most stay live through an outage."""
    end, step = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        if step % 3 == 0:
            casters.end_one()
        step += 1
        casters.start_one(rest=2 * INTERVAL)
        time.sleep(min(6, max(0, end - time.monotonic())))


def outage(stack, casters, seconds):
    end, part = time.monotonic() + seconds, 0
    while (left := end - time.monotonic()) > 0:
        fault = OUTAGES[part % len(OUTAGES)] | {"duration_milliseconds": int(min(OUTAGE_PART, left) * 1000)}
        part += 1
        stack.control("POST", "faults/helix", fault)
        going_on(casters, min(OUTAGE_PART, left))


def storm_of_429(stack, casters, seconds):
    fault = {"status": 429, "reset_after_milliseconds": 1000, "duration_milliseconds": seconds * 1000}
    stack.control("POST", "faults/helix", fault)
    going_on(casters, seconds)


def revoked(stack, casters):
    stack.control("POST", "oauth/revoke", {"client_id": "simulator-client"})
    going_on(casters, 6)


def phase(casters, name, trouble):
    """One kind of trouble, then peace for an interval: what was told when."""
    begin = time.time()
    trouble()
    known = casters.heard("stream.online")
    stayed = sum(1 for stream in casters.live.values() if stream in known)
    over = time.time()
    # A poll that hangs in the last failing request: ten seconds, and a pause before it is sent again.
    allowed = 1.05 * INTERVAL + 5
    time.sleep(allowed + 20)
    starts, ends, untold = casters.delays(since=begin, until=over)
    late = [max(0, told - over) for _, told in starts + ends]
    inferred = sum(1 for _, event in casters.tap.of("stream.offline") if event["data"]["ended_at_basis"] == "inferred")
    report(
        name,
        seconds=over - begin,
        starts=len(starts),
        ends=len(ends),
        stayed_live=stayed,
        untold=untold,
        told_after_p50_s=percentile(late, 0.5),
        told_after_max_s=max(late, default=float("nan")),
        false_ends=casters.false_ends(),
        told_twice=casters.told_twice(),
        inferred=inferred,
    )
    promise(
        "helix",
        **{
            f"no_false_end_in_{name}": casters.false_ends() == 0,
            f"told_once_in_{name}": casters.told_twice() == 0,
            f"all_told_within_an_interval_after_{name}": untold == 0 and max(late, default=0) <= allowed,
        },
    )
