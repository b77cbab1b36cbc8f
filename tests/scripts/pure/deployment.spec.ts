import { expect, test } from '@playwright/test';
import { deploymentsOf, rowsOf } from '../../../scripts/judge/deployment.mjs';

const DAY = 86_400_000;
const BEGAN = Date.UTC(2025, 0, 1);

interface Snapshot {
  readonly capturedAt: number;
  readonly truth: string;
}

/** Eight days, five of them fouled, with four pictures a day; the next begins with a wipe. */
function cycle(i: number) {
  const whole = Array.from({ length: 32 }, (_, place): Snapshot => {
    const capturedAt = BEGAN + i * 8 * DAY + place * (DAY / 4);
    return { capturedAt, truth: place < 12 ? 'clean' : 'fouled' };
  });
  const [given, stream] = [whole.slice(0, 4), whole.slice(4)];
  return {
    ...{ camera: 'REEF', cycle: String(i), given, reference: given, stream, whole },
    onset: whole[12]!.capturedAt,
  };
}

test('a deployment is scored with its wipes, with wipes logged too early, and with few pictures a day', async () => {
  const [deployment] = deploymentsOf([cycle(0), cycle(1)] as never);
  const wipe = BEGAN + 8 * DAY;
  expect(deployment).toMatchObject({ wipes: [wipe] });
  const asked: { wipes: readonly number[]; pictures: number; renews: boolean }[] = [];
  const scored = ({ stream, wipes }: { stream: Snapshot[]; wipes: number[] }, renews: boolean) => {
    asked.push({ wipes, pictures: stream.length, renews });
    return Promise.resolve(
      stream.map((snapshot) => ({
        ...{ snapshot, isAside: false, code: 'growth', distance: 0.2, level: 'drift' },
        isLearning: snapshot.capturedAt >= wipe && snapshot.capturedAt < wipe + DAY,
      })),
    );
  };
  const rows = [];
  for await (const row of rowsOf(deployment!, scored)) rows.push(row);
  const all = { wipes: [wipe], pictures: 60 };
  expect(asked).toEqual([
    { ...all, renews: true },
    { ...all, renews: false },
    { wipes: [wipe - 5 * DAY], pictures: 60, renews: true },
    ...[15, 30].flatMap((pictures) => [true, false].map((renews) => ({ ...all, pictures, renews }))),
  ]);
  const early = rows.find(({ method }) => method.includes('five days too early'))!;
  expect(early).toMatchObject({ 'clean windows': 0, 'fouled windows': 9, 'above %': '100 / 100' });
  // Those of one truth alone are windows, so that no learning day has one here.
  expect(rows[1]).toMatchObject({ 'clean windows': 0, 'fouled windows': 0, 'no verdict': 0 });
  expect(rows[0]!['first drift']).toBe('01-02 (-2 d), growth; 01-09 (-3 d), growth');
});
