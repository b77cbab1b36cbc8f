import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { chromium, expect, test, type Page } from '@playwright/test';
import { browserLaunchOptions } from '../../scripts/browser.mjs';
import { freePort } from '../../scripts/free-port.mjs';
import { openDoor } from '../../scripts/station/door.mjs';
import type { CameraEvent } from '../../src/core/domain/camera/event';
import { storedIn } from '../journeys/support';
import { DEMO, pictureWith, StationRun } from './station-run';

const DAY = 86_400_000;
const SNAPSHOTS = readdirSync(join(DEMO, 'snapshots')).sort();
const SCRIPT = new URL('../../scripts/station.mjs', import.meta.url).pathname;
/** The token, and the name of its file. */
const TELLS = 'tells-for-people';
const REFUSED = { tell: 'Bearer another', foreign: 'https://example.org' };

/** An address of this computer that is not loopback; null on one that is in no network. */
function outerAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? null;
}

const basic = (token: string) => `Basic ${Buffer.from(`any name:${token}`).toString('base64')}`;

/** The status of a request as it is, with a path and headers that no client puts in order. */
async function statusOf(port: string, path: string, headers: Record<string, string>, method = 'POST') {
  const sent = request({ host: '127.0.0.1', port, path, headers, method });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

async function openPeoplesDoor(host: string) {
  const state = { told: 0 };
  const limits = { host, port: 0, token: 'predicts', tell_token: 'tells', most_mb: 1, per_minute: 1000 };
  const door = await openDoor(limits, async ({ url }) => {
    if (url.pathname.startsWith('/tell/')) state.told += 1;
    return { body: '{}' };
  });
  return {
    state,
    port: new URL(door.address).port,
    [Symbol.asyncDispose]: () => door.close(),
  };
}

test('each token opens its own addresses, and a page of another website none', async () => {
  await using door = await openPeoplesDoor('127.0.0.1');
  const address = `http://127.0.0.1:${door.port}`;
  const ask = (path: string, headers: Record<string, string>, method?: string) =>
    statusOf(door.port, path, headers, method);
  expect(await ask('/tell/Pier', {})).toBe(401);
  for (const authorization of [
    'Bearer predicts',
    'Bearer ',
    basic('predicts'),
    basic(''),
    'Basic !',
    'tells',
  ])
    expect(await ask('/tell/Pier', { authorization }), authorization).toBe(401);
  for (const authorization of ['Bearer tells', basic('tells')]) {
    for (const foreign of [
      { origin: 'https://example.org' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect(await ask('/tell/Pier', { authorization, ...foreign }), JSON.stringify(foreign)).toBe(403);
    expect(door.state.told).toBe(0);
    expect(await ask('/v2/', { authorization })).toBe(401);
    expect(await ask('/telling', { authorization })).toBe(401);
    expect(await ask('/tell/../v2/', { authorization })).toBe(401);
    // A link in a mail may be followed, but not fetched by a script.
    const visit = { authorization, 'sec-fetch-site': 'cross-site' };
    expect(await ask('/wall', { ...visit, 'sec-fetch-mode': 'navigate' }, 'GET')).toBe(200);
    expect(await ask('/wall', { ...visit, 'sec-fetch-mode': 'no-cors' }, 'GET')).toBe(403);
    expect(await ask('/tell/Pier', { ...visit, 'sec-fetch-mode': 'navigate' })).toBe(403);
  }
  // Dots lead past no token.
  for (const path of ['/v2/../tell/Pier', '/v2/%2e%2e/tell/Pier', '/./tell/Pier'])
    expect(await ask(path, { authorization: 'Bearer predicts' }), path).toBe(401);
  expect(door.state.told).toBe(0);
  expect(await ask('/tell/Pier', { authorization: basic('tells'), origin: address })).toBe(200);
  expect(await ask('/tell/Pier', { authorization: 'Bearer tells' })).toBe(200);
  expect(await ask('/v2/', { authorization: 'Bearer predicts' }, 'GET')).toBe(200);
  expect(door.state.told).toBe(2);
});

test('nobody tells anything over plain HTTP from another address', async () => {
  const outer = outerAddress();
  test.skip(outer === null, 'this computer has no address but loopback');
  await using door = await openPeoplesDoor('0.0.0.0');
  const tell = (host: string) =>
    fetch(`http://${host}:${door.port}/tell/Pier`, {
      method: 'POST',
      headers: { authorization: 'Bearer tells' },
    });
  const answer = await tell(outer!);
  expect(answer.status).toBe(403);
  expect(await answer.json()).toEqual({ error: expect.stringContaining('Telling needs HTTPS') });
  expect(door.state.told).toBe(0);
  expect((await tell('127.0.0.1')).status).toBe(200);
  expect(door.state.told).toBe(1);
});

/** A certificate that signs itself, for a name that this computer is not asked by. @returns whether openssl is here */
function makeCertificate(folder: string): boolean {
  const subject = ['-subj', '/CN=reef.example', '-days', '2', '-keyout', 'key.pem', '-out', 'door.pem'];
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], {
    cwd: folder,
  });
  return made.status === 0;
}

interface Standing {
  readonly name: string;
  readonly verdict: string;
  readonly seen: { readonly who: string; readonly until: string; readonly note: string } | null;
}

test('people tell a station at work by terminal, wall and program, each event once, and it judges again @long', async () => {
  test.setTimeout(300_000);
  const run = new StationRun();
  const browser = await chromium.launch(browserLaunchOptions());
  try {
    const [folder, www, toml] = ['camera', 'www', 'station.toml'].map((name) => join(run.folder, name)) as [
      string,
      string,
      string,
    ];
    mkdirSync(folder);
    const isSecure = makeCertificate(run.folder);
    if (!isSecure) test.info().annotations.push({ type: 'skip', description: 'HTTPS: there is no openssl' });
    const port = await freePort();
    const subjects = join(run.folder, 'subjects.txt');
    writeFileSync(subjects, '');
    const reminders = () =>
      readFileSync(subjects, 'utf8')
        .split('\n')
        .filter((line) => /Still so/.test(line));
    for (const token of ['predicts', TELLS]) writeFileSync(join(run.folder, token), token, { mode: 0o600 });
    await run.configure(`[door]
listen = "127.0.0.1:${port}"
token_file = "predicts"
tell_token_file = "${TELLS}"
${isSecure ? 'certificate = "door.pem"\nkey = "key.pem"' : ''}
[wall]
folder = "www"
exports = false
[alerts]
least_disk_mb = 1
reminders = "daily"
[alerts.command]
run = ["/bin/sh", "-c", "echo $PORTHOLE_SUBJECT >> ${subjects}"]
[[camera]]
name = "Pier no. 1"
folder = "camera"
reference = "${DEMO}reference"
`);
    // The demo's fortnight until its lens is fouled, as if that were now.
    const names = SNAPSHOTS.slice(0, 53);
    const takenAt = (name: string) =>
      Date.parse(name.replace(/^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d).*/, '$1-$2-$3T$4:$5:$6Z'));
    const newest = Math.floor(Date.now() / 60_000 - 30) * 60_000;
    const later = newest - takenAt(names.at(-1)!);
    const bring = (picture: Buffer, at: number) => {
      const time = new Date(at)
        .toISOString()
        .replace(/[-:]|\..*/g, '')
        .replace('T', '-');
      writeFileSync(join(folder, `${time}-PIER.jpg`), picture);
      utimesSync(join(folder, `${time}-PIER.jpg`), 0, 0);
    };
    for (const name of names) bring(readFileSync(join(DEMO, 'snapshots', name)), takenAt(name) + later);
    run.moveClock(0);
    run.start();
    const standing = () => {
      const text = readFileSync(join(www, 'wall.json'), 'utf8');
      return (JSON.parse(text) as { cameras: readonly Standing[] }).cameras[0]!;
    };
    await expect.poll(() => run.lines.length, { timeout: 120_000 }).toBe(names.length);
    await expect.poll(() => standing().verdict, { timeout: 60_000 }).toBe('drift');
    const before = standing();

    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      httpCredentials: { username: 'Pep', password: TELLS },
      viewport: { width: 1280, height: 800 },
    });
    const address = `http${isSecure ? 's' : ''}://127.0.0.1:${port}`;
    const api = context.request;
    const post = async (said: unknown, headers: Record<string, string> = {}, camera = 'Pier%20no.%201') => {
      const answer = await api.post(`${address}/tell/${camera}`, {
        headers: { authorization: `Bearer ${TELLS}`, 'content-type': 'application/json', ...headers },
        data: typeof said === 'string' ? Buffer.from(said) : said,
      });
      return { status: answer.status(), body: (await answer.json()) as Record<string, unknown> };
    };

    await test.step('what is wrong is refused with a sentence, and changes nothing', async () => {
      const cleaned = { kind: 'cleaned' };
      const wrong: readonly [number, RegExp, ...Parameters<typeof post>][] = [
        [401, /token of tell_token_file/, cleaned, { authorization: REFUSED.tell }],
        [401, /token of tell_token_file/, cleaned, { authorization: 'Bearer predicts' }],
        [403, /other websites/, cleaned, { origin: REFUSED.foreign }],
        [404, /no camera Pier\. There are: Pier no\. 1\./, cleaned, {}, 'Pier'],
        [400, /JSON object/, '{'],
        [400, /JSON object/, cleaned, {}, '%E0%A4%A'],
        [400, /“kind” can’t be used.*cleaned, clean, seen, scene/, []],
        [400, /“kind” can’t be used/, 'null'],
        [400, /“kind” can’t be used/, { kind: 'polished' }],
        [400, /“at” can’t be used\. It is a time/, { ...cleaned, at: '2026-02-30' }],
        [400, /“at” can’t be used/, { ...cleaned, at: 'yesterday' }],
        [400, /in the future/, { ...cleaned, at: new Date(Date.now() + DAY).toISOString() }],
        [400, /“notes” can’t be used/, { ...cleaned, notes: 'brush' }],
        [400, /come already/, { kind: 'seen', until: '2020-01-01' }],
        [400, /“until” can’t be used/, { kind: 'seen' }],
        [400, /Nothing is asked/, { kind: 'scene', answer: 'on-glass' }],
        [400, /“answer” can’t be used.*in-scene, on-glass, unknown/, { kind: 'scene', answer: 'yes' }],
        [400, /“cells” can’t be used/, { kind: 'mask', cells: [511] }],
        [400, /“thresholds\.drfit” can’t be used/, { kind: 'settings', thresholds: { drfit: 1 } }],
        [400, /must be below|limit/i, { kind: 'settings', thresholds: { warning: 1, drift: 0.5 } }],
      ];
      for (const [status, told, ...asked] of wrong) {
        const answer = await post(...asked);
        expect([answer.status, answer.body['error']], JSON.stringify(asked)).toEqual([
          status,
          expect.stringMatching(told),
        ]);
      }
      expect(run.logged('told')).toEqual([]);
      expect(standing()).toEqual(before);
      expect(run.lines).toHaveLength(names.length);
      expect(run.logged('snapshot')).toHaveLength(names.length);
    });

    const page = await context.newPage();
    await test.step('seen by the wall’s form pauses reminders until its day', async () => {
      await page.goto(`${address}/wall`);
      expect(await page.locator('script').count()).toBe(0);
      await accessible(page);
      await page.getByText('Diver booked, or remind me').click();
      const form = page.getByRole('form', { name: 'Diver booked, or remind me: Pier no. 1' });
      await form.getByLabel('Who comes?').fill('Pep');
      const until = new Date(Date.now() + 5 * DAY).toISOString().slice(0, 10);
      await form.getByLabel('When?').fill(until);
      await form.getByLabel('Note').fill('from the "boat" <b>');
      await form.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByRole('status')).toHaveText(
        'Pier no. 1: it is noted. The verdict is “Clean the lens” now.',
      );
      await expect(page.locator('.tag.seen')).toContainText('Diver booked');
      await expect
        .poll(() => standing().seen)
        .toMatchObject({ who: 'Pep', until, note: 'from the "boat" <b>' });
      expect(readFileSync(join(www, 'index.html'), 'utf8')).not.toContain('<form');
      // Sent again by the Back button: the same word, once.
      await page.goBack();
      await page.getByText('Diver booked, or remind me').click();
      await form.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByRole('status')).toContainText('it is noted');
      expect(run.logged('told')).toHaveLength(1);

      const after = async (days: number, picture: Buffer) => {
        run.moveClock(days * DAY);
        await expect.poll(() => run.output).toContain(`The clock is wrong by ${days * DAY} ms.`);
        const count = run.lines.length;
        bring(picture, newest + days * DAY);
        await expect.poll(() => run.lines.length, { timeout: 60_000 }).toBe(count + 1);
      };
      await after(2, pictureWith(52, 'two'));
      expect(reminders()).toEqual([]);
      await after(6, pictureWith(52, 'six'));
      await expect.poll(reminders).toHaveLength(1);
    });

    const terminal = async (...args: readonly string[]) => {
      const command = [SCRIPT, 'tell', ...args, '--config', toml];
      const child = spawn(process.execPath, command, { env: { ...process.env, TZ: 'Asia/Tokyo' } });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => (output += String(text)));
      const code = await new Promise((resolve) => child.once('exit', resolve));
      return { code, output };
    };
    await test.step('settings and a mask judge again, and each line that says something else is told', async () => {
      const file = (name: string, value: unknown) => {
        writeFileSync(join(run.folder, name), JSON.stringify(value));
        return join(run.folder, name);
      };
      const corrected = () => run.logged('snapshot').filter((line) => line['corrected']).length;
      const settings = file('settings.json', { detector: { windowSize: 6 }, deployment: { depth: 20 } });
      expect(await terminal('Pier no. 1', 'settings', settings)).toMatchObject({ code: 0 });
      const told = corrected();
      expect(told).toBeGreaterThan(0);
      const mask = file('mask.json', { cells: Array.from({ length: 60 }, (_, i) => i) });
      expect(await terminal('Pier no. 1', 'mask', mask)).toMatchObject({ code: 0 });
      const masked = corrected();
      expect(masked).toBeGreaterThan(told);
      for (const again of [['settings', settings] as const, ['mask', mask] as const])
        expect(await terminal('Pier no. 1', ...again)).toMatchObject({ code: 0 });
      expect(corrected()).toBe(masked);
      expect(run.logged('told').map(({ said }) => (said as { kind: string }).kind)).toEqual([
        'seen',
        'settings',
        'mask',
      ]);
      const blind = file('blind.json', { thresholds: { drift: 5000 } });
      expect(await terminal('Pier no. 1', 'settings', blind)).toMatchObject({ code: 1 });
      expect(await terminal('Pier no. 1', 'settings', join(run.folder, 'none.json'))).toMatchObject({
        code: 2,
      });
    });

    await test.step('cleaned by terminal changes the standing, and is stored once', async () => {
      const at = new Date(newest + 6 * DAY + 60_000).toISOString().slice(0, 16);
      for (let i = 0; i < 2; i += 1) {
        const { code, output } = await terminal('Pier no. 1', 'cleaned', '--at', at, '--note', 'brush');
        expect(output).toMatch(/^Pier no\. 1: 6 pictures to go\. The lens was cleaned /);
        expect(code).toBe(0);
      }
      await expect.poll(() => standing().verdict).toBe('warming-up');
      const program = { kind: 'cleaned', id: 'once', note: 'by a program' };
      const [first, second] = [await post(program), await post(program)];
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(second.body).toMatchObject({ name: 'Pier no. 1', verdict: 'warming-up' });
      const other = await post({ ...program, note: 'and again' });
      expect([other.status, other.body['error']]).toEqual([
        409,
        expect.stringMatching(/^Something else was told/),
      ]);
      expect(await terminal('Pier', 'cleaned')).toMatchObject({ code: 1 });
      expect(await terminal('Pier no. 1', 'cleaned', '--until', '2030-01-01')).toMatchObject({
        code: 1,
        output: expect.stringContaining('“until” can’t be used'),
      });
      expect(await terminal('Pier no. 1', 'polished', 'twice')).toMatchObject({ code: 2 });
    });

    expect(await run.end()).toBe(0);
    expect(await terminal('Pier no. 1', 'cleaned')).toMatchObject({
      code: 1,
      output: expect.stringContaining('Is it at work?'),
    });
    expect(run.output).not.toContain(TELLS);
    const stored = await storedEvents(run);
    expect(stored.map(({ kind, note }) => [kind, note])).toEqual([
      ['seen', 'from the "boat" <b>'],
      ['cleaned', 'brush'],
      ['cleaned', 'by a program'],
    ]);
  } finally {
    await browser.close();
    await run.remove();
  }
});

async function accessible(page: Page): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const fold of await page.locator('summary').all()) await fold.click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    for (const fold of await page.locator('summary').all()) await fold.click();
  }
}

/** The events in the profile of a station that has ended, by their times. */
async function storedEvents(run: StationRun): Promise<readonly CameraEvent[]> {
  run.start('--serve');
  await expect.poll(() => run.output).toContain('--user-data-dir=');
  const [, profile = '', address = ''] = /--user-data-dir=(\S+) (\S+)/.exec(run.output) ?? [];
  const context = await chromium.launchPersistentContext(profile, browserLaunchOptions());
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(address);
    await page.waitForFunction(() => 'porthole' in globalThis);
    return (await storedIn<CameraEvent>(page, 'events')).sort((a, b) => a.at - b.at);
  } finally {
    await context.close();
    await run.end();
  }
}
