"""A producer that is no gateway: what no IRC line brings, what no writer can read, and events that its journal has lost."""

import json
import os
import threading
import time
import zlib

import zmq

PRODUCER = "gw-strange"
EPOCH = 1
LOGIN = "quietharbor"
PARTITION = zlib.crc32(LOGIN.encode()) % 32
AT = "2025-11-22T10:00:00.123Z"
# The journal begins behind these: they are gone.
LOST = 3


def envelope(number, kind, data, **changed):
    content = {
        "specversion": "1.0",
        "id": f"{PRODUCER}/{EPOCH}-{number}",
        "source": f"/irc-gateway/{PRODUCER}",
        "type": kind,
        "subject": LOGIN,
        "time": AT,
        "partition": PARTITION,
        "offset": f"{EPOCH}-{number}",
        "prev": f"{EPOCH}-{number - 1}",
        "data": data,
    }
    return f"chat.p{PARTITION:02}.{LOGIN}.{kind}\n{json.dumps({**content, **changed}, separators=(',', ':'))}\n"


def unban(number):
    return {
        "broadcaster_user_id": "1337",
        "broadcaster_user_login": LOGIN,
        "user_id": str(82008718 + number),
        "user_login": f"rowan{number}",
        "moderator_user_id": "7",
        "moderator_user_login": "ash",
        "unbanned_at": AT,
        "received_at": AT,
    }


def backfilled():
    return {
        "broadcaster_user_id": "1337",
        "broadcaster_user_login": LOGIN,
        "gateway": PRODUCER,
        "source": "history.example",
        "hole_started_at": AT,
        "hole_ended_at": "2025-11-22T10:00:05.000Z",
        "is_complete": True,
        "message_before": "m1",
        "message_after": "m2",
        "lines_offered": 12,
        "lines_published": 9,
        "finished_at": "2025-11-22T10:00:06.000Z",
    }


def events():
    numbers = iter(range(LOST + 1, 1000))
    for _ in range(20):
        number = next(numbers)
        yield number, envelope(number, "channel.unban", unban(number))
    number = next(numbers)
    yield number, envelope(number, "channel.of.another.century", {"broadcaster_user_login": LOGIN})
    number = next(numbers)
    yield number, envelope(number, "channel.chat.message", {"message_id": 5})
    number = next(numbers)
    yield number, envelope(number, "channel.unban", unban(number), specversion="9.0")
    number = next(numbers)
    yield number, envelope(number, "collection.backfilled", backfilled())


class StrangeProducer:
    """Serves at a gateway's place until it is stopped; any database may acknowledge."""

    def __init__(self, folder):
        self.events = list(events())
        self.last = self.events[-1][0]
        path = os.path.join(folder, "state", "bus", "irc-gateway-9")
        context = zmq.Context.instance()
        self.live, self.requests = context.socket(zmq.XPUB), context.socket(zmq.ROUTER)
        self.live.bind(f"ipc://{path}")
        self.requests.bind(f"ipc://{path}.req")
        self.stopped = False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def stop(self):
        self.stopped = True
        self.thread.join()
        self.live.close(0)
        self.requests.close(0)

    def serve(self):
        poller = zmq.Poller()
        poller.register(self.requests, zmq.POLLIN)
        poller.register(self.live, zmq.POLLIN)
        while not self.stopped:
            for socket, _ in poller.poll(200):
                parts = socket.recv_multipart()
                if socket is self.requests:
                    socket.send_multipart([*parts[:-1], self.answer(parts[-1])])
            beat = {
                "producer": PRODUCER, "service": "irc-gateway", "epoch": EPOCH, "partitions": 32, "heads": self.heads(),
            }
            self.live.send(f"hb.{PRODUCER}\n{json.dumps(beat)}".encode(), zmq.NOBLOCK)

    def heads(self):
        return {str(PARTITION): f"{EPOCH}-{self.last}"}

    def answer(self, request):
        verb, body = request.split(b" ", 1)
        asked = json.loads(body)
        reply = {"request": asked["request"]}
        frames = ""
        if verb == b"HELLO":
            reply |= {
                "service": "irc-gateway", "producer": PRODUCER, "epoch": EPOCH, "partitions": 32, "version": 1,
            }
        elif verb == b"HEADS":
            reply |= {"heads": self.heads()}
        elif verb == b"ACK":
            reply |= {"accepted": True}
        else:
            after = int(asked.get("after", {}).get(str(PARTITION), f"{EPOCH}-{self.last}").split("-")[1])
            found = [text for number, text in self.events if number > after]
            lost = after < LOST
            truncated = [{"partition": PARTITION, "after": f"{EPOCH if after else 0}-{after}", "through": f"{EPOCH}-{LOST}"}]
            reply |= {
                "count": len(found), "complete": True, "heads": self.heads(), "truncated": truncated if lost else [],
            }
            frames = "\n" + "".join(found)
            verb = b"FETCH"
        return verb + b" " + json.dumps(reply).encode() + frames.encode()
