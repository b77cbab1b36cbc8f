import { expect } from '@playwright/test';
import { openEncoderPage, test } from './open-page';

type Helpers = typeof import('./encoder-page');
declare const source: Helpers['source'];
declare const endlessSource: Helpers['endlessSource'];
declare const watchedPool: Helpers['watchedPool'];
declare const messageOf: Helpers['messageOf'];

declare const parts: {
  readonly models: typeof import('../../src/core/session/models.svelte');
  readonly database: typeof import('../../src/core/storage/database');
  readonly stored: typeof import('../../src/core/storage/models');
};

test('a kept model that never gives an embedding is tried once, also over a reload, and others go on @long', async ({
  page,
}) => {
  await page.route('**/models/index.json', (route) => route.fulfill({ json: { models: [], default: '' } }));
  const load = async () => {
    await openEncoderPage(page);
    await page.evaluate(async () => {
      const [models, database, stored] = await Promise.all([
        import('/src/core/session/models.svelte.ts'),
        import('/src/core/storage/database.ts'),
        import('/src/core/storage/models.ts'),
      ]);
      Object.assign(globalThis, { parts: { models, database, stored } });
    });
  };
  await load();
  const first = await page.evaluate(async () => {
    const db = await parts.database.openDatabase();
    // As an earlier version let it in.
    const [endless, good] = [await endlessSource(), await source('autoencoder')];
    for (const { manifest, bytes } of [endless, good]) await parts.stored.saveModel(db, manifest, bytes);
    const { pool } = watchedPool({ patience: { start: 60_000, open: 5_000, trial: 1_500 } });
    const models = new parts.models.Models(db, pool);
    await models.load();
    const tried = await messageOf(models.open(endless.manifest.sha256));
    const other = await messageOf(models.open(good.manifest.sha256));
    pool.close();
    return { tried, other };
  });
  expect(first).toEqual({ tried: 'AppError: model-endless: 1.5', other: 'accepted' });
  await load();
  const later = await page.evaluate(async () => {
    const db = await parts.database.openDatabase();
    const { pool, workers } = watchedPool({ patience: { start: 60_000, open: 5_000, trial: 1_500 } });
    const models = new parts.models.Models(db, pool);
    await models.load();
    const { sha256 } = (await endlessSource()).manifest;
    const again = await messageOf(models.open(sha256));
    const made = workers.length;
    const isMarked = models.find(sha256)?.stuckAt !== null;
    // A person may try it once more, and cancel that.
    const asked = messageOf(models.tryAgain(sha256));
    setTimeout(() => {
      models.cancelTrial();
    }, 200);
    const cancelled = await asked;
    pool.close();
    return { again, made, isMarked, cancelled, isStill: models.find(sha256)?.stuckAt !== null };
  });
  expect(later).toEqual({
    again: 'AppError: model-set-aside: endless',
    made: 0,
    isMarked: true,
    cancelled: 'accepted',
    isStill: true,
  });
});
