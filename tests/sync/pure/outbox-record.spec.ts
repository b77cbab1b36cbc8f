/** The fate of a record that the service refuses, loses, changes or has twice; over real HTTP. */
import { expect } from '@playwright/test';
import type { Delivery } from '../../../src/core/domain/camera/records/delivery';
import { openLab, test } from '../outbox-lab';
import {
  LATE_AUDIT,
  OVERWRITING,
  POSTED,
  RECORD,
  REFUSAL,
  always,
  answer,
  audited,
  expectAllConfirmed,
  onceAt,
  poll,
  putDifferent,
  queueUntilRefused,
  range,
  recordsOf,
  start,
  stepOf,
  timeLeft,
} from '../outbox-steps';

test.describe.configure({ mode: 'parallel' });

const { random } = Math;
test.afterEach(() => {
  Math.random = random;
});

test.describe('a record', () => {
  test('that breaks a rule is set aside with the reason, and the others go on', async ({ site }) => {
    const lab = await openLab(site.options);
    await lab.queue([0, 1, 2, 3], (body, index) =>
      index === 1 ? body.replace('"reef"', `"${'long'.repeat(6)}"`) : body,
    );
    await lab.work();
    await poll(() => audited(lab)).toEqual({ confirmed: 3, refused: 1 });
    const refused = (await lab.deliveries()).find(({ state }) => state === 'refused');
    expect(refused?.failure).toEqual({
      code: 'record-refused',
      detail: 'tags.1: Length must be between 1 and 20.',
    });
  });

  test('is the third to break the same rule: then the rest is held back', async ({ site }) => {
    const lab = await openLab(site.options);
    await lab.queue([0, 1, 2, 3, 4], (body) => body.replace('"model":', '"modell":'));
    await lab.work();
    await poll(() => stepOf(lab)).toEqual(['held', 'record-refused']);
    expect(await lab.counts()).toEqual({ refused: 3, queued: 2 });
  });

  test('that the service fails on five times, while it takes others, is set aside', async ({ site }) => {
    const lab = await openLab(site.options);
    // An integer beyond 64 bit, which only a broken writer would send.
    await lab.queue([0, 1, 2, 3, 4, 5], (body, index) =>
      index === 0 ? body.replace('"parameters":{', `"parameters":{"poison":1${'0'.repeat(20)},`) : body,
    );
    await lab.work();
    const queued = await queueUntilRefused(lab, 6);
    await poll(() => audited(lab)).toEqual({ confirmed: queued - 1, refused: 1 });
    const poison = (await lab.deliveries()).find(({ state }) => state === 'refused');
    expect(poison).toMatchObject({ attempts: 5, failure: { code: 'record-poison', detail: '500' } });
  });

  test('that has to wait holds up neither the others nor their audit @long', async ({ open }) => {
    const site = await open({ timings: { timeout: 20_000, backoffBase: 60_000, backoffMost: 60_000 } });
    Math.random = () => 0.9;
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, answer(500)));
    const lab = await start(site, 4);
    await poll(() => stepOf(lab)).toEqual(['wait', 'server-failed']);
    await lab.encourage();
    await poll(() => audited(lab)).toEqual({ confirmed: 3, queued: 1 });
    await poll(() => stepOf(lab)).toEqual(['rest']);
    expect(await timeLeft(lab)).toBeGreaterThan(20_000);
  });

  test('is not set aside for a service that fails on all of them for a while @long', async ({ site }) => {
    let failures = 0;
    site.standIn.setFaults(({ method, path }) =>
      method === 'POST' && POSTED.test(path) && ++failures <= 20 ? answer(500) : null,
    );
    const lab = await start(site, 3);
    await expectAllConfirmed(lab, site, 3);
    expect(failures).toBe(23);
  });

  test('is not set aside for an outage that began after one record had passed @long', async ({ site }) => {
    let posts = 0;
    // The first record fails once, the second passes, and then nothing does for a while.
    site.standIn.setFaults(({ method, path }) => {
      if (method !== 'POST' || !POSTED.test(path)) return null;
      posts += 1;
      return posts === 1 || (posts > 2 && posts <= 22) ? answer(500) : null;
    });
    const lab = await start(site, 2);
    await expectAllConfirmed(lab, site, 2);
    expect(posts).toBe(23);
  });

  test('that others changed there is left as it is when it is looked up, and a person is asked', async ({
    site,
  }) => {
    const lab = await putDifferent(site);
    await expectAllConfirmed(lab, site, 2, 1);
    expect(recordsOf(site).map(({ model }) => model)).toEqual(['other', 'ResNet-50']);
    expect(site.asked('PUT', RECORD)).toBe(0);
    const failures = (await lab.deliveries()).map(({ failure }) => failure?.code ?? null);
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
    test(claim, async ({ site }) => {
      const lab = await putDifferent(site, more, corrects);
      await poll(() => audited(lab)).toEqual(corrects ? { corrected: 1, confirmed: 1 } : { confirmed: 2 });
      expect(recordsOf(site).map(({ model }) => model)).toEqual(['ResNet-50', 'ResNet-50']);
      expect(site.asked('PUT', RECORD)).toBe(1);
      expect(site.asked('POST', POSTED)).toBe(1);
      expect((await lab.deliveries()).every((delivery) => !('earlier' in delivery))).toBe(true);
    });
  }

  test('that says what an earlier version has sent stays without consent, and is counted', async ({
    site,
  }) => {
    const lab = await putDifferent(site, earlier);
    await poll(() => audited(lab)).toEqual({ outdated: 1, confirmed: 1 });
    expect(recordsOf(site).map(({ model }) => model)).toEqual(['other', 'ResNet-50']);
    expect(site.asked('PUT', RECORD)).toBe(0);
    const [{ body, failure }] = (await lab.deliveries()) as [Delivery];
    expect(JSON.parse(body), 'what is there').toMatchObject({ model: 'other' });
    expect(failure).toBeNull();
  });

  test('that a person has left there as others changed it stays, and is no news until it is changed again', async ({
    site,
  }) => {
    const lab = await putDifferent(site, (there) => ({ kept: JSON.stringify(there) }));
    await expectAllConfirmed(lab, site, 2);
    const failures = async () => (await lab.deliveries()).map(({ failure }) => failure?.code ?? null);
    expect(await failures()).toEqual([null, null]);
    expect(recordsOf(site).map(({ model }) => model)).toEqual(['other', 'ResNet-50']);
    expect(site.asked('PUT', RECORD)).toBe(0);
    // Looked up by an audit, too.
    await lab.doubt(0, { state: 'sent' });
    await lab.work();
    await expectAllConfirmed(lab, site, 2);
    expect(await failures()).toEqual([null, null]);
    const { id, created_at: _created, schema_version: _version, ...fields } = recordsOf(site)[0]!;
    expect(await site.call('PUT', `/drift/${id}`, { ...fields, model: 'another' })).toBe(200);
    await lab.doubt(0, { state: 'sent' });
    await lab.work();
    await poll(failures).toEqual(['record-changed', null]);
    expect(recordsOf(site)[0]!.model).toBe('another');
  });

  test('that is there twice, once as others changed it, is there once as they changed it', async ({
    site,
  }) => {
    const lab = await start(site, 1);
    await poll(() => lab.counts()).toEqual({ sent: 1 });
    const { id: _id, created_at: _at, ...copy } = recordsOf(site)[0]!;
    site.standIn.seedRecord(site.options.experimentId, { ...copy, model: 'theirs' });
    await expectAllConfirmed(lab, site, 1, 1);
    expect(recordsOf(site)[0]!.model).toBe('theirs');
    expect((await lab.deliveries())[0]!.failure?.code).toBe('record-changed');
  });

  test('of before 1.0.0, with all its 31 parameters, is found, told as another one, and none is sent beside it', async ({
    site,
  }) => {
    const lab = await openLab(site.options);
    await lab.queue(range(1, 20));
    const [{ body }] = (await lab.deliveries()) as [Delivery];
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
    await lab.adopt(20);
    await lab.work();
    await expectAllConfirmed(lab, site, 1, 1);
    expect(site.asked('POST', POSTED) + site.asked('PUT', RECORD)).toBe(0);
    expect((await lab.deliveries())[0]!.failure?.code).toBe('record-differs');
  });

  test('that this device never sent is neither overwritten nor removed, and nothing is sent beside it', async ({
    site,
  }) => {
    const lab = await openLab(site.options);
    await lab.queue(range(3));
    const [{ body: first }, { body: second }] = (await lab.deliveries()) as [Delivery, Delivery];
    const theirs = { ...JSON.parse(first), model: 'theirs' };
    // One id is somebody else's, twice; of another the very record was uploaded from an export.
    for (const record of [theirs, theirs, JSON.parse(second)]) {
      site.standIn.seedRecord(site.options.experimentId, record);
    }
    await lab.adopt(0);
    await lab.adopt(1);
    await lab.work();
    await poll(() => audited(lab)).toEqual({ confirmed: 2, differs: 1 });
    const failures = (await lab.deliveries()).map(({ failure }) => failure?.code ?? null);
    expect(failures).toEqual(['record-differs', null, null]);
    expect(site.asked('POST', POSTED)).toBe(1);
    // Deleting the job takes away nothing of theirs, and the uploaded record of the other.
    await lab.replace([0, 1]);
    await poll(() => site.asked('DELETE', RECORD)).toBe(1);
    await poll(async () => (await lab.counts()).withdrawing ?? 0).toBe(0);
    expect(recordsOf(site).filter(({ model }) => model === 'theirs')).toHaveLength(2);
    expect(site.asked('PUT', RECORD)).toBe(0);
  });

  test('that the service refuses to put right is set aside with the reason', async ({ site }) => {
    const fault = { kind: 'answer', status: 422, body: REFUSAL } as const;
    site.standIn.setFaults(always('PUT', RECORD, fault));
    const lab = await putDifferent(site, OVERWRITING);
    await poll(() => audited(lab)).toEqual({ confirmed: 1, refused: 1 });
    const refused = (await lab.deliveries()).find(({ state }) => state === 'refused');
    expect(refused?.failure).toEqual({ code: 'record-refused', detail: 'tags.0: Too long.' });
  });

  test('that the service fails to put right holds up no other, and is set aside when others pass @long', async ({
    site,
  }) => {
    site.standIn.setFaults(always('PUT', RECORD, answer(500)));
    const lab = await putDifferent(site, OVERWRITING);
    const queued = await queueUntilRefused(lab, 2);
    await poll(() => audited(lab)).toEqual({ confirmed: queued - 1, refused: 1 });
    expect((await lab.deliveries()).find(({ state }) => state === 'refused')?.failure?.code).toBe(
      'record-poison',
    );
  });

  test('whose answer never came is looked up, and is there once', async ({ open }) => {
    const site = await open({ timings: { timeout: 400 } });
    site.standIn.setFaults(onceAt(1, 'POST', POSTED, { kind: 'hang-after-write' }));
    const lab = await start(site, 1);
    await expectAllConfirmed(lab, site, 1);
    expect(site.asked('POST', POSTED)).toBe(1);
  });

  test('that somebody made twice is there once after the audit, the oldest', async ({ open }) => {
    const site = await open(LATE_AUDIT);
    const lab = await start(site, 2);
    await poll(() => lab.counts()).toEqual({ sent: 2 });
    const [first] = recordsOf(site);
    const { id, created_at, ...copy } = first!;
    site.standIn.seedRecord(site.options.experimentId, copy);
    site.standIn.seedRecord(site.options.experimentId, copy);
    await expectAllConfirmed(lab, site, 2);
    expect(recordsOf(site)).toContainEqual({ ...copy, id, created_at });
  });

  test('that was deleted there is noticed by the audit and not sent again unasked', async ({ open }) => {
    const site = await open(LATE_AUDIT);
    const lab = await start(site, 1);
    await poll(() => lab.counts()).toEqual({ sent: 1 });
    expect(await site.call('DELETE', `/drift/${recordsOf(site)[0]!.id}`)).toBe(204);
    await poll(() => audited(lab)).toEqual({ refused: 1 });
    expect((await lab.deliveries())[0]!.failure?.code).toBe('record-missing');
    expect(site.asked('POST', POSTED)).toBe(1);
  });

  test('that was changed there is confirmed, stays as it is there, and is marked', async ({ open }) => {
    const site = await open(LATE_AUDIT);
    const lab = await start(site, 1);
    await poll(() => lab.counts()).toEqual({ sent: 1 });
    const { id, created_at: _created, schema_version: _version, ...fields } = recordsOf(site)[0]!;
    expect(await site.call('PUT', `/drift/${id}`, { ...fields, model: 'other' })).toBe(200);
    await expectAllConfirmed(lab, site, 1, 1);
    expect((await lab.deliveries())[0]!.failure?.code).toBe('record-changed');
    expect(recordsOf(site)[0]!.model).toBe('other');
  });
});
