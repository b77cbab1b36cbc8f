/** That pictures which another device sends at the same time get no second record, or for moments only. */
import { expect } from '@playwright/test';
import type { DriftRecord } from '../../stand-in/driftwatch';
import type { Delivery } from '../../../src/core/domain/camera/records/delivery';
import type { LabHere } from '../lab';
import { openLab, test, type Site } from '../outbox-lab';
import { audited, FOUND, poll, POSTED, range, RECORD, recordsOf } from '../outbox-steps';

const OLDER = '2001-01-01T00:00:00.000000';
const YOUNGER = '2999-01-01T00:00:00.000000';

/** Puts another device's record of a picture there. */
function sendFromElsewhere(site: Site, { body, jobId }: Delivery, created_at: string): DriftRecord {
  const { parameters, ...record } = JSON.parse(body);
  return site.standIn.seedRecord(site.options.experimentId, {
    ...{ ...record, created_at },
    parameters: { ...parameters, result_id: `theirs-${jobId}` },
  });
}

/** Queues records, and lets another device act when the n-th of them, from 1, is about to be stored. */
async function sendWith(
  site: Site,
  jobs: number,
  n: number,
  act: (all: readonly Delivery[]) => void,
): Promise<LabHere> {
  const lab = await openLab(site.options);
  await lab.queue(range(jobs));
  const all = await lab.deliveries();
  let posts = 0;
  site.standIn.setFaults(({ method, path }) => {
    if (method === 'POST' && POSTED.test(path) && ++posts === n) act(all);
    return null;
  });
  await lab.work();
  return lab;
}

test('what another device sends while records go out is not sent again, and few requests find that out', async ({
  site,
}) => {
  const lab = await sendWith(site, 30, 1, (all) => {
    for (const delivery of all.slice(20)) sendFromElsewhere(site, delivery, OLDER);
  });
  await poll(() => audited(lab)).toEqual({ confirmed: 20, elsewhere: 10 });
  expect(recordsOf(site)).toHaveLength(30);
  expect([site.asked('POST', POSTED), site.asked('DELETE', RECORD)]).toEqual([20, 0]);
  // One before each of six single ones, and one before the rest.
  const paths = site.standIn.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
  const before = paths.slice(
    0,
    paths.findLastIndex((path) => POSTED.test(path)),
  );
  expect(before.filter((path) => FOUND.test(path))).toHaveLength(7);
});

test('of two records of one moment the younger goes with the next ones, not with the audit', async ({
  site,
}) => {
  const lab = await sendWith(site, 70, 9, (all) => {
    for (const delivery of all.slice(6, 8)) sendFromElsewhere(site, delivery, OLDER);
  });
  await poll(() => audited(lab)).toEqual({ confirmed: 68, elsewhere: 2 });
  expect(recordsOf(site)).toHaveLength(70);
  const changes = site.standIn.requests.filter(
    ({ method, path }) => method === 'DELETE' || (method === 'POST' && POSTED.test(path)),
  );
  // After sixty it is found out, and the last four wait for it.
  const methods = changes.map(({ method }) => method);
  expect(methods.slice(-4)).not.toContain('DELETE');
  expect(methods.filter((method) => method === 'DELETE')).toHaveLength(2);
});

test('a record that stands twice is said to, until the other device has taken back its own', async ({
  site,
}) => {
  const theirs: DriftRecord[] = [];
  const lab = await sendWith(site, 3, 2, ([first]) => theirs.push(sendFromElsewhere(site, first!, YOUNGER)));
  const twice = async () => {
    const step = await lab.step();
    return step?.kind === 'rest' ? step.twice : step?.kind;
  };
  await poll(twice).toBe(1);
  await poll(() => audited(lab)).toEqual({ sent: 1, confirmed: 2 });
  await poll(twice).toBe(1);
  expect(await site.call('DELETE', `/drift/${theirs[0]!.id}`)).toBe(204);
  await poll(() => audited(lab)).toEqual({ confirmed: 3 });
  await poll(twice).toBe('done');
});
