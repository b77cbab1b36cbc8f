/** The script that uploads an exported file, run by a real shell with a real curl. */
import { expect, test } from '@playwright/test';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uploadScript } from '../../src/features/driftwatch/ways-out';
import { startStandIn, type StandIn } from '../stand-in/server';

const isMissing = spawnSync('sh', ['-c', 'curl --version']).status !== 0;
if (isMissing) console.log('upload script: skipped, this machine has no POSIX shell with curl');
test.skip(isMissing, 'this machine has no POSIX shell with curl');

const FILE = "Reef’s $(id) 'north'.jsonl";
const bodies = Array.from({ length: 5 }, (_, index) =>
  JSON.stringify({
    job_status: 'Completed',
    model: 'ResNet-50',
    drift_detected: false,
    tags: ['reef'],
    parameters: {
      image_name: `"ñ" \\ $HOME %s ${index}.jpg`,
      distance: index / 100,
      result_id: `00000000-0000-4000-8000-00000000000${index}`,
    },
  }),
);

let standIn: StandIn;
let folder: string;
let experimentId: string;
test.beforeEach(async () => {
  standIn = await startStandIn({ rateLimit: null });
  folder = mkdtempSync(join(tmpdir(), 'porthole-upload-'));
  const owner = standIn.newMytoken({ isRegistered: true });
  const user = standIn.users().find(({ subject }) => subject === owner.subject);
  const permissions = [{ entity: user?.id ?? '', level: 'Edit' as const }];
  experimentId = standIn.seedExperiment({ name: 'reef', permissions }).id;
  writeFileSync(join(folder, FILE), bodies.map((body) => `${body}\n`).join(''));
  // As editors write it.
  writeFileSync(join(folder, 'mytoken.txt'), `${owner.mytoken}\r\n`);
});
test.afterEach(async () => {
  await standIn.close();
  rmSync(folder, { recursive: true });
});

async function run(): Promise<{ code: number | null; said: string; complained: string }> {
  const { url } = standIn.driftwatch;
  const connection = { baseUrl: url, mytokenServer: standIn.mytoken.url, timeout: 15, isPaused: false };
  writeFileSync(
    join(folder, 'upload.sh'),
    uploadScript({ file: FILE, connection, upstream: null, experimentId }),
  );
  const child = spawn('sh', ['upload.sh'], { cwd: folder });
  let said = '';
  let complained = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (complained += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, said, complained };
}

test('it uploads each record to the letter, and run again it uploads nothing', async () => {
  expect(await run()).toEqual({ code: 0, said: '5 uploaded, 0 were there already.\n', complained: '' });
  const parametersOf = (body: string) => (JSON.parse(body) as { parameters: object }).parameters;
  expect(standIn.records(experimentId).map(({ parameters }) => parameters)).toEqual(bodies.map(parametersOf));
  expect((await run()).said).toBe('0 uploaded, 5 were there already.\n');
  expect(standIn.records(experimentId)).toHaveLength(5);
});

test('cut off in the middle it says where it stopped, and goes on from there when it is run again', async () => {
  let posts = 0;
  standIn.setFaults(({ method, path }) =>
    method === 'POST' && path.endsWith('/drift') && ++posts === 3 ? { kind: 'cut-after-write' } : null,
  );
  const { code, complained } = await run();
  expect(code).toBe(1);
  expect(complained).toContain('Stopped at 00000000-0000-4000-8000-000000000002. 2 uploaded');
  standIn.setFaults(null);
  expect((await run()).said).toBe('2 uploaded, 3 were there already.\n');
  expect(standIn.records(experimentId)).toHaveLength(5);
});

test('the script names the host that was entered, or the one that a path of the page leads to', () => {
  const of = (baseUrl: string, upstream: string | null) =>
    /^DRIFTS='(.*)\/experiment\/1\/drift'$/m.exec(
      uploadScript({
        ...{ file: FILE, upstream, experimentId: '1' },
        connection: { baseUrl, mytokenServer: 'https://mytok.eu', timeout: 15, isPaused: false },
      }),
    )?.[1];
  expect(of('https://dw.example/api/v2', null)).toBe('https://dw.example/api/v2');
  expect(of('https://[2001:db8::1]:8443/api/v1', null)).toBe('https://[2001:db8::1]:8443/api/v1');
  expect(of('/driftwatch', 'http://dw.lan:8090/api/v1')).toBe('http://dw.lan:8090/api/v1');
  expect(of('/driftwatch', null)).toBe('https://drift-watch.cloud.ai4eosc.eu/api/v1');
});

test('a mytoken that is refused is named as the reason, and nothing is uploaded', async () => {
  writeFileSync(join(folder, 'mytoken.txt'), 'not-a-mytoken\n');
  const { code, complained } = await run();
  expect(code).toBe(1);
  expect(complained).toContain('is the mytoken in mytoken.txt valid?');
  expect(standIn.records(experimentId)).toEqual([]);
  expect(readFileSync(join(folder, FILE), 'utf8').split('\n')).toHaveLength(6);
});
