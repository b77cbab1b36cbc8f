import { expect, test } from '@playwright/test';
import { calmly, TimeLeft } from '../../src/core/domain/time-left';

/** How fast work goes, as a share of its first pace, once a share of it is done. */
type Pace = (done: number) => number;

const STEADY: Pace = () => 1;
const FADING: Pace = (done) => 1 - done / 2;
const SLOWS_EARLY: Pace = (done) => (done < 0.05 ? 1 : 0.5);
const slowsAt =
  (share: number): Pace =>
  (done) =>
    done < share ? 1 : 0.5;

interface Said {
  /** how much was done, as a share of all */
  readonly done: number;
  readonly now: number;
  readonly left: number | null;
  readonly truth: number;
}

/** A made clock: work in steps of 100 ms for each unit at its first pace, asked after each step and between two. */
function course(total: number, step: number, pace: Pace, { startup = 5_000, isPaired = false } = {}): Said[] {
  const steps: { at: number; amount: number }[] = [];
  let [done, at] = [0, startup];
  while (done < total) {
    const amount = Math.min(step, total - done);
    at += (100 * amount) / pace(done / total);
    done += amount;
    steps.push({ at, amount });
  }
  // Two workers that begin together come back together.
  if (isPaired) steps.forEach((one, i) => i % 2 === 0 && steps[i + 1] && (one.at = steps[i + 1]!.at - 10));
  const time = new TimeLeft(total);
  const end = steps.at(-1)!.at;
  const said: Said[] = [];
  done = 0;
  steps.forEach(({ at, amount }, i) => {
    time.advance(amount, at);
    done += amount;
    const next = steps[i + 1];
    if (!next || next.at - at < 20) return;
    for (const share of [0, 0.5, 0.95]) {
      const now = at + share * (next.at - at);
      said.push({ done: done / total, now, left: time.milliseconds(now), truth: end - now });
    }
  });
  return said;
}

/** The largest error, as a share of the true time left, where at least `from` is done and more than one step is left. */
function worst(said: readonly Said[], from = 0.1): number {
  const counted = said.filter(({ done, truth }) => done >= from && truth > 1000);
  expect(counted.length).toBeGreaterThan(5);
  return Math.max(...counted.map(({ left, truth }) => Math.abs((left ?? Infinity) - truth) / truth));
}

test('steady work is told rightly from the first tenth on, step by step and in batches', () => {
  expect(worst(course(1000, 1, STEADY))).toBeLessThan(0.01);
  expect(worst(course(10_000, 8, STEADY))).toBeLessThan(0.01);
  expect(worst(course(84, 6, STEADY), 0.3)).toBeLessThan(0.1);
  expect(worst(course(84, 6, STEADY, { isPaired: true }), 0.3)).toBeLessThan(0.3);
});

test('how long the work took to start is no part of its pace', () => {
  expect(worst(course(1000, 1, STEADY, { startup: 60_000 }))).toBeLessThan(0.01);
});

test('work that slows down steadily to half is told within 30 % from the first tenth on', () => {
  expect(worst(course(1000, 1, FADING))).toBeLessThan(0.3);
  expect(worst(course(10_000, 8, FADING))).toBeLessThan(0.3);
  // The pace of all the work so far would be wrong by 30 % near the end.
  expect(worst(course(1000, 1, FADING), 0.9)).toBeLessThan(0.2);
});

test('work that halves its pace in the first tenth is told within 30 % from there on', () => {
  expect(worst(course(1000, 1, SLOWS_EARLY))).toBeLessThan(0.3);
});

test('work that halves its pace at once is told within 30 % a tenth of it later', () => {
  for (const share of [0.2, 0.5, 0.7]) {
    expect(worst(course(1000, 1, slowsAt(share)), share + 0.1)).toBeLessThan(0.3);
  }
});

test('what is said does not jump: it differs from running down with the clock by a few percent', () => {
  for (const pace of [STEADY, FADING, slowsAt(0.5)]) {
    const said = course(1000, 1, pace).filter(({ left, truth }) => left !== null && truth > 1000);
    const jumps = said.slice(1).map(({ now, left }, i) => {
      const before = said[i]!;
      const expected = before.left! - (now - before.now);
      return Math.abs(left! - expected) / expected;
    });
    expect(Math.max(...jumps)).toBeLessThan(0.05);
  }
});

test('nothing is said before three steps and half a second were measured', () => {
  const time = new TimeLeft(100);
  expect(time.milliseconds(0)).toBeNull();
  for (const now of [5000, 5100, 5200]) time.advance(1, now);
  expect(time.milliseconds(5200)).toBeNull();
  time.advance(1, 5300);
  expect(time.milliseconds(5300)).toBeNull();
  for (const now of [5400, 5500]) time.advance(1, now);
  expect(time.milliseconds(5500)).toBeCloseTo(9400, 0);
  expect(time.perSecond(5500)).toBeCloseTo(10, 5);
});

test('work that stands still is told to take longer, not to be nearly done', () => {
  const time = new TimeLeft(100);
  for (let i = 1; i <= 50; i += 1) time.advance(1, i * 100);
  const before = time.milliseconds(5000)!;
  expect(time.milliseconds(65_000)!).toBeGreaterThan(10 * before);
});

test('a pause is none of the work’s time', () => {
  const time = new TimeLeft(100);
  for (let i = 1; i <= 50; i += 1) time.advance(1, i * 100);
  time.pause(5000);
  expect(time.milliseconds(99_000)).toBeCloseTo(5000, 0);
  time.resume(105_000);
  time.advance(1, 105_100);
  expect(time.milliseconds(105_100)).toBeCloseTo(4900, 0);
});

test('shares of a whole count as well as pieces, and more work takes longer', () => {
  const time = new TimeLeft(1);
  for (let i = 1; i <= 20; i += 1) time.advance(0.01, i * 1000);
  expect(time.milliseconds(20_000)).toBeCloseTo(80_000, -1);
  time.add(1);
  expect(time.milliseconds(20_000)).toBeCloseTo(180_000, -1);
});

test('what is shown stays for a while, and never says less than was measured', () => {
  const shown = Array.from({ length: 120 }, (_, i) => calmly(120 - i));
  expect([...new Set(shown)]).toEqual([
    120, 90, 60, 55, 50, 45, 40, 35, 30, 25, 20, 15, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
  ]);
  for (const [i, seconds] of shown.entries()) expect(seconds).toBeGreaterThanOrEqual(120 - i);
});
