#!/usr/bin/python3
"""Torments the real processes and looks whether anything that was accepted was lost or doubled: `make chaos`.

    SECONDS=180        how long there is trouble
    SEED=1             which trouble
    DATABASE=postgres  or sqlite
    WRITERS=3          how many at first
    RATE=500           messages a second
    KEYS=kept          or dropped: without the unique indexes nothing but the offsets keeps rows from being doubled
    GATEWAYS=own       each its own channels, or shared: both read all of them
    WAYS=open          or split: odd writers hear one gateway and even ones the other, as on two machines (postgres)
    MEMORY_MIB=128     what no service may need
    BIN=.build/release where the programs are
    KEEP=0             1: leave the folder for a look, also when all is well
    SABOTAGE=0         1: a stored message is removed before the verdict, which must then be a bad one
"""

import os
import random
import shutil
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
os.environ.setdefault("BIN", os.path.join(HERE, "..", "..", ".build", "release"))
os.environ["BIN"] = os.path.abspath(os.environ["BIN"])
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "..", "..", "Benchmarks"))

from bystanders import Bystanders
from oracle import Heads, judge, wait_for_sessions, wait_until_stored
from schedule import SERVICES, schedule
from stack import wait
from trouble import Trouble
from world import CHANNELS, OnPostgres, OnSQLite, World

ENGINES = {"postgres": OnPostgres, "postgresql": OnPostgres, "sqlite": OnSQLite}
DRAINED_WITHIN = 240
# A gateway that died is given a quarter of a minute to come back before another ends its sessions.
SESSIONS_WITHIN = 90
SABOTAGES = os.environ.get("SABOTAGE", "0") == "1"
KEEPS = os.environ.get("KEEP", "0") == "1"


def setting(name, default, allowed=None):
    value = os.environ.get(name) or default
    if allowed and value not in allowed:
        raise SystemExit(f"chaos: {name}={value} is not known; there are: {', '.join(allowed)}")
    if isinstance(default, int):
        if not str(value).isdigit() or int(value) < 1:
            raise SystemExit(f"chaos: {name}={value} must be a number from 1")
        return int(value)
    return value


def main():
    seconds = setting("SECONDS", 180)
    seed = setting("SEED", random.SystemRandom().randrange(1, 1_000_000))
    engine = setting("DATABASE", "postgres", ENGINES)
    keys = setting("KEYS", "kept", ("kept", "dropped"))
    gateways = setting("GATEWAYS", "own", ("own", "shared"))
    ways = setting("WAYS", "open", ("open", "split"))
    if ways == "split" and ENGINES[engine] is OnSQLite:
        raise SystemExit("chaos: one writer of SQLite writes everything; WAYS=split needs postgres")
    writers, rate = setting("WRITERS", 3), setting("RATE", 500)
    limit = setting("MEMORY_MIB", 128)
    if not os.access(os.path.join(os.environ["BIN"], "writer"), os.X_OK):
        raise SystemExit(f"chaos: no programs in {os.environ['BIN']}; run make build, or set BIN")
    faults = schedule(seed, seconds, writers, CHANNELS, ways == "split")
    print(f"chaos: {seconds} s on {engine}, {len(faults)} faults, SEED={seed}", flush=True)
    with ENGINES[engine]() as stack:
        try:
            isWell = torment(
                stack, faults, rate, writers, limit, keys == "dropped", gateways == "shared", ways == "split", seed
            )
        except Exception:
            keep(stack)
            raise
        if KEEPS or not (isWell or SABOTAGES):
            keep(stack)
    raise SystemExit(0 if isWell else 1)


def keep(stack):
    """The logs, the journals and the faults, for whoever wants to know why."""
    kept = stack.folder + "-kept"
    shutil.copytree(stack.folder, kept, ignore=lambda folder, names: {n for n in names if not is_plain(folder, n)})
    print(f"chaos: logs, journals and faults are in {kept}", flush=True)


def is_plain(folder, name):
    path = os.path.join(folder, name)
    return os.path.isdir(path) or os.path.isfile(path)


def torment(stack, faults, rate, writers, limit, keys_are_dropped, shared, split, seed):
    world = World(stack, shared, split)
    world.prepare()
    world.start("writer-1")
    wait("the tables", lambda: stack.query("SELECT 1 FROM bus_offsets LIMIT 1") == [] and stack.rows("schema_migrations") > 0)
    stack.record_offsets()
    if keys_are_dropped:
        stack.forget_keys()
    for label in (*SERVICES, *(f"writer-{number}" for number in range(2, writers + 1))):
        world.start(label)
    stack.joined()
    stack.control("POST", "rate", {"lines_per_second": rate})
    with open(os.path.join(stack.folder, "faults.txt"), "w") as out, Bystanders(stack.folder) as bystanders:
        trouble = Trouble(world, faults, out)
        trouble.run()
        trouble.heal()
        begin = time.monotonic()
        while trouble.database_is_down:
            time.sleep(0.05)
        stack.control("POST", "rate", {"lines_per_second": 0})
        world.watch()
        # A heartbeat and a group commit later the producers know all that they will ever accept.
        time.sleep(2)
        heads = Heads(stack.folder)
        stored = wait_until_stored(stack, heads, DRAINED_WITHIN)
        drained = time.monotonic() - begin if stored else None
        sessions = wait_for_sessions(stack, 2 if shared else 1, SESSIONS_WITHIN)
        # What was accepted while we waited has to be stored as well.
        stored = wait_until_stored(stack, heads, DRAINED_WITHIN) if stored else None
        world.watch()
    if sessions:
        world.broken.append(sessions)
    offered = stack.stats()
    world.stop()
    if SABOTAGES:
        stack.sabotage()
    verdict = judge(stack, keys_are_dropped, stored or heads())
    return tell(stack, world, trouble, bystanders, verdict, drained, limit, offered, seed)


def tell(stack, world, trouble, bystanders, verdict, drained, limit, offered, seed):
    lines = sum(channel["last_sequence"] for channel in offered["channels"].values())
    print("faults")
    for kind, count in sorted(trouble.counts.items()):
        print(f"  {count:5}  {kind}")
    print("result")
    print(f"  accepted events      {verdict.events}, of them chat messages {verdict.messages} (Twitch offered {lines} lines)")
    print(f"  lost                 {verdict.lost}")
    print(f"  doubled              {verdict.doubled}")
    print(f"  gaps                 {verdict.gaps} rows, which explain {verdict.explained} events")
    print(f"  dead letters         {verdict.dead}")
    print(f"  drained after        {f'{drained:.1f} s' if drained is not None else 'never'}")
    print(f"  starts of programs   {world.starts}")
    print(f"  events heard live    {bystanders.heard}, out of order {bystanders.disorder}")
    for name, peak in sorted(world.peaks.items()):
        print(f"  memory               {name} at most {peak:.0f} MiB")
    broken = world.broken + list(world.complaints()) + verdict.broken
    if drained is None:
        broken.append(f"not everything was stored within {DRAINED_WITHIN} s of the last fault")
    if bystanders.disorder:
        broken.append(f"a tap heard events out of order: {bystanders.examples[0]}")
    broken += [f"{name} needed {peak:.0f} MiB; MEMORY_MIB={limit}" for name, peak in world.peaks.items() if peak > limit]
    if verdict.events < 1000 or not bystanders.heard:
        broken.append("too little happened for a verdict")
    for what in broken[:40]:
        print(f"BROKEN {what}")
    if len(broken) > 40:
        print(f"BROKEN … and {len(broken) - 40} more")
    print(f"chaos: {'everything holds' if not broken else f'{len(broken)} promises broken'}, SEED={seed}", flush=True)
    return not broken


if __name__ == "__main__":
    # Whoever ends it also ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
