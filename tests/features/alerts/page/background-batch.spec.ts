import { expect, test, type Page } from '@playwright/test';
import type { CompletedJob } from '../../../../src/core/domain/camera/job';
import type { DriftStatus } from '../../../../src/core/domain/drift/thresholds';
import { BLANK } from '../../../addresses';

declare const session: import('../../../../src/core/session/session.svelte').Session;
/** Scores snapshots of the camera that is not shown, one each minute; each as far off as `farOf` says. */
declare const score: (count: number, farOf: (i: number) => number) => Promise<void>;
/** Gives the newest announcement. */
declare const said: () => string;

test('of a batch of a camera that is not shown, how it ends is told once, and nothing in between', async ({
  page,
}) => {
  // None is shipped beside the blank page.
  await page.route('**/models/index.json', (route) => route.fulfill({ json: { models: [] } }));
  await page.goto(BLANK);
  await page.evaluate(async () => {
    const { Session } = await import('/src/core/session/session.svelte.ts');
    const { EncodedFile } = await import('/src/core/encoder/encoded-file.ts');
    const { alerts } = await import('/src/features/alerts/feature.ts');
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    const { embeddings } = rows.quickCamera('other', 'of other').reference;
    for (const id of ['shown', 'other']) {
      const { camera, reference } = rows.quickCamera(id, `of ${id}`);
      await db.put('references', reference);
      await db.put('cameras', camera);
    }
    db.close();
    const session = await Session.open((session) => [alerts.follow!(session)]);
    await session.ready;
    Object.assign(session.models, { open: async () => undefined });
    await session.cameras.choose('shown');
    const { properties } = rows.wholeJob();
    let next = Date.now() - 1_000 * 60_000;
    const score = async (count: number, farOf: (i: number) => number) => {
      const files = Array.from({ length: count }, (_, i) => {
        const at = (next += 60_000);
        const embedding = embeddings[(7 * i) % 20]!.map((value) => value + farOf(i));
        const contentSha256 = String(at);
        return new EncodedFile(`${contentSha256}.jpg`, {
          ...{ lastModified: at, contentSha256, stated: { at, source: 'file-name' } },
          read: async () => ({
            ...{ ok: true, contentSha256, embedding, properties, thumbnail: new ArrayBuffer(2) },
            glass: null as never,
          }),
        });
      });
      await session.scoring.scoreFor('other', files, [], () => true);
    };
    const notice = await [alerts.panels!.notice!].flat()[0]!.open(session);
    const told = notice.propsOf({}) as unknown as { alerts: { readonly said: string } };
    Object.assign(globalThis, { session, score, said: () => told.alerts.said });
  });

  // It is stored in three parts, and the first ends far off.
  await page.evaluate(() => score(300, (i) => (i > 100 && i < 150 ? 3 : 0)));
  expect(await statusOf(page, 128)).toBe('drift');
  expect(await statusOf(page, 300)).toBe('normal');
  // Right after another alert it would wait for a minute.
  await page.evaluate(() => score(12, (i) => (i > 5 ? i / 60 : 0)));
  await expect.poll(() => page.evaluate(() => said())).toBe('other: Clean the lens soon');
});

/** The verdict on the nth snapshot. */
async function statusOf(page: Page, nth: number): Promise<DriftStatus | undefined> {
  const jobs = await page.evaluate(async () => (await session.db.getAll('jobs')) as CompletedJob[]);
  return jobs.sort((a, b) => a.capturedAt - b.capturedAt)[nth - 1]?.driftStatus;
}
