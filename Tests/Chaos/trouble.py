"""Carries the faults out, and ends what ends."""

import heapq
import itertools
import signal
import time
import urllib.error

from world import in_background


class Trouble:
    def __init__(self, world, faults, out):
        self.world = world
        self.stack = world.stack
        self.faults = faults
        self.out = out
        self.later = []
        self.number = itertools.count()
        self.counts = {}
        self.database_is_down = False
        self.longest_delay = 0.0

    def run(self):
        begin = time.monotonic()
        looked = 0.0
        for fault in self.faults:
            while (now := time.monotonic() - begin) < fault.at:
                self.end_what_is_due()
                if now - looked > 0.25:
                    looked = now
                    self.world.watch()
                time.sleep(0.02)
            self.longest_delay = max(self.longest_delay, now - fault.at)
            print(fault, file=self.out, flush=True)
            done = self.carry_out(fault)
            key = fault.kind if fault.kind not in ("kill", "pause") else f"{fault.kind} {program(fault.target)}"
            if done:
                self.counts[key] = self.counts.get(key, 0) + 1

    def heal(self):
        """Ends all trouble at once."""
        while self.later:
            _, _, action = heapq.heappop(self.later)
            action()
        self.control("POST", "faults/clear", {})

    def end_what_is_due(self):
        while self.later and self.later[0][0] <= time.monotonic():
            _, _, action = heapq.heappop(self.later)
            action()

    def after(self, seconds, action):
        heapq.heappush(self.later, (time.monotonic() + seconds, next(self.number), action))

    def control(self, method, path, body):
        try:
            return self.stack.control(method, path, body)
        except urllib.error.HTTPError as error:
            # Such as a fault for a channel that nobody reads at the moment.
            return {"error": error.read()}

    def carry_out(self, fault):
        world, target = self.world, fault.target
        match fault.kind:
            case "kill":
                world.kill(target)
                self.after(fault.lasts, lambda: world.start(target) if target not in world.running else None)
            case "pause":
                process = world.running.get(target)
                if process is None:
                    return False
                process.process.send_signal(signal.SIGSTOP)
                self.after(fault.lasts, lambda: process.process.send_signal(signal.SIGCONT))
            case "way cut":
                producer, how = fault.detail.split(" ")
                world.ways.set(target, producer, how)
                self.after(fault.lasts, lambda: world.ways.set(target, producer, "open"))
            case "writer added":
                world.start(target)
            case "writer removed":
                # It may be waiting to be started again after a kill.
                world.removed.add(target)
                world.leave(target)
            case "database stopped":
                # On a busy machine it may still be recovering from the last time.
                if self.database_is_down:
                    return False
                self.database_is_down = True
                in_background(lambda: self.stop_database(fault.lasts))
            case "socket closed":
                self.control("POST", "faults/close", {"channels": [target], "how": fault.detail})
            case "RECONNECT":
                self.control("POST", "faults/reconnect", {"channels": [target], "close_after_milliseconds": 2000})
            case "duplicate delivery":
                self.control("POST", "faults/duplicate", {"channels": [target], "lines": 50})
            case "garbage lines":
                self.control("POST", "faults/garbage", {"channels": [target], "count": 20, "seed": int(fault.detail)})
            case "Twitch stalls":
                self.control("POST", "faults/stall", {"channels": [target], "duration_milliseconds": int(fault.lasts * 1000)})
            case "half-open socket":
                self.control("POST", "faults/half-open", {"channels": [target]})
            case "Helix fails":
                self.control("POST", "faults/helix", {"status": 503, "duration_milliseconds": int(fault.lasts * 1000)})
            case "stream starts or ends" if fault.detail == "starts":
                self.control("POST", "streams", {"login": target, "online": True, "title": "Chaos", "viewers": 7})
            case "stream starts or ends":
                self.control("POST", "streams/end", {"login": target})
        return True

    def stop_database(self, seconds):
        try:
            self.stack.stop_database()
            time.sleep(seconds)
            self.stack.start_database()
        except Exception as error:
            self.world.broken.append(f"the database could not be stopped and started: {error}")
        self.database_is_down = False


def program(label):
    return label.rstrip("0123456789").removesuffix("-a").removesuffix("-b").rstrip("-")
