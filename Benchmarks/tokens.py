"""A login that lives for months, in fast motion: tokens live for a minute instead of four hours."""

import hashlib
import os
import threading
import time
import urllib.error
import urllib.request

from bus import Tap, snap
from reporting import promise, report
from stack import Stack, wait

CHANNELS = ("quietharbor", "loudlagoon", "sunken_pier")
LIFETIME, VALIDATE_INTERVAL = 60, 20
# Renewed after 75 % of the life; a second more for the schedule, and for a busy machine.
CYCLE = range(LIFETIME * 3 // 4 - 1, LIFETIME * 3 // 4 + 6)
# When the token is revoked, in seconds, as far as the run is long enough. The pauses grow: a token that is refused again and
# again is renewed ever more slowly, on purpose (docs/decisions/token-refresh.md).
REVOKED_AT = (95, 240, 450, 810, 1410)
# Seconds in which a revocation must be noticed and mended.
MENDED_WITHIN = 10


class Watch:
    """Looks each second at the token that is offered, and at who reads."""

    def __init__(self, stack):
        self.stack = stack
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.samples = 0
        self.replaced = 0
        self.invalid, self.missing, self.anonymous = [], [], []
        self.seen, self.connections = set(), {}

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def run(self):
        while not self.done.wait(1):
            self.samples += 1
            self.look_at_token()
            for connection in self.stack.control("GET", "connections"):
                if connection["is_logged_in"]:
                    if connection["is_anonymous"] and connection["id"] not in self.connections:
                        self.anonymous.append(time.time())
                    self.connections[connection["id"]] = connection["nick"]

    def look_at_token(self):
        offered = self.offered()
        if offered is None:
            self.missing.append(time.time())
        elif not self.is_valid(offered):
            # A renewal revokes the old one: what counts is what is offered at the time of the answer.
            again = self.offered()
            if again is not None and again != offered and self.is_valid(again):
                self.replaced += 1
            else:
                self.invalid.append(time.time())

    def offered(self):
        state = snap(self.stack.folder, "token-service-0", "state.tokens")
        users = [token for token in (state or {}).get("tokens", []) if token["kind"] == "user"]
        if not users:
            return None
        self.seen.add(hashlib.sha256(users[0]["access_token"].encode()).hexdigest()[:16])
        return users[0]["access_token"]

    def is_valid(self, token):
        """Asks Helix, so that the audit of /validate holds the token service's own requests only."""
        request = urllib.request.Request(
            self.stack.addresses["api"] + "/users?login=" + CHANNELS[0],
            headers={"client-id": "simulator-public", "authorization": "Bearer " + token},
        )
        try:
            with urllib.request.urlopen(request, timeout=30):
                return True
        except urllib.error.HTTPError as error:
            if error.code == 401:
                return False
            raise


class Disturbances:
    """RECONNECTs and closed connections, so that logins happen all the time, and a token that is revoked now and then."""

    def __init__(self, stack, seconds):
        self.stack = stack
        self.begin = time.monotonic()
        self.until = self.begin + seconds
        self.revoked = []
        self.reconnects = self.closes = 0
        self.revocations = [self.begin + at for at in REVOKED_AT if at < seconds - LIFETIME]

    def run(self):
        due = self.begin + 17
        while time.monotonic() < self.until:
            now = time.monotonic()
            if self.revocations and now >= self.revocations[0] and self.is_between():
                self.revocations.pop(0)
                self.revoke()
                # Comes back under its name with the next disturbance.
                due = now + MENDED_WITHIN + 2
            elif now >= due:
                self.disturb()
                due = now + 23
            time.sleep(0.2)

    def is_between(self):
        """Whether neither a validation nor a renewal is near: gateway and poller are to notice it, nobody else."""
        now, ages = time.time(), {}
        for entry in self.stack.control("GET", "oauth/audit")["entries"]:
            ages[entry["endpoint"]] = now - entry["at_milliseconds"] / 1000
        return 1 <= ages.get("validate", 0) <= VALIDATE_INTERVAL - 9 and 8 <= ages.get("token", 0) <= LIFETIME * 3 // 4 - 10

    def revoke(self):
        """Only the access token dies. The gateway has to log in with it, the poller polls every two seconds, and the answer
        to the renewal is so late that both have told of the token while it is under way."""
        slow = {"endpoint": "token", "grant_type": "refresh_token", "delay_milliseconds": 4000}
        self.stack.control("POST", "faults/oauth", slow)
        self.revoked.append(time.time())
        self.stack.control("POST", "oauth/expire", {"login": "harborlog"})
        self.close()

    def disturb(self):
        if (self.reconnects + self.closes) % 2:
            self.close()
        else:
            self.reconnects += 1
            self.stack.control("POST", "faults/reconnect", {"close_after_milliseconds": 10_000})

    def close(self):
        self.closes += 1
        self.stack.control("POST", "faults/close", {"how": "frame"})


def tokens(seconds=int(float(os.environ.get("MINUTES", 30)) * 60), rate=150):
    """Tokens that live for a minute, for half an hour: always a valid one, each renewed once, chat whole."""
    with Stack(CHANNELS, simulator=["--client", "simulator-public", "--token-lifetime", str(LIFETIME)]) as stack:
        grant = stack.control(
            "POST", "oauth/grant", {"client_id": "simulator-public", "login": "harborlog", "scopes": ["chat:read"]}
        )
        stack.extra |= {
            "TWITCH_CLIENT_ID": "simulator-public",
            "TWITCH_API_URL": stack.addresses["api"],
            "TWITCH_AUTH_URL": stack.addresses["auth"],
            "TOKEN_VALIDATE_INTERVAL": f"{VALIDATE_INTERVAL}s",
            "STREAM_POLL_INTERVAL": "2s",
            "LOG_LEVEL": "info",
        }
        pair = {"TWITCH_ACCESS_TOKEN": grant["access_token"], "TWITCH_REFRESH_TOKEN": grant["refresh_token"]}
        stack.extra |= pair
        stack.start("token-service")
        for name in pair:
            del stack.extra[name]
        wait("a token", lambda: snap(stack.folder, "token-service-0", "state.tokens"), 60, 0.1)
        for name in ("writer", "stream-poller", "irc-gateway"):
            stack.start(name)
        stack.joined()
        before = stack.stats()
        stack.control("POST", "rate", {"lines_per_second": rate})
        producers = ("irc-gateway-0", "stream-poller-0")
        with Watch(stack) as watch, Tap(stack.folder, producers, "token.") as tap:
            disturbances = Disturbances(stack, seconds)
            disturbances.run()
        stack.control("POST", "rate", {"lines_per_second": 0})
        judge(stack, watch, tap, disturbances, seconds, before)


def judge(stack, watch, tap, disturbances, seconds, before):
    def is_forced(at):
        return any(0 <= at - revoked <= MENDED_WITHIN for revoked in disturbances.revoked)

    time.sleep(2)
    audit = stack.control("GET", "oauth/audit")["entries"]
    validations = [entry["at_milliseconds"] / 1000 for entry in audit if entry["endpoint"] == "validate"]
    gaps = [after - before for before, after in zip(validations, validations[1:])]
    refreshes = [entry for entry in audit if entry.get("grant_type") == "refresh_token"]
    shown = [entry["refresh_fingerprint"] for entry in refreshes]
    scheduled, forced, unexpected = 0, [], 0
    for previous, refresh in zip(refreshes, refreshes[1:]):
        at = refresh["at_milliseconds"] / 1000
        if CYCLE.start <= at - previous["at_milliseconds"] / 1000 <= CYCLE.stop:
            scheduled += 1
        elif is_forced(at):
            forced.append(at)
        else:
            unexpected += 1
    report(
        "tokens",
        seconds=seconds,
        samples=watch.samples,
        tokens_seen=len(watch.seen),
        replaced_while_asked=watch.replaced,
        invalid=sum(1 for at in watch.invalid if not is_forced(at)),
        none_offered=sum(1 for at in watch.missing if not is_forced(at)),
        after_revocation=sum(1 for at in watch.invalid + watch.missing if is_forced(at)),
    )
    report(
        "  renewals",
        scheduled=scheduled,
        revoked=len(disturbances.revoked),
        after_revocation=len(forced),
        unexpected=unexpected,
        failed=sum(1 for entry in refreshes if entry["status"] != 200),
        spent_token_shown=len(shown) - len(set(shown)) + sum(1 for entry in audit if entry["spent_refresh"]),
        validations=len(validations),
        longest_validation_gap_s=max(gaps, default=float("nan")),
    )
    told = [(at / 1000, event) for at, event in tap.of("token.rejected")]
    both = 0
    for revoked in disturbances.revoked:
        services = {event["source"].split("/")[1] for at, event in told if 0 <= at - revoked <= MENDED_WITHIN}
        both += len(services) == 2
        renewed = [entry for entry in refreshes if 0 <= entry["at_milliseconds"] / 1000 - revoked <= MENDED_WITHIN]
        promise("tokens", one_refresh_for_each_revocation=len(renewed) == 1)
    stats = stack.stats()
    proof = stack.proof_of_lines(stats)
    later = [at for at in watch.anonymous if not is_forced(at)]
    report(
        "  logins",
        reconnects=disturbances.reconnects,
        closes=disturbances.closes,
        logins=stats["logins"],
        refused=stats["logins_refused"],
        rejected_by_both=both,
        anonymous=len(later),
        anonymous_after_revocation=len(watch.anonymous) - len(later),
        violations=stats["violation_count"],
    )
    report("  chat", **proof, unheard=stats["unheard"] - before["unheard"])
    promise(
        "tokens",
        always_a_valid_token=all(map(is_forced, watch.invalid + watch.missing)),
        one_refresh_for_each_cycle=unexpected == 0 and all(entry["status"] == 200 for entry in refreshes),
        no_spent_refresh_token=len(shown) == len(set(shown)) and not any(entry["spent_refresh"] for entry in audit),
        validations_on_schedule=bool(gaps) and max(gaps) <= VALIDATE_INTERVAL + 3,
        rows_are_what_was_offered=proof["lost"] == proof["doubled"] == proof["gaps"] == 0,
        never_anonymous_but_for_a_revocation=not later,
        within_limits=stats["violation_count"] == 0,
    )

