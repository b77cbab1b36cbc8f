import { expect, test } from '@playwright/test';
import { BLANK } from '../../../addresses';

test('files that can’t be read for an hour are told once, after a reload too, until all of them were read', async ({
  page,
}) => {
  await page.goto(BLANK);
  const told = await page.evaluate(async () => {
    const { TroubleWatch } = await import('/src/features/alerts/trouble-watch.svelte.ts');
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { wholeCamera } = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    const told: string[] = [];
    /** A page that is opened and looks once. */
    const look = async (count: number | null, isLong: boolean) => {
      let hasLooked = (): void => undefined;
      const looked = new Promise<void>((done) => (hasLooked = done));
      const session = {
        ...{ db, history: { jobs: [] } },
        cameras: { all: [wholeCamera('a'), wholeCamera('quiet')], chosen: { id: 'quiet' }, now: () => 0 },
        work: { role: 'writer', report: (error: unknown) => told.push(String(error)) },
        followers: {
          failedFiles: (id: string) => {
            if (id === 'a') return count === null ? null : { count, since: count && 1, paths: [], isLong };
            hasLooked();
            return null;
          },
        },
      };
      new TroubleWatch(session as never, () => 'never', {
        silent: async () => undefined,
        failed: async ({ id }, { count }) => void told.push(`${id}: ${count}`),
        again: async () => undefined,
      });
      await looked;
    };
    await look(2, false);
    await look(3, true);
    await look(4, true);
    // Its folder has not been looked at yet.
    await look(null, false);
    await look(1, true);
    await look(0, false);
    await look(1, false);
    await look(5, true);
    return told;
  });
  expect(told).toEqual(['a: 3', 'a: 5']);
});

test('an alarm that stands is told again as chosen, not before the day that was named, and not once it is over', async ({
  page,
}) => {
  await page.goto(BLANK);
  const told = await page.evaluate(async () => {
    const { TroubleWatch } = await import('/src/features/alerts/trouble-watch.svelte.ts');
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { glass } = await import('/tests/domain/camera/jobs.ts');
    const { wholeCamera, wholeEvent, wholeJob } = await import('/tests/storage/whole-rows.ts');
    const DAY = 86_400_000;
    const at = (day: number) => Date.UTC(2026, 5, 1) + day * DAY;
    const db = await openDatabase();
    await db.put('jobs', wholeJob('fouled', at(1), { glass: glass(0.3, 0.01) }));
    const told: string[] = [];
    /** A page that is opened on a day and looks once. */
    const look = async (day: number, every: 'never' | 'daily') => {
      const session = {
        ...{ db, history: { jobs: [] } },
        cameras: {
          all: [wholeCamera()],
          chosen: null,
          now: () => at(day),
        },
        work: { role: 'writer', report: (error: unknown) => told.push(String(error)) },
      };
      const looked = new Promise<void>((done) => {
        const followers = {
          failedFiles: () => {
            done();
            return null;
          },
        };
        new TroubleWatch({ ...session, followers } as never, () => every, {
          silent: async () => undefined,
          failed: async () => undefined,
          again: async ({ now }) => void told.push(`day ${String(day)}: ${now.verdict}`),
        });
      });
      await looked;
    };
    await look(2, 'daily');
    await look(2.5, 'daily');
    await look(3, 'daily');
    await look(5, 'never');
    await db.put('events', wholeEvent('seen', { kind: 'seen', at: at(5), until: at(8) }));
    await look(7, 'daily');
    await look(8, 'never');
    await look(9, 'daily');
    await db.put('events', wholeEvent('cleaned', { at: at(9.5) }));
    await look(10, 'daily');
    return told;
  });
  expect(told).toEqual(['day 3: drift', 'day 8: drift', 'day 9: drift']);
});
