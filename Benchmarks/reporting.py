"""How a figure is printed."""


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def report(name, **figures):
    text = "  ".join(f"{key}={value:.1f}" if isinstance(value, float) else f"{key}={value}" for key, value in figures.items())
    print(f"{name:12} {text}", flush=True)
