/** Sends thousands of waiting records from the built page, as a station does, to a stand-in as far away as DriftWatch. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { openPage } from '../drive.mjs';
import { serveDist } from '../serve.mjs';
import { within } from '../within.mjs';
import { growDemo } from './history.mjs';

const COUNT = 3000;
/** Seconds for them. */
const WANTED = 120;
/** Milliseconds until a request is worked on: the way there and back, and the backend's own work. */
const AWAY = 100;
/** Requests from which the pace of one at a time is told. */
const ALONE = 100;
/** So long one of them may take, in milliseconds. */
const PATIENCE = 60_000;
/** and all */
const MOST = 1_200_000;

/** Prints how long they take, beside a client that sends one after the other and does nothing else. */
export async function benchSending() {
  const { module: standIns } = await runnerImport(
    fileURLToPath(new URL('../../tests/stand-in/server.ts', import.meta.url)),
    { configFile: false },
  );
  const standIn = await standIns.startStandIn();
  standIn.setFaults(({ server }) => (server === 'driftwatch' ? { kind: 'delay', ms: AWAY } : null));
  const server = await serveDist({ driftwatch: standIn.driftwatch.url });
  const { page, close } = await openPage(server.address);
  try {
    await growDemo(page, COUNT);
    await page.reload();
    await page.waitForFunction(() => 'porthole' in globalThis);
    await page.evaluate(() => globalThis.porthole.lastVerdict());
    const { seconds, records, failed } = await send(page, standIn);
    const alone = await oneByOne(standIn, records);
    const ids = new Set(records.map(({ parameters }) => parameters.result_id));
    console.log(
      `  ${records.length} records in ${seconds.toFixed(1)} s (wanted ${WANTED}), ${ids.size} of them different, ${failed} not taken`,
    );
    console.log(
      `  ${(records.length / seconds).toFixed(1)} a second, ${(records.length / seconds / alone).toFixed(1)} times as many as one after the other (${alone.toFixed(1)}), with ${AWAY} ms to the service and back`,
    );
  } finally {
    await close();
    await server.close();
    await standIn.close();
  }
}

async function send(page, standIn) {
  const { mytoken } = standIn.newMytoken({ isRegistered: true });
  const camera = await page.evaluate(
    async ([mytokenServer, mytoken]) => {
      const station = await globalThis.porthole.station();
      const connection = { baseUrl: '/driftwatch', mytokenServer, timeout: 15 };
      await station.connect(connection, mytoken, async () => undefined);
      return station.cameras()[0];
    },
    [standIn.mytoken.url, mytoken],
  );
  const began = performance.now();
  await page.evaluate(
    async (camera) => (await globalThis.porthole.station()).sendTo(camera, 'Bench', [], false),
    camera,
  );
  const [experiment] = standIn.experiments();
  const stand = await within(MOST, 'The records were not sent', nothingWaits(page));
  const seconds = (performance.now() - began) / 1000;
  return { seconds, records: standIn.records(experiment.id), failed: stand.refused + stand.setAside };
}

/** @returns how the camera's records stand once all were sent */
async function nothingWaits(page) {
  for (;;) {
    await page.waitForTimeout(100);
    const [stand] = await page.evaluate(async () => {
      const station = await globalThis.porthole.station();
      return (await station.sending(false)).cameras;
    });
    if (stand.waiting === 0) return stand;
  }
}

/** @returns records that a plain client sends in a second, one after the other */
async function oneByOne(standIn, records) {
  const owner = standIn.newMytoken({ isRegistered: true });
  const entity = standIn.users().find(({ subject }) => subject === owner.subject).id;
  const { id } = standIn.seedExperiment({ name: 'Alone', permissions: [{ entity, level: 'Edit' }] });
  const headers = { authorization: `Bearer ${owner.accessToken()}`, 'content-type': 'application/json' };
  const began = performance.now();
  for (const { job_status, model, drift_detected, tags, parameters } of records.slice(0, ALONE)) {
    const body = JSON.stringify({ job_status, model, drift_detected, tags, parameters });
    const answer = await fetch(`${standIn.driftwatch.url}/experiment/${id}/drift`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status !== 201) throw new Error(`the stand-in answered ${answer.status}`);
    await answer.text();
  }
  return (1000 * ALONE) / (performance.now() - began);
}
