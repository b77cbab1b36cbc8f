/** The fate of a record that the service refuses, loses, changes or has twice; in a real page, over real HTTP. */
import { expect } from '@playwright/test';
import type { Delivery } from '../../src/core/domain/camera/records/delivery';
import { openLab, test, type Lab } from './outbox-lab';
import {
  LATE_AUDIT,
  OVERWRITING,
  POSTED,
  RECORD,
  REFUSAL,
  always,
  answer,
  audited,
  counts,
  deliveries,
  encourage,
  expectAllConfirmed,
  onceAt,
  poll,
  putDifferent,
  queue,
  queueUntilRefused,
  range,
  recordsOf,
  start,
  stepOf,
  timeLeft,
  work,
} from './outbox-steps';

declare const lab: Lab;

test.describe.configure({ mode: 'parallel' });

test.describe('a record', () => {
  test('that breaks a rule is set aside with the reason, and the others go on', async ({
    shared: page,
    site,
  }) => {
    await openLab(page, site.options);
    await page.evaluate(() =>
      lab.queue([0, 1, 2, 3], (body, index) =>
        index === 1 ? body.replace('"reef"', `"${'long'.repeat(6)}"`) : body,
      ),
    );
    await work(page);
    await poll(() => audited(page)).toEqual({ confirmed: 3, refused: 1 });
    const refused = (await deliveries(page)).find(({ state }) => state === 'refused');
    expect(refused?.failure).toEqual({
      code: 'record-refused',
      detail: 'tags.1: Length must be between 1 and 20.',
    });
  });

  test('is the third to break the same rule: then the rest is held back', async ({ shared: page, site }) => {
    await openLab(page, site.options);
    await page.evaluate(() => lab.queue([0, 1, 2, 3, 4], (body) => body.replace('"model":', '"modell":')));
    await work(page);
    await poll(() => stepOf(page)).toEqual(['held', 'record-refused']);
    expect(await counts(page)).toEqual({ refused: 3, queued: 2 });
  });

  test('that the service fails on five times, while it takes others, is set aside', async ({
    shared: page,
    site,
  }) => {
    await openLab(page, site.options);
    // An integer beyond 64 bit, which only a broken writer would send.
    await page.evaluate(() =>
      lab.queue([0, 1, 2, 3, 4, 5], (body, index) =>
        index === 0 ? body.replace('"parameters":{', `"parameters":{"poison":1${'0'.repeat(20)},`) : body,
      ),
    );
    await work(page);
    const queued = await queueUntilRefused(page, 6);
    await poll(() => audited(page)).toEqual({ confirmed: queued - 1, refused: 1 });
    const poison = (await deliveries(page)).find(({ state }) => state === 'refused');
    expect(poison).toMatchObject({ attempts: 5, failure: { code: 'record-poison', detail: '500' } });
  });

  test('that has to wait holds up neither the others nor their audit @long', async ({ page, open }) => {
    const site = await open({ timings: { timeout: 20_000, backoffBase: 60_000, backoffMost: 60_000 } });
    await page.addInitScript(() => (Math.random = () => 0.9));
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, answer(500)));
    await start(page, site, 4);
    await poll(() => stepOf(page)).toEqual(['wait', 'server-failed']);
    await encourage(page);
    await poll(() => audited(page)).toEqual({ confirmed: 3, queued: 1 });
    await poll(() => stepOf(page)).toEqual(['rest']);
    expect(await timeLeft(page)).toBeGreaterThan(20_000);
  });

  test('is not set aside for a service that fails on all of them for a while @long', async ({
    shared: page,
    site,
  }) => {
    let failures = 0;
    site.standIn.setFaults(({ method, path }) =>
      method === 'POST' && POSTED.test(path) && ++failures <= 20 ? answer(500) : null,
    );
    await start(page, site, 3);
    await expectAllConfirmed(page, site, 3);
    expect(failures).toBe(23);
  });

  test('is not set aside for an outage that began after one record had passed @long', async ({
    shared: page,
    site,
  }) => {
    let posts = 0;
    // The first record fails once, the second passes, and then nothing does for a while.
    site.standIn.setFaults(({ method, path }) => {
      if (method !== 'POST' || !POSTED.test(path)) return null;
      posts += 1;
      return posts === 1 || (posts > 2 && posts <= 22) ? answer(500) : null;
    });
    await start(page, site, 2);
    await expectAllConfirmed(page, site, 2);
    expect(posts).toBe(23);
  });

  test('that others changed there is left as it is when it is looked up, and a person is asked', async ({
    shared: page,
    site,
  }) => {
    await putDifferent(page, site);
    await expectAllConfirmed(page, site, 2, 1);
    expect(recordsOf(site).map(({ model }) => model)).toEqual(['other', 'ResNet-50']);
    expect(site.asked('PUT', RECORD)).toBe(0);
    const failures = (await deliveries(page)).map(({ failure }) => failure?.code ?? null);
    expect(failures).toEqual(['record-changed', null]);
  });

  const earlier = (there: object) => ({ earlier: JSON.stringify(there) });
  const oneOfThem = (there: object) => ({
    earlier: [{ ...there, model: 'older' }, there].map((each) => JSON.stringify(each)),
  });
  for (const [claim, more, corrects] of [
    ['that says what an earlier version has sent is put right after consent', earlier, true],
    ['that says one of the texts that this device has sent is put right', oneOfThem, false],
    ['that a person wants overwritten is put right', OVERWRITING, false],
  ] as const satisfies readonly (readonly [string, (there: object) => Partial<Delivery>, boolean])[]) {
    test(claim, async ({ shared: page, site }) => {
      await putDifferent(page, site, more, corrects);
      await poll(() => audited(page)).toEqual(corrects ? { corrected: 1, confirmed: 1 } : { confirmed: 2 });
      expect(recordsOf(site).map(({ model }) => model)).toEqual(['ResNet-50', 'ResNet-50']);
      expect(site.asked('PUT', RECORD)).toBe(1);
      expect(site.asked('POST', POSTED)).toBe(1);
      expect((await deliveries(page)).every((delivery) => !('earlier' in delivery))).toBe(true);
    });
  }

  test('that says what an earlier version has sent stays without consent, and is counted', async ({
    shared: page,
    site,
  }) => {
    await putDifferent(page, site, earlier);
    await poll(() => audited(page)).toEqual({ outdated: 1, confirmed: 1 });
    expect(recordsOf(site).map(({ model }) => model)).toEqual(['other', 'ResNet-50']);
    expect(site.asked('PUT', RECORD)).toBe(0);
    const [{ body, failure }] = (await deliveries(page)) as [Delivery];
    expect(JSON.parse(body), 'what is there').toMatchObject({ model: 'other' });
    expect(failure).toBeNull();
  });

  test('that a person has left there as others changed it stays, and is no news until it is changed again', async ({
    shared: page,
    site,
  }) => {
    await putDifferent(page, site, (there) => ({ kept: JSON.stringify(there) }));
    await expectAllConfirmed(page, site, 2);
    const failures = async () => (await deliveries(page)).map(({ failure }) => failure?.code ?? null);
    expect(await failures()).toEqual([null, null]);
    expect(recordsOf(site).map(({ model }) => model)).toEqual(['other', 'ResNet-50']);
    expect(site.asked('PUT', RECORD)).toBe(0);
    // Looked up by an audit, too.
    await page.evaluate(() => lab.doubt(0, { state: 'sent' }));
    await work(page);
    await expectAllConfirmed(page, site, 2);
    expect(await failures()).toEqual([null, null]);
    const { id, created_at: _created, schema_version: _version, ...fields } = recordsOf(site)[0]!;
    expect(await site.call('PUT', `/drift/${id}`, { ...fields, model: 'another' })).toBe(200);
    await page.evaluate(() => lab.doubt(0, { state: 'sent' }));
    await work(page);
    await poll(failures).toEqual(['record-changed', null]);
    expect(recordsOf(site)[0]!.model).toBe('another');
  });

  test('that is there twice, once as others changed it, is there once as they changed it', async ({
    shared: page,
    site,
  }) => {
    await start(page, site, 1);
    await poll(() => counts(page)).toEqual({ sent: 1 });
    const { id: _id, created_at: _at, ...copy } = recordsOf(site)[0]!;
    site.standIn.seedRecord(site.options.experimentId, { ...copy, model: 'theirs' });
    await expectAllConfirmed(page, site, 1, 1);
    expect(recordsOf(site)[0]!.model).toBe('theirs');
    expect((await deliveries(page))[0]!.failure?.code).toBe('record-changed');
  });

  test('of before 1.0.0, with all its 31 parameters, is found, told as another one, and none is sent beside it', async ({
    shared: page,
    site,
  }) => {
    await openLab(page, site.options);
    await queue(page, range(1, 20));
    const [{ body }] = (await deliveries(page)) as [Delivery];
    const { tags, parameters, ...now } = JSON.parse(body) as Record<string, object>;
    site.standIn.seedRecord(site.options.experimentId, {
      ...now,
      tags: (tags as string[]).filter((tag) => tag !== 'checked'),
      parameters: {
        ...parameters,
        app: 'porthole',
        app_version: '0.1.0',
        model_sha256: 'a'.repeat(64),
      },
    });
    await page.evaluate(() => lab.adopt(20));
    await work(page);
    await expectAllConfirmed(page, site, 1, 1);
    expect(site.asked('POST', POSTED) + site.asked('PUT', RECORD)).toBe(0);
    expect((await deliveries(page))[0]!.failure?.code).toBe('record-differs');
  });

  test('that this device never sent is neither overwritten nor removed, and nothing is sent beside it', async ({
    shared: page,
    site,
  }) => {
    await openLab(page, site.options);
    await queue(page, range(3));
    const [{ body: first }, { body: second }] = (await deliveries(page)) as [Delivery, Delivery];
    const theirs = { ...JSON.parse(first), model: 'theirs' };
    // One id is somebody else's, twice; of another the very record was uploaded from an export.
    for (const record of [theirs, theirs, JSON.parse(second)]) {
      site.standIn.seedRecord(site.options.experimentId, record);
    }
    await page.evaluate(async () => {
      await lab.adopt(0);
      await lab.adopt(1);
    });
    await work(page);
    await poll(() => audited(page)).toEqual({ confirmed: 2, differs: 1 });
    const failures = (await deliveries(page)).map(({ failure }) => failure?.code ?? null);
    expect(failures).toEqual(['record-differs', null, null]);
    expect(site.asked('POST', POSTED)).toBe(1);
    // Deleting the job takes away nothing of theirs, and the uploaded record of the other.
    await page.evaluate(() => lab.replace([0, 1]));
    await poll(() => site.asked('DELETE', RECORD)).toBe(1);
    await poll(async () => (await counts(page)).withdrawing ?? 0).toBe(0);
    expect(recordsOf(site).filter(({ model }) => model === 'theirs')).toHaveLength(2);
    expect(site.asked('PUT', RECORD)).toBe(0);
  });

  test('that the service refuses to put right is set aside with the reason', async ({
    shared: page,
    site,
  }) => {
    const fault = { kind: 'answer', status: 422, body: REFUSAL } as const;
    site.standIn.setFaults(always('PUT', RECORD, fault));
    await putDifferent(page, site, OVERWRITING);
    await poll(() => audited(page)).toEqual({ confirmed: 1, refused: 1 });
    const refused = (await deliveries(page)).find(({ state }) => state === 'refused');
    expect(refused?.failure).toEqual({ code: 'record-refused', detail: 'tags.0: Too long.' });
  });

  test('that the service fails to put right holds up no other, and is set aside when others pass @long', async ({
    shared: page,
    site,
  }) => {
    site.standIn.setFaults(always('PUT', RECORD, answer(500)));
    await putDifferent(page, site, OVERWRITING);
    const queued = await queueUntilRefused(page, 2);
    await poll(() => audited(page)).toEqual({ confirmed: queued - 1, refused: 1 });
    expect((await deliveries(page)).find(({ state }) => state === 'refused')?.failure?.code).toBe(
      'record-poison',
    );
  });

  test('whose answer never came is looked up, and is there once', async ({ shared: page, open }) => {
    const site = await open({ timings: { timeout: 400 } });
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, { kind: 'hang-after-write' }));
    await start(page, site, 1);
    await expectAllConfirmed(page, site, 1);
    expect(site.asked('POST', POSTED)).toBe(1);
  });

  test('that somebody made twice is there once after the audit, the oldest @long', async ({
    shared: page,
    open,
  }) => {
    const site = await open(LATE_AUDIT);
    await start(page, site, 2);
    await poll(() => counts(page)).toEqual({ sent: 2 });
    const [first] = recordsOf(site);
    const { id, created_at, ...copy } = first!;
    site.standIn.seedRecord(site.options.experimentId, copy);
    site.standIn.seedRecord(site.options.experimentId, copy);
    await expectAllConfirmed(page, site, 2);
    expect(recordsOf(site)).toContainEqual({ ...copy, id, created_at });
  });

  test('that the browser sent twice by itself, when a connection broke, is there once after the audit', async ({
    shared: page,
    site,
  }) => {
    site.standIn.setFaults(onceAt(2, 'POST', POSTED, { kind: 'cut-after-write' }));
    await start(page, site, 3);
    await expectAllConfirmed(page, site, 3);
    // Chromium repeats even a POST when a connection that it had used before ends without an answer.
    expect(site.asked('POST', POSTED)).toBe(4);
    expect(site.asked('DELETE', RECORD)).toBe(1);
  });

  test('that was deleted there is noticed by the audit and not sent again unasked @long', async ({
    shared: page,
    open,
  }) => {
    const site = await open(LATE_AUDIT);
    await start(page, site, 1);
    await poll(() => counts(page)).toEqual({ sent: 1 });
    expect(await site.call('DELETE', `/drift/${recordsOf(site)[0]!.id}`)).toBe(204);
    await poll(() => counts(page)).toEqual({ refused: 1 });
    expect((await deliveries(page))[0]!.failure?.code).toBe('record-missing');
    expect(site.asked('POST', POSTED)).toBe(1);
  });

  test('that was changed there is confirmed, stays as it is there, and is marked @long', async ({
    shared: page,
    open,
  }) => {
    const site = await open(LATE_AUDIT);
    await start(page, site, 1);
    await poll(() => counts(page)).toEqual({ sent: 1 });
    const { id, created_at: _created, schema_version: _version, ...fields } = recordsOf(site)[0]!;
    expect(await site.call('PUT', `/drift/${id}`, { ...fields, model: 'other' })).toBe(200);
    await expectAllConfirmed(page, site, 1, 1);
    expect((await deliveries(page))[0]!.failure?.code).toBe('record-changed');
    expect(recordsOf(site)[0]!.model).toBe('other');
  });
});
