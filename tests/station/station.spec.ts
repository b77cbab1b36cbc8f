import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readConfig } from '../../scripts/station/config.mjs';
import { blocksOf } from '../markdown';
import { startStandIn } from '../stand-in/server';
import { DEMO, PICTURES, StationRun } from './station-run';

/** A camera of the demo's pictures whose folder is empty. */
async function demoStation(run: StationRun): Promise<string> {
  const folder = join(run.folder, 'camera');
  mkdirSync(folder);
  await run.configure(`
[[camera]]
name = "Demo"
folder = "camera"
reference = "${DEMO}reference"
`);
  return folder;
}

function bring(names: readonly string[], folder: string): void {
  for (const name of names) copyFileSync(join(DEMO, 'snapshots', name), join(folder, name));
}

const told = (run: StationRun) =>
  run.lines.map(({ image_name, distance, verdict, conclusion }) => ({
    image_name,
    distance,
    verdict,
    conclusion,
  }));

test('through kills, a folder that goes and a restart each snapshot is scored once, as if nothing had happened @long', async () => {
  test.setTimeout(240_000);
  test.skip(!existsSync('/proc'), 'the browser is found and ended by /proc, which this system lacks');
  const calm = new StationRun();
  const stormy = new StationRun();
  try {
    bring(PICTURES, await demoStation(calm));
    calm.start();
    await expect.poll(() => calm.lines.length, { timeout: 90_000 }).toBe(PICTURES.length);
    expect(await calm.end()).toBe(0);

    const folder = await demoStation(stormy);
    stormy.start();
    await expect.poll(() => stormy.output, { timeout: 60_000 }).toContain('Ready after');
    const part = (from: number, to: number) => PICTURES.slice(from, to);
    bring(part(0, 20), folder);
    await expect.poll(() => stormy.lines.length, { timeout: 60_000 }).toBeGreaterThan(0);
    expect(stormy.killBrowser()).toBe(true);
    bring(part(20, 40), folder);
    await expect.poll(() => stormy.lines.length, { timeout: 60_000 }).toBe(40);
    renameSync(folder, `${folder}-gone`);
    await expect.poll(() => stormy.output, { timeout: 60_000 }).toContain('can’t be read'.replace('’', "'"));
    bring(part(40, 60), `${folder}-gone`);
    renameSync(`${folder}-gone`, folder);
    await expect.poll(() => stormy.lines.length, { timeout: 60_000 }).toBeGreaterThan(40);
    // The station itself, as by a power cut.
    expect(await stormy.end('SIGKILL')).toBeNull();
    bring(part(60, PICTURES.length), folder);
    stormy.start();
    await expect.poll(() => stormy.lines.length, { timeout: 60_000 }).toBeGreaterThan(65);
    stormy.killBrowser();
    await expect
      .poll(() => new Set(stormy.lines.map(({ image_name }) => image_name)).size, { timeout: 90_000 })
      .toBe(PICTURES.length);
    expect(await stormy.end('SIGINT')).toBe(0);
    expect(told(stormy)).toEqual(told(calm));
  } finally {
    await calm.remove();
    await stormy.remove();
  }
});

test('a configuration that can’t be used ends it at once, with every mistake and its place', async () => {
  const run = new StationRun();
  try {
    writeFileSync(join(run.folder, 'station.toml'), '[station]\ndata = ""\nprot = 8000\n');
    run.start();
    expect(await run.ended).toBe(2);
    for (const place of ['station.data', 'station.prot', 'camera']) expect(run.output).toContain(place);
    writeFileSync(join(run.folder, 'station.toml'), '[station\n');
    run.start();
    expect(await run.ended).toBe(2);
    expect(run.output).toContain('line 1');
  } finally {
    await run.remove();
  }
});

test('the examples of docs/station-reference.md and docs/pager.md can be used as they stand', () => {
  const example = blocksOf('docs/station-reference.md', 'toml')[0]!;
  const run = new StationRun();
  // Commented keys are meant to be used too, but for a certificate, which would have to be a real one.
  writeFileSync(join(run.folder, 'station.toml'), example.replace(/^# (?=\w+ = )(?!certificate|key)/gm, ''));
  for (const name of ['pier-north', 'pier-south']) {
    mkdirSync(join(run.folder, 'references', name), { recursive: true });
    bring(PICTURES.slice(0, 1), join(run.folder, 'references', name));
  }
  for (const [i, name] of ['token', 'tell-token', 'smtp-password', 'camera-password'].entries())
    writeFileSync(join(run.folder, name), `a secret of its own ${String(i)}`, { mode: 0o600 });
  try {
    expect(readConfig(join(run.folder, 'station.toml'))).toMatchObject({
      port: 8791,
      door: { token: 'a secret of its own 0', tell_token: 'a secret of its own 1' },
      wall: { folder: join(run.folder, 'www') },
    });
    writeFileSync(join(run.folder, 'station.toml'), blocksOf('docs/pager.md', 'toml')[0]!);
    expect(readConfig(join(run.folder, 'station.toml'))).toMatchObject({
      name: 'reef',
      door: { port: 5000 },
    });
  } finally {
    rmSync(run.folder, { recursive: true });
  }
});

test('a mytoken that its server replaces with each use is kept in its file, and the next start goes on with it @long', async () => {
  test.setTimeout(180_000);
  const run = new StationRun();
  const standIn = await startStandIn({ cors: true, rateLimit: null });
  const file = join(run.folder, 'mytoken');
  try {
    const { mytoken } = standIn.newMytoken({ isRegistered: true, rotation: true });
    writeFileSync(file, mytoken, { mode: 0o600 });
    const folder = join(run.folder, 'camera');
    mkdirSync(folder);
    await run.configure(
      `[driftwatch]\naddress = "${standIn.driftwatch.origin}"\nmytoken_server = "${standIn.mytoken.url}"\ntoken_file = "mytoken"\n[[camera]]\nname = "Demo"\nfolder = "camera"\nreference = "${DEMO}reference"\nexperiment = "Demo"\n`,
    );
    const sent = () => standIn.experiments().flatMap(({ id }) => standIn.records(id)).length;
    for (const [i, name] of PICTURES.slice(0, 2).entries()) {
      const before = readFileSync(file, 'utf8').trim();
      run.start();
      bring([name], folder);
      await expect.poll(sent, { timeout: 60_000 }).toBe(i + 1);
      expect(await run.end()).toBe(0);
      expect(readFileSync(file, 'utf8').trim()).not.toBe(before);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    expect(run.logged('problem')).toEqual([]);
  } finally {
    await run.remove();
    await standIn.close();
  }
});
