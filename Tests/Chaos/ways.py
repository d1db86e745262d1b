"""The ways between each writer and each producer: a relay for every pair of them, which can be cut."""

import contextlib
import os
import socket
import threading
import time

PRODUCERS = ("irc-gateway-", "stream-poller-")


class Way:
    """What one writer hears of one socket of a producer."""

    def __init__(self, path, target):
        self.target = target
        self.state = "open"
        self.connections = set()
        self.lock = threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            try:
                if self.state == "closed":
                    raise OSError("cut")
                far.connect(self.target)
            except OSError:
                near.close()
                far.close()
                # Whoever is refused comes again at once.
                time.sleep(0.02)
                continue
            with self.lock:
                self.connections |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                while self.state == "silent":
                    time.sleep(0.05)
                sink.sendall(data)
        self.end({source, sink})

    def end(self, connections):
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        with self.lock:
            self.connections -= connections

    def set(self, state):
        """`open`, `closed` as by a reset, or `silent` as by a firewall that drops."""
        before, self.state = self.state, state
        if state == "closed" or before == "silent":
            with self.lock:
                connections = set(self.connections)
            self.end(connections)

    def close(self):
        self.listener.close()
        self.set("closed")


class Ways:
    """Finds the producers' sockets as they come, and relays them to a folder of each writer's own."""

    def __init__(self, folder, split):
        self.real = os.path.join(folder, "state", "bus")
        # The names of sockets are short, and a path may have 107 bytes.
        self.folder = os.path.join(folder, "w")
        self.split = split
        self.ways = {}
        self.cuts = {}
        self.writers = set()
        self.lock = threading.Lock()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def endpoints(self, writer):
        """The writer's settings."""
        number = writer.removeprefix("writer-")
        os.makedirs(os.path.join(self.folder, number), mode=0o700, exist_ok=True)
        self.writers.add(number)
        self.relay()
        return {
            "IRC_GATEWAY_BUS": f"ipc://{self.folder}/{number}/irc-gateway-*",
            "STREAM_POLLER_BUS": f"ipc://{self.folder}/{number}/stream-poller-*",
        }

    def look(self):
        while not self.done.wait(0.2):
            self.relay()

    def relay(self):
        if not os.path.isdir(self.real):
            return
        names = [name for name in os.listdir(self.real) if name.startswith(PRODUCERS)]
        with self.lock:
            for number in sorted(self.writers):
                for name in names:
                    if (number, name) not in self.ways and not self.is_hidden(number, name):
                        way = Way(os.path.join(self.folder, number, name), os.path.join(self.real, name))
                        way.set(self.cuts.get((number, name.removesuffix(".req")), "open"))
                        self.ways[number, name] = way

    def is_hidden(self, number, name):
        """Where the machines are split, odd writers hear the gateway of slot 0 and even ones the other; a poller all."""
        slot = name.removesuffix(".req").rpartition("-")[2]
        return self.split and name.startswith("irc-gateway-") and int(number) % 2 == int(slot) % 2

    def set(self, writer, producer, state):
        number = writer.removeprefix("writer-")
        with self.lock:
            self.cuts[number, producer] = state
            for name in (producer, producer + ".req"):
                if way := self.ways.get((number, name)):
                    way.set(state)

    def close(self):
        self.done.set()
        self.thread.join()
        for way in self.ways.values():
            way.close()
