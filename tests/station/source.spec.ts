import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readConfig } from '../../scripts/station/config.mjs';
import { authorizationFor } from '../../scripts/station/http-auth.mjs';
import { Sources } from '../../scripts/station/source.mjs';
import { BASIC, digest, HttpCamera, PASSWORD, USER } from './http-camera';
import { DEMO, pictureWith, StationRun } from './station-run';

let folder: string;
let camera: HttpCamera;
let sources: Sources;
/** problems that stand, by key */
const problems = new Map<string, string>();
const told: string[] = [];
const solved: string[] = [];
const scored = new Set<string>();

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-source-'));
  camera = new HttpCamera();
  camera.picture = pictureWith(0, 'first');
  await camera.start();
  problems.clear();
  scored.clear();
  told.length = 0;
  solved.length = 0;
  sources = new Sources({
    problems,
    tell: (key: string, sentence: string) => {
      if (!problems.has(key)) told.push(sentence);
      problems.set(key, sentence);
    },
    solve: (key: string) => {
      if (problems.delete(key)) solved.push(key);
    },
    emit: (_: string, sentence: string) => told.push(sentence),
    isTaken: (_: string, path: string) => scored.has(path),
  } as never);
  writeFileSync(join(folder, 'password'), `${PASSWORD}\n`);
});
test.afterEach(async () => {
  sources.end();
  await camera.close();
  rmSync(folder, { recursive: true });
});

/** Begins to fetch. @param fetch - more lines of `[camera.fetch]` @param more - of `[[camera]]` */
function follow(fetch = '', more = '') {
  const path = join(folder, 'station.toml');
  writeFileSync(
    path,
    `[station]
data = "data"
[[camera]]
name = "Pier north"
source = "${camera.address}"
reference = "${DEMO}reference"
${more}
[camera.fetch]
${fetch.includes('at =') ? '' : 'every = 0.05'}
timeout = 1
frozen_after = 4
${fetch.includes('patience') ? '' : 'patience = 0.00001'}
${fetch}
`,
  );
  const { cameras } = readConfig(path);
  sources.follow(cameras);
  return cameras;
}

const PICTURES = 'data/pictures/PIER-NORTH';
const kept = () => (existsSync(join(folder, PICTURES)) ? readdirSync(join(folder, PICTURES)).sort() : []);

test('the answers to Digest are those of RFC 7616', () => {
  const asks = (algorithm: string) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
  const answer = (challenges: string) =>
    authorizationFor(
      challenges,
      { user: 'Mufasa', password: 'Circle of Life' },
      '/dir/index.html',
      'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    );
  const sha = 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"';
  expect(answer(asks('MD5'))).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
  expect(answer(asks('SHA-256'))).toContain(sha);
  // The first that can be answered, Basic last.
  expect(answer(`${BASIC}, Negotiate, ${asks('TOKEN')}, ${asks('SHA-256')}, ${asks('MD5')}`)).toContain(sha);
  expect(answer('Negotiate, Bearer realm="x"')).toBeNull();
});

test('each new picture is kept whole under the time at which it came, with or without ETag', async () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  follow();
  await expect.poll(kept).toHaveLength(1);
  camera.picture = pictureWith(1, 'second');
  await expect.poll(kept).toHaveLength(2);
  camera.hasEtags = true;
  camera.picture = pictureWith(2, 'third');
  await expect.poll(() => camera.answered.get(304) ?? 0).toBeGreaterThan(1);
  expect(kept()).toHaveLength(3);
  for (const name of kept()) {
    const iso = name.replace(
      /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-PIER-NORTH(-\d)?\.jpg$/,
      '$1-$2-$3T$4:$5:$6Z',
    );
    const at = Date.parse(iso);
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
    expect(statSync(join(folder, PICTURES, name)).mtimeMs).toBeGreaterThanOrEqual(before);
  }
  const texts = kept().map((name) => readFileSync(join(folder, PICTURES, name)));
  expect(texts.some((text) => text.equals(camera.picture))).toBe(true);
});

test('the same picture again and again is a frozen source until another comes, also after a restart', async () => {
  follow();
  await expect.poll(() => [...problems.keys()]).toEqual(['frozen Pier north']);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(
    /frozen source: http:\S+\/snap\.jpg has sent the same picture since \d{4}-.* UTC, 4 times/,
  );
  sources.end();
  sources = new Sources({
    problems,
    tell: () => undefined,
    emit: () => undefined,
    solve: () => undefined,
  } as never);
  const { length } = camera.askedAt;
  follow();
  await expect.poll(() => camera.askedAt.length).toBeGreaterThan(length + 2);
  expect(kept()).toHaveLength(1);
  expect(problems.size).toBe(1);
  camera.hasEtags = true;
  camera.picture = pictureWith(1, 'second');
  await expect.poll(kept).toHaveLength(2);
});

test('a frozen source that only says “not modified” is told as well, and is over with the next picture', async () => {
  camera.hasEtags = true;
  follow();
  await expect.poll(() => [...problems.keys()]).toEqual(['frozen Pier north']);
  camera.picture = pictureWith(1, 'second');
  await expect.poll(() => solved).toEqual(['frozen Pier north']);
});

const LIES: Record<string, [why: string, lie: (response: ServerResponse, picture: Buffer) => void]> = {
  'a page': [
    'sends no JPEG (image/jpeg',
    (to) => to.writeHead(200, { 'content-type': 'image/jpeg' }).end('<html>'),
  ],
  'a half body': [
    'in the middle of its answer',
    (to, picture) => {
      to.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': picture.length });
      to.write(picture.subarray(0, 5000), () => to.socket?.destroy());
    },
  ],
  'half a picture': [
    'without their end',
    (to, picture) => to.writeHead(200, { connection: 'close' }).end(picture.subarray(0, picture.length / 2)),
  ],
  'a stall': [
    'did not answer in full within 1 s',
    (to, picture) => to.writeHead(200).write(picture.subarray(0, 999)),
  ],
  'an error': ['it answers 500', (to) => to.writeHead(500).end()],
  'another address': ['it answers 302', (to) => to.writeHead(302, { location: '/other.jpg' }).end()],
  'a film': [
    'sends a film (multipart/x-mixed-replace)',
    (to) => to.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=x' }).write('--x'),
  ],
};
for (const [name, [why, lie]] of Object.entries(LIES)) {
  test(`${name} in place of a picture is told with its reason and leaves no file; the next picture is taken`, async () => {
    camera.instead = (response) => lie(response, camera.picture);
    const cameras = follow();
    await expect.poll(() => problems.get('source Pier north')).toContain(why);
    expect(kept()).toEqual([]);
    camera.instead = null;
    // A signal to read the configuration again ends the wait of a source that fails.
    sources.follow(cameras);
    await expect.poll(kept).toHaveLength(1);
    await expect.poll(() => solved).toEqual(['source Pier north']);
  });
}

test('a camera that fails is asked less and less', async () => {
  camera.instead = (response) => void response.writeHead(503).end();
  follow();
  await expect.poll(() => camera.askedAt.length).toBeGreaterThan(5);
  const gaps = camera.askedAt.slice(1, 6).map((at, i) => at - camera.askedAt[i]!);
  // A timer of Node may fire a millisecond early.
  for (const [i, gap] of gaps.entries()) expect(gap).toBeGreaterThanOrEqual(50 * 2 ** i - 2);
});

for (const [name, challenges] of Object.entries({
  Basic: [BASIC],
  'Digest without qop': [digest('')],
  'Digest with MD5': [digest('qop="auth", opaque="x"')],
  'Digest with SHA-256': [digest('algorithm=SHA-256, qop="auth,auth-int"')],
  'Digest of a session': [BASIC, digest('algorithm=MD5-sess, qop=auth')],
})) {
  test(`${name} is answered, and a wrong password is told at once and asked for no further`, async () => {
    camera.challenges = challenges;
    camera.password = 'another';
    const cameras = follow(`user = "${USER}"
password_file = "password"
patience = 60`);
    await expect.poll(() => problems.get('source Pier north')).toContain('refuses user or password (401)');
    expect(camera.askedAt).toHaveLength(2);
    camera.password = PASSWORD;
    sources.follow(cameras);
    await expect.poll(kept).toHaveLength(1);
    expect([...camera.schemes]).toEqual([challenges.at(-1)!.split(' ')[0]]);
    await expect.poll(() => solved).toEqual(['source Pier north']);
    expect(told.join()).not.toContain(PASSWORD);
  });
}

test('pictures that are old enough go when they are scored; other files and what is not scored stay', async () => {
  const old = [
    '20200101-120000-PIER-NORTH.jpg',
    '20200101-120000-PIER-NORTH-2.jpg',
    '20200102-120000-PIER-NORTH.jpg',
  ];
  const others = ['20200101-120000-PIER.jpg', 'notes.jpg'];
  mkdirSync(join(folder, PICTURES), { recursive: true });
  const half = '.20200103-120000-PIER-NORTH.jpg.part';
  for (const name of [...old, ...others, half]) writeFileSync(join(folder, PICTURES, name), name);
  for (const name of [...old.slice(0, 2), ...others]) scored.add(join(folder, PICTURES, name));
  follow('keep_days = 30');
  const fetched: unknown = expect.stringMatching(/^\d{8}-\d{6}-PIER-NORTH\.jpg$/);
  await expect.poll(kept).toEqual([others[0], old[2], fetched, others[1]]);
});

test('at given times it waits for the next of them', async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString().slice(11, 16);
  const [settings] = follow(`at = ["${soon}"]`);
  expect(settings?.fetch?.at).toEqual([(Number(soon.slice(0, 2)) * 60 + Number(soon.slice(3))) * 60_000]);
  follow('', 'time_zone = "Europe/Madrid"');
  // Names that state their zone hold in any.
  await expect.poll(kept).toEqual([expect.stringMatching(/^\d{8}-\d{6}Z-PIER-NORTH\.jpg$/)]);
});

test('a station scores what comes from an address with a password, through stalls, lies, a kill and a frozen camera @long', async () => {
  test.setTimeout(240_000);
  const run = new StationRun();
  try {
    camera.challenges = [digest('algorithm=SHA-256, qop="auth"')];
    camera.instead = (response) => void response.writeHead(200).write('half');
    writeFileSync(join(run.folder, 'password'), `${PASSWORD}\n`);
    const subjects = join(run.folder, 'told.txt');
    writeFileSync(subjects, '');
    await run.configure(`
[alerts]
least_disk_mb = 1
[alerts.command]
run = ["/bin/sh", "-c", "echo $PORTHOLE_SUBJECT >> ${subjects}"]
[[camera]]
name = "Pier"
source = "${camera.address}"
reference = "${DEMO}reference"
[camera.fetch]
every = 0.2
timeout = 1
patience = 0.02
frozen_after = 40
user = "${USER}"
password_file = "password"
`);
    const failed = 'Pier: no picture comes from';
    const alerts = () => readFileSync(subjects, 'utf8').split('\n').slice(0, -1);
    run.start();
    await expect.poll(() => alerts().length, { timeout: 90_000 }).toBe(1);
    camera.instead = null;
    await expect.poll(() => run.lines.length, { timeout: 90_000 }).toBe(1);
    await expect.poll(() => alerts().length, { timeout: 60_000 }).toBe(2);
    for (const [i, text] of ['second', 'third', 'fourth'].entries()) {
      camera.picture = pictureWith(i + 1, text);
      if (i === 1) {
        await run.end('SIGKILL');
        run.start();
      }
      await expect.poll(() => run.lines.length, { timeout: 90_000 }).toBe(i + 2);
    }
    await expect.poll(() => alerts().length, { timeout: 60_000 }).toBe(3);
    camera.picture = pictureWith(5, 'last');
    await expect.poll(() => alerts().length, { timeout: 60_000 }).toBe(4);
    await expect.poll(() => run.lines.length, { timeout: 90_000 }).toBe(5);
    expect(await run.end()).toBe(0);
    const [first, second, third, fourth] = alerts();
    expect(first).toContain(failed);
    expect(second).toContain(`Over: ${failed}`);
    expect(third).toContain('Pier: frozen source');
    expect(fourth).toContain('Over: Pier: frozen source');
    for (const { image_name } of run.lines) expect(image_name).toMatch(/^\d{8}-\d{6}-PIER(-\d)?\.jpg$/);
    const logs = join(run.folder, 'data', 'log');
    const texts = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
    for (const text of [run.output, ...texts]) {
      expect(text).not.toContain(PASSWORD.slice(0, 4));
      expect(text).not.toContain('size=full');
    }
  } finally {
    await run.remove();
  }
});
