#!/usr/bin/env python3
"""Draws public/demo and public/landing anew, the same bytes each time (two minutes): python3 training/render_demo.py

Writes the demo camera's snapshots, index.json, which the page reads, config.toml of the tutorial's shape, and
the landing's two pictures: one moment of the reef, through a fouled and through a clean lens.
The story: clean days; a storm that makes the water murky and loosens the camera, which then slips aside for
days; small animals that settle on the lens and grow for eight days; a diver who wipes it and scratches it;
clean days.
Needs numpy and Pillow only. Other versions than numpy 2.2 and Pillow 11.1 may give other bytes.
"""

import io
import json
import math
from datetime import datetime
from pathlib import Path

import numpy as np
from PIL import Image

from demo_scene.camera import AIMED
from demo_scene.snapshot import render

OUT = Path(__file__).resolve().parent.parent / "public" / "demo"
LANDING_OUT = OUT.parent / "landing"
QUALITY = 65
CAMERA = "Demo reef"
CLEANED = datetime(2026, 5, 22, 6, 5)      # UTC
LOOK = datetime(2026, 5, 20, 11, 30, 12)   # UTC; the snapshot that the story points at, and the landing's moment
FOULING_STARTS, FOULING_ENDS = datetime(2026, 5, 14), datetime(2026, 5, 22)
# Day of May from which on the scene is so many columns and rows from where it was: at last 3 % of the width.
AIMS = {1: AIMED, 13: (-4, 1), 14: (-7, 2), 15: (-10, 3), 16: (-13, 4), 17: (-16, 5), 18: (-19, 6)}
# Two rounds of hours take turns, so that eight reference days see every hour four times or so.
ROUNDS = [["0630", "0900", "1130", "1400", "1630"], ["0745", "1015", "1245", "1515", "1745"]]
MORE = [["0800", "1030", "1500"], ["0615", "1130", "1645"]]   # of which the reference has two a day
# day of May: (how many snapshots, weather 0..3, the hour of a twilight snapshot or None)
REFERENCE = {
    1: (5, 0.15, None), 2: (4, 0.55, "1900"), 3: (5, 0.30, None), 4: (4, 0.80, "0435"),
    5: (5, 0.10, None), 6: (4, 0.45, "1900"), 7: (5, 0.65, "0435"), 8: (4, 0.25, None),
}
STREAM = {
    9: (4, 0.35, None), 10: (4, 0.12, "1900"), 11: (5, 0.60, None), 12: (4, 1.80, "0435"),
    13: (4, 0.60, None), 14: (4, 0.20, "1900"), 15: (4, 0.40, None), 16: (4, 0.15, None),
    17: (4, 0.65, "1900"), 18: (4, 0.30, None), 19: (4, 0.50, None), 20: (4, 0.15, None),
    21: (4, 0.35, None), 22: (5, 0.20, None), 23: (4, 0.55, "1900"), 24: (4, 0.30, None),
    25: (4, 0.78, None), 26: (5, 0.12, "0435"), 27: (4, 0.45, None), 28: (5, 0.25, None),
}
BIG_FISH = "20260513-1245"                 # beginning of the name of one snapshot that a fish fills
CUT_SHORT = "20260525-1245"                # and of one whose file is broken
LANDING = 0.12, slice(70, 430)             # weather, and the columns of a square
CONFIG = """\
# Same shape as the tutorial's configuration: which snapshots show a clean lens, which a dirty one.
[transform]
resize = [216, 384]
mean = [0.00, 0.00, 0.00]
std = [1.00, 1.00, 1.00]

[camera_state]
"""


def timetable(days: dict) -> list[tuple[datetime, float]]:
    """(UTC time, weather 0..3) of each snapshot of REFERENCE or STREAM, in time order."""
    rows = []
    for day, (count, weather, twilight) in days.items():
        hours = _hours(day, count, twilight)
        if days is REFERENCE:
            hours = sorted(hours + [hour for i, hour in enumerate(MORE[day % 2]) if i != day % 3])
        for hour in hours:
            drift = 0.12 * math.sin(day * 2.1 + int(hour) / 100 * 0.8)
            when = datetime(2026, 5, day, int(hour[:2]), int(hour[2:]), 12)
            rows.append((when, float(np.clip(weather + drift, 0, max(1, weather)))))
    return rows


def _hours(day: int, count: int, twilight: str | None) -> list[str]:
    hours = list(ROUNDS[day % 2])
    if twilight:
        hours.remove(hours[0] if twilight < "0600" else hours[-1])
        hours.append(twilight)
    for i in range(5 - count):   # another hour is missed every time
        daylight = sorted(hour for hour in hours if hour != twilight)
        hours.remove(daylight[(day * 3 + i) % len(daylight)])
    return sorted(hours)


def name_of(when: datetime) -> str:
    """The file name of the snapshot of this UTC time."""
    return when.strftime("%Y%m%d-%H%M%S-DEMO.jpg")


def jpeg(picture: np.ndarray) -> bytes:
    """(h, w, 3) uint8 as a JPEG file."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=QUALITY, subsampling="4:2:0", optimize=True)
    return out.getvalue()


def cut_short(data: bytes) -> bytes:
    """The first 300 bytes of a JPEG file. They end in its tables, before any scan: no reader can show it."""
    start = data[:300]
    assert b"\xff\xda" not in start
    return start


def fouling_of(fouled: list[datetime], when: datetime) -> float:
    """0 clean, then growing to 1 along `fouled`, the times at which the lens is not clean."""
    return ((fouled.index(when) + 1) / len(fouled)) ** 1.1 if when in fouled else 0.0


def write_snapshot(folder: Path, when: datetime, weather: float, fouling: float) -> int:
    """Render one snapshot and write it into `folder`. Returns how many bytes it has."""
    name = name_of(when)
    fish = "big" if name.startswith(BIG_FISH) else "small"
    aim = max((day, aim) for day, aim in AIMS.items() if day <= when.day)[1]
    seed = int(when.strftime("%d%H%M"))
    data = jpeg(render(when, seed, fouling, fish, weather, aim, is_scratched=when >= CLEANED))
    if name.startswith(CUT_SHORT):
        data = cut_short(data)
    (folder / name).write_bytes(data)
    drawn = f"fouling {fouling:.2f}  weather {weather:.2f}"
    print(f"{folder.name}/{name}  {len(data):6d} bytes  {drawn}", flush=True)
    return len(data)


def write_indexes(clean: list[str], stream: list[str], dirty: list[str]) -> None:
    """Write index.json and config.toml. `clean` names the reference, `dirty` the worst of the `stream`."""

    def listed(key: str, names: list) -> str:
        return key + " = [\n" + "".join(f'    "{name}",\n' for name in names) + "]\n"

    config = CONFIG + listed("clean", clean) + "\n" + listed("dirty", dirty)
    # The page has the notes, in its languages.
    events = [{"kind": kind, "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "note": note}
              for kind, at, note in (("note", LOOK, "look"), ("cleaned", CLEANED, "cleaned"))]
    index = {"camera": CAMERA, "reference": clean, "snapshots": stream, "events": events}
    (OUT / "config.toml").write_text(config, encoding="utf-8")
    (OUT / "index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


def write_landing() -> None:
    """Write the two pictures that the landing compares; they differ in what is on the lens alone."""
    weather, columns = LANDING
    seed = int(LOOK.strftime("%d%H%M"))
    LANDING_OUT.mkdir(exist_ok=True)
    for name, fouling in (("fouled", 0.9), ("clean", 0.0)):
        picture = render(LOOK, seed, fouling, "small", weather)
        (LANDING_OUT / f"{name}.jpg").write_bytes(jpeg(picture[:, columns]))


def main() -> None:
    """Replace all of public/demo."""
    reference, stream = timetable(REFERENCE), timetable(STREAM)
    fouled = [when for when, _ in stream if FOULING_STARTS <= when < FOULING_ENDS]
    for prefix in (BIG_FISH, CUT_SHORT):
        assert any(name_of(when).startswith(prefix) for when, _ in stream), prefix
    total = 0
    for folder, rows in ((OUT / "reference", reference), (OUT / "snapshots", stream)):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*-DEMO.jpg"):
            old.unlink()
        for when, weather in rows:
            total += write_snapshot(folder, when, weather, fouling_of(fouled, when))
    dirty = [name_of(when) for when in fouled[-(len(fouled) + 2) // 3:]]
    write_landing()
    write_indexes([name_of(when) for when, _ in reference], [name_of(when) for when, _ in stream], dirty)
    print(f"{len(reference)} reference, {len(stream)} snapshots, {len(dirty)} dirty, {total / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
