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
      new TroubleWatch(session as never, {
        silent: async () => undefined,
        failed: async ({ id }, { count }) => void told.push(`${id}: ${count}`),
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
