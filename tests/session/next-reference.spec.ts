/** The next version of a reference, in a page served by Vite: from IndexedDB, as Calibrate and the Monitor make it. */
import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

test('answers about a change hold for a reference that is replaced or extended in the same view', async ({
  page,
}) => {
  await page.goto(BLANK);
  const held = await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { loadReferences } = await import('/src/core/storage/cameras.ts');
    const { standingAnswers } = await import('/src/core/domain/camera/stream.ts');
    const { extendedReference } = await import('/src/core/session/reference/next-reference.ts');
    const { Draft } = await import('/src/features/calibrate/draft.svelte.ts');
    const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    const embeddings = Array.from({ length: 24 }, (_, i) => new Float32Array([i / 24, 1 - i / 24]));
    const reference = rows.wholeReference('reference', { embeddings, names: embeddings.map(String) });
    const camera = rows.wholeCamera('camera', { referenceId: 'reference' });
    await db.put('references', reference);
    await db.put('cameras', camera);
    const present = { camera, reference, references: [reference], events: [rows.wholeScene()], jobs: [] };
    const session = {
      ...{ db, models: { find: () => undefined }, history: { jobs: [] } },
      sources: { db, looker: new GlassLooker(), now: () => 100 },
      cameras: {
        ...{ ...present, chosen: camera, present, calibrations: [], now: () => 100 },
        change: async (write: (of: typeof camera) => Promise<void>) => write(camera).then(() => true),
      },
    };
    const { detector, thresholds, persistence } = camera;
    const clean = embeddings.map((embedding, i) => ({
      ...{ name: `${String(i)}.jpg`, contentSha256: String(i), embedding },
      ...{ capturedAt: i, properties: null, thumbnail: null },
    }));
    await new Draft(session as never).accept({
      judging: { detector, thresholds, persistence },
      ...{ evidence: null, reference: { clean, warmUp: [] } },
    });
    const replaced = (await loadReferences(db, 'camera')).at(-1)!;
    const extended = (await extendedReference(db, camera, replaced, 3, [])).reference;
    const heldBy = (by: typeof reference) => standingAnswers(present.events, by).length;
    return {
      versions: [replaced.version, extended.version],
      held: [reference, replaced, extended, rows.wholeReference('other')].map(heldBy),
    };
  });
  expect(held).toEqual({ versions: [2, 3], held: [1, 1, 1, 0] });
});
