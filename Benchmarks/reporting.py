"""How a figure is printed, and what becomes of a broken promise."""

BROKEN = []


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def report(name, **figures):
    text = "  ".join(f"{key}={value:.1f}" if isinstance(value, float) else f"{key}={value}" for key, value in figures.items())
    print(f"{name:12} {text}", flush=True)


def promise(name, **kept):
    """Each keyword is a promise and whether it was kept; one that was not makes the whole run fail."""
    for what, isKept in kept.items():
        if not isKept:
            BROKEN.append(f"{name}: {what}")
            print(f"{name:12} BROKEN: {what}", flush=True)
