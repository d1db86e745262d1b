"""What the journals say was accepted, read from their files as docs/decisions/journal-format.md describes them."""

import collections
import glob
import json
import os
import sqlite3
import struct

Event = collections.namedtuple("Event", "producer partition offset previous type data")
ACCEPTED_IN = ("irc-gateway", "stream-poller")


def offset(text):
    epoch, sequence = text.split("-")
    return int(epoch) << 32 | int(sequence)


def slots(folder):
    for service in ACCEPTED_IN:
        yield from sorted(glob.glob(os.path.join(folder, "state", "journal", service, "slot-*")))


def producer_of(slot):
    """Who writes a slot; None before it was claimed for the first time."""
    path = os.path.join(slot, "identity.json")
    if not os.path.exists(path):
        return None
    with open(path) as identity:
        return json.load(identity)["producer"]


def events_of(slot):
    """Every event of a journal once, in the order of its offsets."""
    found = {}
    for path in sorted(glob.glob(os.path.join(slot, "*.journal"))):
        connection = sqlite3.connect(path)
        try:
            rows = connection.execute("SELECT records FROM batches ORDER BY last").fetchall()
        except sqlite3.OperationalError:
            # Nothing was ever committed to it.
            rows = []
        finally:
            connection.close()
        for (records,) in rows:
            for event in events_in(records):
                # Where a commit failed, the batch was written again to the next segment.
                found[event.offset] = event
    return [found[key] for key in sorted(found)]


def events_in(records):
    at = 8
    while at < len(records):
        length, partition, number, previous = struct.unpack_from("<IBQQ", records, at)
        frame = records[at + 21 : at + 21 + length]
        at += 21 + length
        envelope = json.loads(frame.partition(b"\n")[2])
        producer = envelope["source"].rsplit("/", 1)[1]
        yield Event(producer, partition, number, previous, envelope["type"], envelope["data"])


def accepted(folder):
    """All events, and the broken chains: an event that does not name the one before it in its partition."""
    events, broken = [], []
    for slot in slots(folder):
        last = {}
        for event in events_of(slot):
            if event.previous != last.get(event.partition, 0):
                broken.append(f"{event.producer} partition {event.partition}: {event.previous} before {event.offset}")
            last[event.partition] = event.offset
            events.append(event)
    return events, broken


def heads(events):
    result = {}
    for event in events:
        key = (event.producer, event.partition)
        result[key] = max(result.get(key, 0), event.offset)
    return result
