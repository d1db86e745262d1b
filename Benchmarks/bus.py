"""The bus as any client sees it: states asked for with SNAP, events heard on SUB."""

import json
import threading
import time

import zmq


def snap(folder, producer, topic, timeout=2000):
    """The state of a topic, or None where nobody answers. `producer` is `token-service-0` and the like."""
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    socket.connect(f"ipc://{folder}/state/bus/{producer}.req")
    try:
        socket.send(b"SNAP " + json.dumps({"request": 1, "topic": topic}).encode())
        if not socket.poll(timeout):
            return None
        verb, _, answer = socket.recv().partition(b" ")
        return json.loads(answer)["state"] if verb == b"SNAP" else None
    finally:
        socket.close()


class Tap:
    """Every event of some producers, each with the wall clock in milliseconds at which it was heard."""

    def __init__(self, folder, producers, topic):
        self.events = []
        self.done = threading.Event()
        self.endpoints = [f"ipc://{folder}/state/bus/{producer}" for producer in producers]
        self.topic = topic.encode()
        self.thread = threading.Thread(target=self.listen)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def listen(self):
        socket = zmq.Context.instance().socket(zmq.SUB)
        socket.setsockopt(zmq.RCVHWM, 100_000)
        # A producer that was killed is back in the tap soon.
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        socket.setsockopt(zmq.SUBSCRIBE, self.topic)
        for endpoint in self.endpoints:
            socket.connect(endpoint)
        while not self.done.is_set():
            if not socket.poll(100):
                continue
            now = time.time() * 1000
            event = envelope(socket.recv_multipart())
            if event is not None and "type" in event:
                self.events.append((now, event))
        socket.close(0)

    def of(self, kind):
        return [(at, event) for at, event in list(self.events) if event["type"] == kind]


def envelope(frames):
    """The JSON of a message, whether the topic is a frame of its own or a part of the only one."""
    text = frames[-1]
    start = text.find(b"{")
    return json.loads(text[start:]) if start >= 0 else None
