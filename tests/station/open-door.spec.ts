/** `[door] open = true` and `[station] sandbox = false`: what they let in, what they don't, and who is told. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { readConfig } from '../../scripts/station/config.mjs';
import { openDoor } from '../../scripts/station/door.mjs';
import { DEMO, StationRun } from './station-run';

const SCRIPT = fileURLToPath(new URL('../../scripts/station.mjs', import.meta.url));
const ELSEWHERE = 'module.example';

/** A door that answers all that it lets in. */
async function openTo(more: { open?: boolean; tell_token?: string; hosts?: readonly string[] }) {
  const limits = { host: '127.0.0.1', port: 0, token: null, most_mb: 1, per_minute: 1000, ...more };
  const door = await openDoor(limits, async () => ({ body: '{}' }));
  const { port } = new URL(door.address);
  return {
    async status(path: string, headers: Record<string, string> = {}, method = 'GET') {
      const sent = request({
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: { host: ELSEWHERE, ...headers },
      });
      sent.end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    },
    [Symbol.asyncDispose]: () => door.close(),
  };
}

test('an open door answers under own names, addresses and those of the configuration, by any port', async () => {
  const unguessed = 'api-0f5e8a3c-cf6b-11f0-9d4b-0242ac120002';
  await using open = await openTo({ open: true, hosts: [ELSEWHERE, 'reef.example:8443', `${unguessed}.*`] });
  await using closed = await openTo({});
  const elsewhere = ['localhost:49153', '192.0.2.1', '[2001:db8::1]:80', hostname()];
  const named = [ELSEWHERE, `${ELSEWHERE}:80`, 'reef.example:8443', `${unguessed}.node.example`];
  for (const host of [...elsewhere, ...named]) {
    expect(await open.status('/v2/', { host }), host).toBe(200);
    expect(await closed.status('/v2/', { host }), host).toBe(403);
  }
  for (const host of ['evil.example', 'reef.example', `x${unguessed}.node.example`, `evil.${ELSEWHERE}`])
    expect(await open.status('/v2/', { host }), host).toBe(403);
});

test('an open door takes links and its own pages behind a proxy, but no other page in a browser', async () => {
  await using open = await openTo({ open: true, hosts: [ELSEWHERE] });
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(await open.status('/api', link)).toBe(200);
  const own = { origin: `https://${ELSEWHERE}`, 'sec-fetch-site': 'same-origin' };
  expect(await open.status('/v2/', own, 'POST')).toBe(200);
  expect(await open.status('/v2/', link, 'POST')).toBe(403);
  for (const foreign of [{ origin: 'https://other.example' }, { 'sec-fetch-site': 'cross-site' }])
    expect(await open.status('/v2/', foreign, 'POST'), JSON.stringify(foreign)).toBe(403);
});

test('people tell at an open door with the token and under named names alone', async () => {
  await using open = await openTo({ open: true, tell_token: 'a token for people', hosts: [ELSEWHERE] });
  const authorization = 'Bearer a token for people';
  expect(await open.status('/tell/Pier', {}, 'POST')).toBe(401);
  expect(await open.status('/tell/Pier', { authorization }, 'POST')).toBe(200);
  for (const host of ['localhost', '192.0.2.1', hostname()])
    expect(await open.status('/tell/Pier', { authorization, host }, 'POST')).toBe(403);
});

test('an address that others can reach needs a token or the word open, not both, and is never open by itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-open-'));
  const read = (door: string) => {
    const path = join(folder, 'station.toml');
    writeFileSync(
      path,
      `[station]\ndata = "data"\n[door]\n${door}\n[[camera]]\nname = "Pier"\nfolder = "camera"\nreference = "${DEMO}reference"\n`,
    );
    return readConfig(path).door;
  };
  try {
    writeFileSync(join(folder, 'token'), 'a-secret\n', { mode: 0o600 });
    for (const host of ['0.0.0.0', '192.0.2.1', '[::]']) {
      const listen = `listen = "${host}:5000"`;
      for (const closed of ['', 'open = false'])
        expect(() => read(`${listen}\n${closed}`), host).toThrow('so a token_file is needed');
      expect(read(`${listen}\nopen = true`)).toMatchObject({ open: true, token: null });
      expect(read(`${listen}\ntoken_file = "token"`)).toMatchObject({ open: false, token: 'a-secret' });
    }
    expect(read('')).toMatchObject({ open: false, token: null });
    expect(() => read('open = true\ntoken_file = "token"')).toThrow('an open door asks for no token');
    expect(() => read('open = "yes"')).toThrow('door.open');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('log, --check and wall say that the door is open and that there is no sandbox @long', async () => {
  test.setTimeout(180_000);
  const run = new StationRun();
  const wall = join(run.folder, 'www', 'index.html');
  const check = () =>
    spawnSync(process.execPath, [SCRIPT, '--config', join(run.folder, 'station.toml'), '--check'], {
      encoding: 'utf8',
    });
  const configure = async (station: string, door: string) =>
    run.configure(
      `${station}[door]\nlisten = "127.0.0.1:${await freePort()}"\n${door}[wall]\nfolder = "www"\nexports = false\n[[camera]]\nname = "Pier"\nfolder = "camera"\nreference = "${DEMO}reference"\n`,
    );
  const open = 'Unprotected: The door is open';
  const bare = 'Unprotected: Chromium has no sandbox';
  try {
    mkdirSync(join(run.folder, 'camera'));
    await configure('', '');
    expect(check()).toMatchObject({ status: 0, stdout: expect.not.stringContaining('Unprotected') });

    await configure('language = "es"\nsandbox = false\n', 'open = true\nhosts = ["reef.example"]\n');
    const { status, stdout } = check();
    expect(status).toBe(0);
    const names = `for everybody, under localhost, 127.0.0.1, [::1], ${hostname()}, reef.example, IP addresses.`;
    for (const said of [names, open, bare]) expect(stdout).toContain(said);

    run.start();
    await expect.poll(() => existsSync(wall), { timeout: 120_000 }).toBe(true);
    expect(run.output).toContain(names);
    expect(run.logged('door')).toMatchObject([{ hosts: ['reef.example'], proxies: [] }]);
    for (const said of [open, bare]) {
      expect(run.output).toContain(said);
      expect(run.logged('note').map(({ sentence }) => String(sentence))).toContainEqual(
        expect.stringContaining(said),
      );
    }
    const html = readFileSync(wall, 'utf8');
    expect(html.match(/<p class="unguarded">/g)).toHaveLength(2);
    expect(html).toMatch(/puerta de esta estación está abierta[^]*sin su entorno aislado/);
    expect(await run.end()).toBe(0);
  } finally {
    await run.remove();
  }
});
