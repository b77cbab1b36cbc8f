/** That records which were sent are corrected after the user's consent, and never those that somebody else edited. */
import { expect, test } from '@playwright/test';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { saveInputs } from '../../../src/core/storage/inputs';
import { startStandIn, type NewMytoken, type StandIn } from '../../stand-in/server';
import { wholeCamera, wholeJob } from '../../storage/whole-rows';
import type { Site } from '../site';
import { closeSites, openAgain, openSite } from '../site-page';
import { poll } from '../outbox-steps';

const RECORD = /\/drift\/[\da-f-]{36}$/;
const POSTED = /\/drift$/;

let standIn: StandIn;
let owner: NewMytoken;
test.beforeEach(async () => {
  standIn = await startStandIn({ cors: true, rateLimit: null });
  owner = standIn.newMytoken({ isRegistered: true });
});
test.afterEach(async () => {
  closeSites();
  await standIn.close();
});

const asked = (method: string, path: RegExp) =>
  standIn.requests.filter((request) => request.method === method && path.test(request.path)).length;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const puts = () => asked('PUT', RECORD);

/** Stores scored jobs of a camera, and tells of them as the page does. */
async function score(site: Site, indices: readonly number[], cameraId = 'camera'): Promise<void> {
  const jobs = indices.map((index) =>
    wholeJob(`${cameraId}-${index}`, Date.UTC(2024, 0, 1, index), { cameraId, distance: 0.3 }),
  );
  for (const job of jobs) await site.db.add('jobs', job);
  await site.sync.records.stored(jobs);
}

/** Judges a camera's history by another limit, in the transaction that writes it, and tells of it as the page does. */
async function judge(site: Site, drift: number, cameraId = 'camera'): Promise<void> {
  const thresholds = { warning: 0.05, drift };
  const judged = new Map<string, CompletedJob>();
  for (const job of await site.db.getAllFromIndex('jobs', 'cameraId', cameraId)) {
    const said = { distance: 0.3, windowFill: 12, driftStatus: 'warning', thresholds } as const;
    judged.set(job.id, { ...(job as CompletedJob), ...said });
  }
  const camera = wholeCamera(cameraId, { thresholds });
  await saveInputs(site.db, { camera }, { judged, sights: new Map() });
  await site.sync.records.judgedAnew();
}

/** The limits that the records of an experiment give, in capture order. */
const limits = (name = 'Reef') => recordsOf(name).map(({ parameters }) => parameters['drift_distance']);

function recordsOf(name = 'Reef') {
  const experiment = standIn.experiments().find((each) => each.name === name);
  const records = experiment ? standIn.records(experiment.id) : [];
  const at = ({ parameters }: (typeof records)[number]) => Date.parse(parameters['captured_at'] as string);
  return records.sort((a, b) => at(a) - at(b));
}

/** State or failure of each record, in capture order; those of the present experiment come last. */
async function states({ sync, db }: Site): Promise<string[]> {
  const { experimentId = '' } = sync.destination ?? {};
  const isPresent = ({ lane }: { lane: string }) => Number(lane.endsWith(experimentId));
  return (await db.getAll('deliveries'))
    .sort((a, b) => isPresent(a) - isPresent(b) || a.capturedAt - b.capturedAt)
    .map(({ state, failure }) => failure?.code ?? state);
}

/** Waits until each record was verified, without the minutes that requests may take. */
const verified = (site: Site, expected: readonly string[]) =>
  poll(async () => {
    await site.settle();
    return states(site);
  }).toEqual(expected);

/** Sends so many records, and verifies them. */
async function sendSome(count: number): Promise<Site> {
  const site = await openSite(standIn, owner.mytoken);
  await site.sendAll();
  await score(site, range(count));
  await verified(site, Array(count).fill('confirmed'));
  return site;
}

/** Holds requests of a kind back until they are released, each by itself. */
function hold(method: string, path: RegExp) {
  const releases: (() => void)[] = [];
  standIn.setFaults((request) => {
    if (request.method !== method || !path.test(request.path)) return null;
    return { kind: 'hold', until: new Promise<void>((release) => releases.push(release)) };
  });
  return releases;
}

/** Edits a record as another device of the owner does. */
async function edit(index: number, model = 'theirs'): Promise<void> {
  const { id, created_at: _at, schema_version: _version, ...fields } = recordsOf()[index]!;
  await ask('PUT', id, { ...fields, model });
}

async function ask(method: string, id: string, body?: object): Promise<void> {
  const [experiment] = standIn.experiments();
  const answer = await fetch(`${standIn.driftwatch.url}/experiment/${experiment!.id}/drift/${id}`, {
    method,
    headers: { authorization: `Bearer ${owner.accessToken()}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
}

test('after new limits one yes corrects all but those that others edited, which can be found; with the time left', async () => {
  const site = await sendSome(9);
  await edit(2);
  await edit(5);
  await judge(site, 0.4);
  await site.sync.byHand.auditAgain();
  const counts = () => site.sync.outbox.counts;
  await poll(async () => {
    await site.settle();
    return counts();
  }).toMatchObject({ outdated: 7, differs: 2, unknown: 0, sent: 0 });
  await site.sync.outbox.lookAt(['differs'], 20);
  expect(site.sync.outbox.shown).toHaveLength(2);

  // The last one waits, so that what is said meanwhile can be read.
  let asked = 0;
  let release = () => {};
  const until = new Promise<void>((resolve) => (release = resolve));
  standIn.setFaults(({ method, path }) => {
    if (method !== 'PUT' || !RECORD.test(path)) return null;
    asked += 1;
    return asked === 7 ? { kind: 'hold', until } : { kind: 'delay', ms: 150 };
  });
  await site.sync.correct(true);
  const told = () => {
    const [[, step]] = [...site.sync.outbox.steps] as [[string, { kind: string; isCorrecting?: boolean }]];
    const [seconds] = [...site.sync.outbox.secondsLeft.values()];
    return [step.kind, step.isCorrecting, site.sync.outbox.waiting, seconds !== undefined && seconds < 5];
  };
  await poll(told).toEqual(['progress', true, 1, true]);
  release();
  await verified(
    site,
    range(9).map((index) => (index === 2 || index === 5 ? 'record-changed' : 'corrected')),
  );
  await poll(counts).toMatchObject({ outdated: 0, corrected: 7, differs: 2 });
  expect(recordsOf().map(({ model }) => model)).toEqual(
    range(9).map((index) => (index === 2 || index === 5 ? 'theirs' : 'ResNet-50')),
  );
});

test('no record is corrected before the user agrees, and then all are, until another experiment is chosen', async () => {
  const site = await sendSome(3);
  await judge(site, 0.4);
  expect(await states(site)).toEqual(Array(3).fill('outdated'));
  const counts = () => site.sync.outbox.counts;
  await poll(counts).toMatchObject({ outdated: 3, corrected: 0 });
  await site.settle();
  expect(puts()).toBe(0);

  await site.sync.correct(true);
  await poll(() => limits()).toEqual([0.4, 0.4, 0.4]);
  await verified(site, Array(3).fill('corrected'));
  await poll(counts).toMatchObject({ outdated: 0, corrected: 3 });
  await judge(site, 0.5);
  await poll(() => limits()).toEqual([0.5, 0.5, 0.5]);
  await verified(site, Array(3).fill('corrected'));
  expect(puts()).toBe(6);
  expect(asked('POST', POSTED)).toBe(3);

  const experiment = await site.sync.experiments.create({ name: 'Wall', description: '', public: false });
  await site.sync.choose(experiment, { tags: ['reef'], model: 'ResNet-50', since: 0 });
  await poll(() => limits('Wall')).toEqual([0.5, 0.5, 0.5]);
  await verified(site, [...Array<string>(3).fill('corrected'), ...Array<string>(3).fill('confirmed')]);
  await judge(site, 0.6);
  expect(site.sync.destination?.corrects).toBeUndefined();
  expect((await states(site)).slice(3)).toEqual(Array(3).fill('outdated'));
  await site.settle();
  expect([limits(), limits('Wall')]).toEqual([Array(3).fill(0.5), Array(3).fill(0.5)]);
  expect(puts()).toBe(6);
});

/** By these a history is judged one after the other. */
const LIMITS = [0.4, 0.5, 0.6];

for (const fates of [
  ['done', 'done', 'done'],
  ['lost', 'lost', 'lost'],
  ['late', 'done', 'lost'],
  ['done', 'late', 'late'],
] as const) {
  test(`three corrections whose PUT is ${fates.join(', ')} as the page dies end with the newest text, and look edited by nobody`, async () => {
    let site = await sendSome(1);
    await site.sync.correct(true);
    const late: (() => void)[] = [];
    for (const [i, fate] of fates.entries()) {
      const releases = hold('PUT', RECORD);
      const before = puts();
      await judge(site, LIMITS[i]!);
      await site.settle();
      await poll(puts).toBe(before + 1);
      site.die();
      if (fate === 'done') {
        releases[0]!();
        await poll(() => limits()).toEqual([LIMITS[i]]);
      }
      if (fate === 'late') late.push(releases[0]!);
      site = await openAgain(standIn, owner.mytoken);
    }
    standIn.setFaults(null);
    await poll(async () => {
      // Only what waits: the audit is for what comes late.
      const [row] = await site.db.getAll('deliveries');
      if (row!.state === 'unknown') await site.db.put('deliveries', { ...row!, notBefore: 0 });
      site.sync.outbox.encourage();
      return states(site);
    }).toEqual(['sent']);
    expect(limits()).toEqual([0.6]);
    for (const release of late) {
      const seen = JSON.stringify(recordsOf());
      release();
      await poll(() => JSON.stringify(recordsOf())).not.toBe(seen);
    }
    await verified(site, ['corrected']);
    expect(limits()).toEqual([0.6]);
    expect(asked('POST', POSTED)).toBe(1);
  });
}

test('a correction changes no record that was edited or deleted there, not even right before its turn', async () => {
  const site = await sendSome(5);
  await site.sync.correct(true);
  await edit(1);
  await ask('DELETE', recordsOf()[4]!.id);
  const releases = hold('PUT', RECORD);
  const before = puts();
  await judge(site, 0.4);
  await poll(puts).toBe(before + 1);
  // All were looked up by now, and this one said what was sent.
  standIn.setFaults(null);
  await edit(2);
  releases[0]!();
  await verified(site, ['corrected', 'record-changed', 'record-changed', 'corrected', 'record-missing']);
  expect(recordsOf().map(({ model }) => model)).toEqual(['ResNet-50', 'theirs', 'theirs', 'ResNet-50']);
  expect(limits()).toEqual([0.4, 0.1, 0.1, 0.4]);
  await judge(site, 0.5);
  await verified(site, ['corrected', 'record-changed', 'record-changed', 'corrected', 'record-missing']);
  expect(recordsOf().map(({ model }) => model)).toEqual(['ResNet-50', 'theirs', 'theirs', 'ResNet-50']);
  expect(asked('POST', POSTED)).toBe(5);
});

test('consent that is withdrawn stops corrections that have not begun', async () => {
  const site = await sendSome(2);
  await site.sync.correct(true);
  await site.sync.account.setPaused(true);
  await judge(site, 0.4);
  expect(await states(site)).toEqual(['unknown', 'unknown']);
  await site.sync.correct(false);
  await site.sync.account.setPaused(false);
  await verified(site, ['outdated', 'outdated']);
  expect(puts()).toBe(0);
  // A limit that is set back agrees with the records.
  await judge(site, 0.1);
  await judge(site, 0.5);
  await site.sync.correct(true);
  await poll(() => limits()).toEqual([0.5, 0.5]);
});

for (const corrects of [true, false]) {
  test(`a record whose POST is under way while its job is judged again ${corrects ? 'is corrected' : 'stays without consent'}, and is there once`, async () => {
    const site = await openSite(standIn, owner.mytoken);
    await site.sendAll();
    await site.sync.correct(corrects);
    const releases = hold('POST', POSTED);
    await score(site, [0]);
    await poll(() => releases.length).toBe(1);
    await judge(site, 0.4);
    standIn.setFaults(null);
    releases[0]!();
    await poll(() => limits()).toEqual([0.1]);
    await verified(site, [corrects ? 'corrected' : 'outdated']);
    expect(limits()).toEqual([corrects ? 0.4 : 0.1]);
    expect(asked('POST', POSTED)).toBe(1);
    expect(puts()).toBe(corrects ? 1 : 0);
  });
}

test('records of a camera that is not shown are corrected too, and keep their tags and model', async () => {
  const site = await sendSome(1);
  await site.db.put('cameras', wholeCamera('other', { name: 'Wall' }));
  await site.db.put('destinations', { ...site.sync.destination!, cameraId: 'other' });
  await score(site, [1, 2], 'other');
  await verified(site, Array(3).fill('confirmed'));
  await judge(site, 0.4, 'other');
  expect(await states(site)).toEqual(['confirmed', 'outdated', 'outdated']);
  await site.sync.correct(true);
  await poll(() => limits()).toEqual([0.1, 0.4, 0.4]);
  const other = (await site.db.get('destinations', 'other'))!;
  await site.db.put('destinations', { ...other, tags: ['new'], model: 'new' });
  await judge(site, 0.5, 'other');
  await poll(() => limits()).toEqual([0.1, 0.5, 0.5]);
  expect(recordsOf().map(({ model, tags }) => [model, tags[0]])).toEqual(
    Array(3).fill(['ResNet-50', 'reef']),
  );
});
