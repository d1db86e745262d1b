"""Followers that behave badly, and one that looks whether what it hears is in order."""

import glob
import os
import threading

import zmq


class Bystanders:
    """A tap that never reads, one that takes one message at a time, and one that checks the order."""

    def __init__(self, folder):
        self.folder = folder
        self.done = threading.Event()
        self.heard = self.disorder = 0
        self.examples = []
        self.threads = [threading.Thread(target=run, daemon=True) for run in (self.deaf, self.slow, self.strict)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        for thread in self.threads:
            thread.join()

    def tap(self, high_water):
        socket = zmq.Context.instance().socket(zmq.SUB)
        socket.setsockopt(zmq.RCVHWM, high_water)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        return socket

    def connect(self, socket, known):
        """Slots come and go as gateways are killed."""
        for path in glob.glob(os.path.join(self.folder, "state", "bus", "*-[0-9]*")):
            if not path.endswith(".req") and "token-service" not in path and path not in known:
                known.add(path)
                socket.connect("ipc://" + path)

    def deaf(self):
        socket, known = self.tap(1000), set()
        while not self.done.wait(0.5):
            self.connect(socket, known)
        socket.close()

    def slow(self):
        socket, known = self.tap(1), set()
        while not self.done.wait(0.1):
            self.connect(socket, known)
            if socket.poll(0):
                socket.recv()
        socket.close()

    def strict(self):
        """Live delivery may drop anything, but never goes back within a producer's partition."""
        import json

        socket, known, last = self.tap(100_000), set(), {}
        while not self.done.is_set():
            self.connect(socket, known)
            for _ in range(1000):
                if not socket.poll(100):
                    break
                topic, _, body = socket.recv().partition(b"\n")
                if topic.startswith(b"hb."):
                    continue
                event = json.loads(body)
                epoch, _, sequence = event["offset"].partition("-")
                number = int(epoch) << 32 | int(sequence)
                key = event["source"], event["partition"]
                self.heard += 1
                if number <= last.get(key, 0):
                    self.disorder += 1
                    self.examples.append(f"{key}: {event['offset']} behind {last[key] >> 32}-{last[key] & 0xFFFFFFFF}")
                last[key] = number
        socket.close()
