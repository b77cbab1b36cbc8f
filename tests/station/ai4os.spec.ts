/**
 * The module of the AI4OS hub as the hub checks it: the image's files, run by the image's user with an empty storage, and
 * the requests of check-artifact (ai4os/ai4os-hub-check-artifact, 13dbecd2).
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { MODULE, packModule, packTree, said, shippedStage } from './container';
import { DEMO, PICTURES } from './station-run';

const IS_ROOT = process.getuid?.() === 0;
/** An answer is asked for ten seconds after the start, and four times again in ten each. */
const WITHIN = 50_000;
/** As Nomad tells it to the container, and Traefik to whoever asks: etc/modules/nomad.hcl of ai4os/ai4-papi, 0462ee03. */
const DEPLOYMENT = '0f5e8a3c-cf6b-11f0-9d4b-0242ac120002';
const PUBLIC_NAME = `api-${DEPLOYMENT}.node-deployments.example`;
const PREDICT = '/v2/models/porthole/predict/';

let top: string;
/** The door's; the page takes the next one, to which the database belongs. */
let port: number;
const at = (...names: string[]) => join(top, ...names);

test.beforeAll(async () => {
  port = await freePort();
  top = mkdtempSync(join(tmpdir(), 'porthole-module-'));
  chmodSync(top, 0o755);
  for (const name of ['porthole', 'bin', 'data', 'storage', 'tmp', 'unused']) mkdirSync(at(name));
  packTree(at('porthole'));
  packModule(at('porthole'), at('bin'));
  if (IS_ROOT) for (const name of ['data', 'tmp', 'unused']) chownSync(at(name), user(), user());
});
test.afterAll(() => {
  rmSync(top, { recursive: true, force: true });
});

function user(): number {
  return Number(said('USER').split(':')[0]);
}

/** The image's own environment, with this test's folders in place of the image's. */
function environment(more: Record<string, string>) {
  const own = shippedStage(MODULE).flatMap(([name, text]) => (name === 'ENV' ? text.split(' ') : []));
  return {
    PATH: `${at('bin')}:${process.env['PATH']!}`,
    PORTHOLE_CHROMIUM: process.env['PORTHOLE_CHROMIUM'] ?? '',
    HOME: at('tmp'),
    TMPDIR: at('tmp'),
    ...Object.fromEntries(own.map((pair) => pair.split('='))),
    PORTHOLE_DATA: at('data'),
    PORTHOLE_STORAGE: at('storage'),
    DEEPAAS_PORT: String(port),
    ...more,
  };
}

const asUser = IS_ROOT ? { uid: user(), gid: user() } : {};

function run(command: string, args: readonly string[], more: Record<string, string> = {}) {
  const env = environment({ PORTHOLE_DATA: at('unused'), ...more });
  return spawnSync(command, args, { encoding: 'utf8', timeout: 60_000, cwd: at('porthole'), env, ...asUser });
}

/** @param more - variables of the environment */
function start(more: Record<string, string> = {}) {
  const [command, ...args] = JSON.parse(said('CMD', MODULE)) as [string, ...string[]];
  const child = spawn(command, args, { cwd: at('porthole'), env: environment(more), ...asUser });
  const state = { output: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (state.output += String(text)));
  const ended = once(child, 'exit');
  return {
    state,
    async ask(path: string, host = `localhost:${port}`, form?: FormData) {
      const encoded = form && new Response(form);
      const headers = {
        ...{ host, accept: 'application/json' },
        ...(encoded && { 'content-type': encoded.headers.get('content-type')! }),
      };
      const method = form ? 'POST' : 'GET';
      const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false });
      sent.end(encoded && Buffer.from(await encoded.arrayBuffer()));
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      let body = '';
      for await (const part of response) body += String(part);
      return { status: response.statusCode, body };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      const [code] = (await ended) as [number | null];
      expect(code, state.output).toBe(0);
    },
  };
}

function formOf(name: string): FormData {
  const form = new FormData();
  form.set('input_file', new Blob([readFileSync(join(DEMO, 'snapshots', name))]), name);
  return form;
}

test('the hub’s check of a module finds answer, name, author and licence in time, and anybody predicts @long', async () => {
  test.setTimeout(240_000);
  if (!IS_ROOT)
    test.info().annotations.push({ type: 'skip', description: 'another user: only root can be one' });
  const began = performance.now();
  const left = () => ({ timeout: Math.max(1, WITHIN - (performance.now() - began)) });
  const snapshot = join(DEMO, 'snapshots', PICTURES[0]!);
  let predicted: object;
  {
    await using module = start({ NOMAD_JOB_ID: DEPLOYMENT });
    const status = (path: string, host?: string) =>
      module.ask(path, host).then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(() => status('/'), left()).toBe(200);
    const { body } = await module.ask('/v2/models/');
    expect(performance.now() - began, module.state.output).toBeLessThan(WITHIN);
    expect(body).toMatch(/id":/);
    for (const field of ['name', 'author', 'license']) expect(body).toMatch(new RegExp(`${field}.*":`, 'i'));
    expect(body).not.toContain('deepaas-test');
    expect(await status('/models/'), 'of version 1, which is asked for first').toBe(404);

    const answer = await module.ask(PREDICT, PUBLIC_NAME, formOf(basename(snapshot)));
    expect(answer.status, answer.body).toBe(200);
    ({ predictions: predicted } = JSON.parse(answer.body) as { predictions: object });
    expect(predicted).toMatchObject({ drift: false, image_name: basename(snapshot), tags: ['Demo'] });
    // Of a published port, and of the sidecar.
    for (const host of [PUBLIC_NAME, 'localhost:49153', '0.0.0.0:5000'])
      expect(await status('/swagger.json', host), host).toBe(200);
    for (const host of ['evil.example', `evil.${PUBLIC_NAME}`])
      expect(await status('/swagger.json', host), host).toBe(403);
    expect(module.state.output).toContain(`api-${DEPLOYMENT}.*`);
    expect(module.state.output).toContain('Unprotected: The door is open');
    expect(module.state.output).toContain('Unprotected: Chromium has no sandbox');
    expect(module.state.output).toContain('those of Porthole');
  }

  await test.step('deepaas-cli gives the door’s answer, on its output and in a file', async () => {
    const file = at('data', 'out', 'answer.json');
    const options = ['--deepaas_method_output', file, 'predict', '--input_file', snapshot];
    const { status, stdout, stderr } = run('deepaas-cli', options);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual(predicted);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(predicted);
    expect(stderr).not.toContain('{');
  });

  await test.step('a reference in the storage is a camera of its own, with the state of before', async () => {
    cpSync(join(DEMO, 'reference'), at('storage', 'reference'), { recursive: true });
    await using module = start({ DEEPAAS_V2_MODEL: 'drift-module', PORTHOLE_HOST: 'drift.example' });
    await expect.poll(() => module.state.output, { timeout: 90_000 }).toContain('Ready after');
    expect(module.state.output).toContain('Camera: set up with');
    expect(module.state.output).not.toMatch(/Demo: set up|those of Porthole/);
    const path = '/v2/models/drift-module/predict/';
    expect((await module.ask(path, PUBLIC_NAME)).status, 'elsewhere than on the hub').toBe(403);
    const answer = await module.ask(path, 'drift.example', formOf(PICTURES[1]!));
    expect(JSON.parse(answer.body)).toMatchObject({ predictions: { tags: ['Camera'] } });
    const aged = async () => {
      const { cameras } = JSON.parse((await module.ask('/health')).body) as {
        cameras: { name: string; last_snapshot_age_s: number | null }[];
      };
      return cameras.filter(({ last_snapshot_age_s: age }) => age !== null).map(({ name }) => name);
    };
    // The demo's has what it had before the restart.
    await expect.poll(aged, { timeout: 90_000 }).toEqual(['Demo', 'Camera']);
  });
});

test('what the module’s commands can’t do they refuse in a sentence, and start nothing @long', () => {
  for (const editor of ['--jupyter', '-j', '--vscode', '-s']) {
    const { status, stderr } = run('deep-start', [editor]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^--(jupyter|vscode) is not offered: .+\.\n$/),
    ]);
  }
  const closed = run('deep-start', [], { DISABLE_AUTHENTICATION_AND_ASSUME_AUTHENTICATED_USER: 'no' });
  expect([closed.status, closed.stderr]).toEqual([2, expect.stringContaining('so a token_file is needed')]);
  mkdirSync(at('barred'), { mode: 0o555 });
  const barred = run('deep-start', [], { PORTHOLE_DATA: at('barred') });
  expect([barred.status, barred.stderr]).toEqual([
    1,
    expect.stringMatching(/barred can't be written by user \d+/),
  ]);

  const text = at('tmp', 'text.jpg');
  cpSync(join(DEMO, 'config.toml'), text);
  for (const [args, why] of [
    [['predict'], '--input_file: Missing data for required field.'],
    [['predict', '--input_file', text, '--drift_distance', '-1'], '--drift_distance'],
    [
      ['predict', '--input_file', text, '--drift_distance=3'],
      '--drift_distance: Must be less than or equal to',
    ],
    [['predict', '--input_file', at('none.jpg')], 'There is no file'],
    [['train'], 'deepaas-cli ['],
    [['predict', '--input_file', text], 'Nothing was predicted.'],
  ] as const) {
    const { status, stdout, stderr } = run('deepaas-cli', args);
    expect([status, stdout, stderr], args.join(' ')).toEqual([2, '', expect.stringContaining(why)]);
  }
  expect(readdirSync(at('unused')), 'what was refused after the configuration was written').not.toContain(
    'profile',
  );
});
