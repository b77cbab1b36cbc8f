/** A station looks if its results arrive: each obstacle is told once, in `/health` and metrics too, and again when it is over. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { USER_ENTITLEMENT } from '../stand-in/access-tokens';
import { startStandIn, type NewMytoken, type StandIn } from '../stand-in/server';
import { DEMO, pictureWith, StationRun } from './station-run';

// A refusal is the role's, and not the token's, once the page's access token is a minute old.
const patience = { timeout: 120_000 };

interface Health {
  readonly problems: readonly string[];
  readonly mytoken_ends: string | null;
  readonly cameras: readonly {
    readonly driftwatch?: { readonly arrived: number; readonly refused: number };
  }[];
}

/** A station with one camera whose results go to an experiment of a stand-in. @param token - a line of [driftwatch] */
async function sendingStation(standIn: StandIn, token: string) {
  const run = new StationRun();
  mkdirSync(join(run.folder, 'camera'));
  const port = await freePort();
  const told = join(run.folder, 'told.txt');
  await run.configure(`
[door]
listen = "127.0.0.1:${port}"
[driftwatch]
address = "${standIn.driftwatch.origin}"
mytoken_server = "${standIn.mytoken.url}"
check_every = 1
${token}
[alerts]
least_disk_mb = 1
[alerts.command]
run = ["/bin/sh", "-c", "echo $PORTHOLE_SUBJECT $DRIFT_MONITOR_MYTOKEN >> ${told}"]
[[camera]]
name = "Pier"
folder = "camera"
reference = "${DEMO}reference"
file_dates = true
experiment = "Reef"
`);
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}/${path}`);
  const health = async () => (await (await ask('health')).json()) as Health;
  let brought = 0;
  return {
    run,
    health,
    problems: async () => (await health()).problems,
    metrics: async () => (await ask('metrics')).text(),
    subjects: () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []),
    bring: () => {
      brought += 1;
      writeFileSync(join(run.folder, 'camera', `${brought}.jpg`), pictureWith(brought, `picture ${brought}`));
    },
    /** The records of the experiment that has the name now. */
    arrived: () => {
      const reef = standIn.experiments().find(({ name }) => name === 'Reef');
      return reef ? standIn.records(reef.id).length : 0;
    },
    async [Symbol.asyncDispose]() {
      await run.remove();
    },
  };
}

/** Asks DriftWatch for something as the owner of a mytoken. */
async function asOwner(standIn: StandIn, owner: NewMytoken, method: string, path: string, body?: object) {
  const answer = await fetch(`${standIn.driftwatch.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${owner.accessToken()}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
}

test('a token that ends, is read by others or is revoked, a lost role and a deleted experiment are told once each, and are over once solved @long', async () => {
  test.setTimeout(300_000);
  const standIn = await startStandIn({ cors: true, rateLimit: null });
  try {
    await using station = await sendingStation(standIn, 'token_file = "mytoken"');
    const { run, arrived, bring, health, metrics, problems, subjects } = station;
    const inThreeDays = Math.floor(Date.now() / 1000) + 3 * 86_400;
    const first = standIn.newMytoken({ isRegistered: true, expires: inThreeDays });
    const { subject } = first;
    const file = join(run.folder, 'mytoken');
    const isOver = () => expect.poll(problems, patience).toEqual([]);
    const stands = (sentence: RegExp) =>
      expect.poll(problems, patience).toEqual([expect.stringMatching(sentence)]);

    writeFileSync(file, first.mytoken, { mode: 0o644 });
    bring();
    run.start();
    await expect.poll(() => run.lines.length, patience).toBe(1);
    await stands(/^DriftWatch: Others can read .*mytoken\. Repair it: chmod 600 \S*mytoken$/);
    expect(arrived()).toBe(0);
    chmodSync(file, 0o600);

    await expect.poll(arrived, patience).toBe(1);
    const day = new Date(inThreeDays * 1000).toISOString().slice(0, 10);
    await stands(new RegExp(`^The mytoken for DriftWatch ends on ${day}\\. Put a new one into .*mytoken;`));
    expect((await health()).mytoken_ends).toContain(day);
    expect(await metrics()).toMatch(/^porthole_mytoken_ends_seconds 25\d{4}\./m);
    // The same person's, without an end.
    const lasting = standIn.newMytoken({ subject });
    writeFileSync(file, lasting.mytoken);
    await isOver();
    expect((await health()).mytoken_ends).toBeNull();
    expect(await metrics()).toContain('porthole_records{camera="Pier",state="arrived"} 1\n');

    standIn.setRoles(subject, []);
    await stands(/^Pier: nothing is sent to Reef\. /);
    expect(await metrics()).toContain('porthole_sending_held{camera="Pier"} 1\n');
    bring();
    await expect
      .poll(() => metrics(), patience)
      .toContain('porthole_records{camera="Pier",state="waiting"} 1\n');
    standIn.setRoles(subject, [USER_ENTITLEMENT]);
    await expect.poll(arrived, patience).toBe(2);
    await isOver();

    const reef = standIn.experiments().find(({ name }) => name === 'Reef')!;
    await asOwner(standIn, lasting, 'DELETE', `/experiment/${reef.id}`);
    await stands(/^Pier: nothing is sent to Reef\. The experiment does not exist there any more\./);
    bring();
    await expect.poll(() => run.lines.length, patience).toBe(3);
    await asOwner(standIn, lasting, 'POST', '/experiment', { name: 'Reef' });
    await expect.poll(arrived, patience).toBe(3);
    await isOver();

    const revoked = await fetch(`${standIn.mytoken.url}/api/v0/token/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: lasting.mytoken, recursive: true }),
    });
    expect(revoked.ok).toBe(true);
    await stands(/^DriftWatch: The mytoken was refused/);
    writeFileSync(file, standIn.newMytoken({ subject }).mytoken);
    await isOver();

    const subjectsBefore = subjects();
    const begun = subjectsBefore.filter((line) => !line.startsWith('Over: '));
    expect(begun).toEqual([
      expect.stringMatching(/^DriftWatch: Others can read/),
      expect.stringMatching(/^The mytoken for DriftWatch ends on/),
      'Pier: nothing is sent to Reef',
      'Pier: nothing is sent to Reef',
      expect.stringMatching(/^DriftWatch: The mytoken was refused/),
    ]);
    await expect
      .poll(() => subjects().filter((line) => line.startsWith('Over: ')), patience)
      .toEqual(begun.map((line) => `Over: ${line}`));
    expect(await run.end()).toBe(0);
  } finally {
    await standIn.close();
  }
});

test('a mytoken of the environment is used as in the tutorial and reaches no command; refused records are told @long', async () => {
  test.setTimeout(180_000);
  const standIn = await startStandIn({ cors: true, rateLimit: null });
  const { mytoken } = standIn.newMytoken({ isRegistered: true });
  process.env['DRIFT_MONITOR_MYTOKEN'] = mytoken;
  try {
    await using station = await sendingStation(standIn, '');
    const { run, arrived, bring, health, metrics, problems, subjects } = station;
    bring();
    run.start();
    await expect.poll(arrived, patience).toBe(1);
    await expect.poll(problems, patience).toEqual([]);
    standIn.setFaults(({ method, path }) =>
      method === 'POST' && path.endsWith('/drift') ? { kind: 'answer', status: 422 } : null,
    );
    bring();
    await expect
      .poll(problems, patience)
      .toEqual([
        expect.stringMatching(/^Pier: DriftWatch did not take some records\. Refused: 1, set aside: 0\. /),
      ]);
    expect((await health()).cameras[0]?.driftwatch).toMatchObject({ arrived: 1, refused: 1 });
    expect(await metrics()).toContain('porthole_records{camera="Pier",state="refused"} 1\n');
    await expect.poll(subjects, patience).toEqual(['Pier: DriftWatch did not take some records']);
    expect(run.output).not.toContain(mytoken);
    expect(await run.end()).toBe(0);
  } finally {
    delete process.env['DRIFT_MONITOR_MYTOKEN'];
    await standIn.close();
  }
});
