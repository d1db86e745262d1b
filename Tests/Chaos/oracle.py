"""Accepted = stored exactly once, or a row in collection_gaps says that it is lost; in order, by the journals' own lists."""

import collections
import time

from heads import heads_over_the_bus
from journals import accepted, events_of, heads, producer_of, slots

# For each type: its table, what names it in the event, and what names its row. `{}` is a time as the engine writes it.
NAMES = {
    "channel.chat.message": ("chat_messages", ("message_id",), "id"),
    "channel.chat.notification": ("chat_notifications", ("message_id",), "id"),
    "channel.chat.message_delete": ("message_deleted_events", ("message_id",), "message_id"),
    "channel.ban": ("user_banned_events", ("broadcaster_user_id", "user_id", "banned_at"), "{banned_at}"),
    "channel.unban": ("user_unbanned_events", ("broadcaster_user_id", "user_id", "unbanned_at"), "{unbanned_at}"),
    "channel.chat.clear": ("chat_clears", ("broadcaster_user_id", "cleared_at"), "{cleared_at}"),
    "channel.chat.notice": ("chat_notices", None, "event_id"),
    "channel.chat_settings.update": ("chat_settings", None, "event_id"),
    "collection.started": ("collection_sessions", ("session_id",), "session_id"),
    "stream.online": ("streams", ("stream_id",), "stream_id"),
}
# These may be a copy of what another gateway told: then they have no row, and the other's row names them.
HAVE_COPIES = {"channel.ban", "channel.chat.clear", "channel.chat.notice", "channel.chat_settings.update"}
# Their rows are changed by later events of the same thing, so that one row is right whatever the keys.
ALWAYS_ONCE = {"collection.started", "stream.online"}


class Verdict:
    def __init__(self):
        self.events = self.messages = self.lost = self.doubled = self.explained = self.gaps = self.dead = 0
        self.unexplained = []
        self.broken = []

    def say(self, what):
        self.broken.append(what)


def committed(stack):
    rows = stack.query('SELECT producer, partition, "offset" FROM bus_offsets')
    return {(producer, int(partition)): int(number) for producer, partition, number in rows}


def wait_until_stored(stack, known_heads, deadline):
    """Waits until the database has everything that the producers have, and returns their heads; None when it never came."""
    begin = time.monotonic()
    while time.monotonic() - begin < deadline:
        wanted, stored = known_heads(), committed(stack)
        if wanted and all(stored.get(key, 0) >= number for key, number in wanted.items()):
            return wanted
        time.sleep(0.2)
    return None


def wait_for_sessions(stack, readers, deadline):
    """Waits until each channel has so many open sessions: who died is not on record as listening. What is wrong otherwise."""
    begin = time.monotonic()
    while True:
        found = {login: 0 for login in stack.channels}
        for login, count in stack.query(
            "SELECT broadcaster_user_login, count(*) FROM collection_sessions WHERE stopped_at IS NULL GROUP BY 1"
        ):
            found[login] = int(count)
        wrong = {login: count for login, count in found.items() if count != readers}
        if not wrong:
            return None
        if time.monotonic() - begin > deadline:
            login = min(wrong)
            return f"{len(wrong)} channels have not {readers} open sessions, such as {login} with {wrong[login]}"
        time.sleep(0.5)


class Heads:
    """How far each journal goes while the services run, asked over the bus; from its files where nobody serves it."""

    def __init__(self, folder):
        self.folder = folder
        self.unserved = {}

    def __call__(self):
        served = heads_over_the_bus(self.folder)
        producers = {producer for producer, _ in served}
        for slot in slots(self.folder):
            producer = producer_of(slot)
            if producer is not None and producer not in producers:
                if producer not in self.unserved:
                    self.unserved[producer] = heads(events_of(slot))
                served |= self.unserved[producer]
        return served


def judge(stack, keys_are_dropped, required):
    """`required` are the heads up to which everything must be stored: what ended services said last may wait for the next start."""
    verdict = Verdict()
    events, chains = accepted(stack.folder)
    verdict.events = len(events)
    verdict.messages = sum(1 for event in events if event.type == "channel.chat.message")
    for chain in chains[:5]:
        verdict.say(f"a journal's chain is broken: {chain}")
    gaps = [
        (producer, int(partition), int(after), int(through))
        for producer, partition, after, through in stack.query(
            "SELECT producer, partition, after_offset, through_offset FROM collection_gaps"
        )
    ]
    verdict.gaps = len(gaps)
    letters = {
        (producer, int(partition), int(number))
        for producer, partition, number in stack.query('SELECT producer, partition, "offset" FROM dead_letters')
    }
    verdict.dead = len(letters)
    by_type = collections.defaultdict(list)
    for event in events:
        if (event.producer, event.partition, event.offset) not in letters:
            by_type[event.type].append(event)
    for kind, (table, keys, column) in NAMES.items():
        compare(stack, verdict, kind, table, keys, column, by_type.pop(kind, []), gaps, keys_are_dropped, required)
    look_at_offsets(stack, verdict, events, gaps, required)
    return verdict


def compare(stack, verdict, kind, table, keys, column, events, gaps, keys_are_dropped, required):
    wanted = collections.defaultdict(list)
    for event in events:
        wanted[name_of(event, keys)].append(event)
    stored = collections.Counter(rows_of(stack, table, keys, column))
    copies = copies_in(stack, table) if kind in HAVE_COPIES else set()
    for name, sources in wanted.items():
        count = stored.pop(name, 0)
        allowed = len(sources) if keys_are_dropped and kind not in ALWAYS_ONCE else 1
        if count == 0:
            if any(id_of(event) in copies for event in sources):
                continue
            if all(event.offset > required.get((event.producer, event.partition), 0) for event in sources):
                continue
            if all(is_explained(event, gaps) for event in sources):
                verdict.explained += 1
                continue
            verdict.lost += 1
            verdict.say(f"LOST {kind} {name} of {sources[0].producer} partition {sources[0].partition}")
        elif count > allowed:
            verdict.doubled += 1
            verdict.say(f"DOUBLED {kind} {name}: {count} rows in {table}, accepted {len(sources)} times")
    # A session may have begun by its end only, a stream by its update: these are no rows of nobody.
    if kind not in ALWAYS_ONCE:
        for name in list(stored)[:3]:
            verdict.say(f"{table} has a row that no journal accepted: {name}")


def name_of(event, keys):
    # Twitch sent no id, as in garbage: the event's own is taken.
    if keys is None or (keys == ("message_id",) and not event.data.get("message_id")):
        return id_of(event)
    return "|".join(str(event.data.get(key, "")) for key in keys)


def id_of(event):
    return f"{event.producer}/{event.offset >> 32}-{event.offset & 0xFFFFFFFF}"


def copies_in(stack, table):
    rows = stack.query(f"SELECT copies FROM {table} WHERE copies IS NOT NULL")
    return {copy for row in rows for copy in row[0].split(" ")}


def rows_of(stack, table, keys, column):
    """The names of all rows, made as `name_of` makes them."""
    if keys is None or not column.startswith("{"):
        expression = column
    else:
        parts = [stack.times(key) if key.endswith("_at") else key for key in keys]
        expression = " || '|' || ".join(parts)
    return [row[0] for row in stack.query(f"SELECT {expression} FROM {table}")]


def is_explained(event, gaps):
    return any(
        (event.producer, event.partition) == (producer, partition) and after < event.offset <= through
        for producer, partition, after, through in gaps
    )


def look_at_offsets(stack, verdict, events, gaps, required):
    """Order: each partition's offset only ever went from one commit's end to the next's, up to the journal's head."""
    last, known = {}, collections.defaultdict(set)
    for event in events:
        known[event.producer, event.partition].add(event.offset)
    for producer, partition, number, _ in gaps:
        known[producer, partition].add(number)
    for producer, partition, _, number in gaps:
        known[producer, partition].add(number)
    for producer, partition, before, after in stack.query(
        "SELECT producer, partition, before, after FROM chaos_offsets ORDER BY number"
    ):
        key, before, after = (producer, int(partition)), int(before), int(after)
        if before != last.get(key, 0) or after < before:
            verdict.say(f"ORDER {producer} partition {partition}: {before} to {after} behind {last.get(key, 0)}")
        if after not in known[key]:
            verdict.say(f"ORDER {producer} partition {partition}: {after} is no event of the journal")
        last[key] = after
    stored = committed(stack)
    for key, head in required.items():
        if stored.get(key, 0) < head:
            verdict.say(f"{key[0]} partition {key[1]} is stored up to {stored.get(key, 0)}, accepted up to {head}")
