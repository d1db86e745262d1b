"""What goes wrong when: made from the seed alone, before anything runs, so that a seed is the same trouble each time."""

import dataclasses
import random

PAUSE = 0.7
SERVICES = ("irc-gateway-a", "irc-gateway-b", "stream-poller", "token-service")
MAXIMUM_WRITERS = 6

# How often each kind of trouble comes, relative to the others.
WEIGHTS = {
    "kill": 26,
    "pause": 16,
    "database stopped": 6,
    "way cut": 10,
    "writer added": 8,
    "writer removed": 7,
    "socket closed": 10,
    "RECONNECT": 6,
    "duplicate delivery": 6,
    "garbage lines": 6,
    "Twitch stalls": 4,
    "half-open socket": 1,
    "Helix fails": 3,
    "stream starts or ends": 6,
}


@dataclasses.dataclass(frozen=True)
class Fault:
    at: float
    kind: str
    target: str = ""
    # Seconds until it is over, or until what was killed is started again.
    lasts: float = 0
    detail: str = ""

    def __str__(self):
        target = f" {self.target}" if self.target else ""
        lasts = f" for {self.lasts:.1f} s" if self.lasts else ""
        return f"{self.at:7.1f}  {self.kind}{target}{lasts} {self.detail}".rstrip()


def schedule(seed, seconds, writers, logins, split=False):
    """The faults of a run, one each 0.7 s. Where the writers are split, one of each half always stays."""
    dice = random.Random(seed)
    writing = [f"writer-{number}" for number in range(1, writers + 1)]
    made, database_back, live, faults, at = writers, 0.0, set(), [], PAUSE
    while at < seconds:
        kind = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        victim = dice.choice(list(SERVICES) + writing)
        if kind == "kill":
            faults.append(Fault(at, kind, victim, lasts=dice.choice((0, 0.1, 1, 3))))
        elif kind == "pause":
            faults.append(Fault(at, kind, victim, lasts=dice.uniform(0.5, 9)))
        elif kind == "database stopped" and at > database_back:
            lasts = dice.uniform(1, 10)
            # It needs time to recover before it falls again.
            database_back = at + lasts + 8
            faults.append(Fault(at, kind, lasts=lasts))
        elif kind == "writer added" and len(writing) < MAXIMUM_WRITERS:
            made += 1
            writing.append(f"writer-{made}")
            faults.append(Fault(at, kind, writing[-1]))
        elif kind == "writer removed" and len(writing) > (2 if split else 1):
            first = 2 if split else 0
            faults.append(Fault(at, kind, writing.pop(dice.randrange(first, len(writing)))))
        elif kind == "way cut":
            producer = dice.choice(("irc-gateway-0", "irc-gateway-1", "stream-poller-0"))
            how = dice.choice(("closed", "silent"))
            lasts = dice.uniform(2, 25)
            faults.append(Fault(at, kind, dice.choice(writing), lasts=lasts, detail=f"{producer} {how}"))
        elif kind == "socket closed":
            faults.append(Fault(at, kind, dice.choice(logins), detail=dice.choice(("frame", "fin", "reset"))))
        elif kind in ("RECONNECT", "duplicate delivery", "half-open socket"):
            faults.append(Fault(at, kind, dice.choice(logins)))
        elif kind == "garbage lines":
            faults.append(Fault(at, kind, dice.choice(logins), detail=str(dice.randrange(1 << 30))))
        elif kind in ("Twitch stalls", "Helix fails"):
            faults.append(Fault(at, kind, dice.choice(logins), lasts=dice.uniform(1, 5)))
        elif kind == "stream starts or ends":
            login = dice.choice(logins)
            live ^= {login}
            faults.append(Fault(at, kind, login, detail="starts" if login in live else "ends"))
        else:
            # Not possible now; another kind takes the place.
            continue
        at += PAUSE
    return faults
