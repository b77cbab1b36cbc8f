/** The next version of a reference, in a page served by Vite: from IndexedDB, as the Monitor makes it. */
import { expect, test } from '@playwright/test';
import { BLANK } from '../addresses';

test('answers about a change hold for a reference that is extended in the same view', async ({ page }) => {
  await page.goto(BLANK);
  const held = await page.evaluate(async () => {
    const { openDatabase } = await import('/src/core/storage/database.ts');
    const { standingAnswers } = await import('/src/core/domain/camera/stream.ts');
    const { extendedReference } = await import('/src/core/session/reference/next-reference.ts');
    const rows = await import('/tests/storage/whole-rows.ts');
    const db = await openDatabase();
    const embeddings = Array.from({ length: 24 }, (_, i) => new Float32Array([i / 24, 1 - i / 24]));
    const reference = rows.wholeReference('reference', { embeddings, names: embeddings.map(String) });
    const camera = rows.wholeCamera('camera', { referenceId: 'reference' });
    await db.put('references', reference);
    await db.put('cameras', camera);
    const extended = (await extendedReference(db, camera, reference, 2, [])).reference;
    const heldBy = (by: typeof reference) => standingAnswers([rows.wholeScene()], by).length;
    return {
      version: extended.version,
      held: [reference, extended, rows.wholeReference('other')].map(heldBy),
    };
  });
  expect(held).toEqual({ version: 2, held: [1, 1, 0] });
});
