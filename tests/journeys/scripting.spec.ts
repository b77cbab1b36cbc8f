import { expect, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import { handFiles } from '../../scripts/drive.mjs';
import { exportedParts, withDownloads, type Parts } from './exports';
import { check, choose, demo, open, openWithCamera, passTime, read, results, test } from './support';

/** From a clean lens to the cleaning and after it, with the one that can't be read. */
const STREAM = demo.snapshots.filter((path, i) => i % 4 === 0 || path.includes('20260525-12'));

/** The content of a one-camera export, without ids and scoring times: rows as text, arrays by their hash. */
function storedNumbers(parts: Parts): Record<string, string> {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const numbers: Record<string, string> = {};
  for (const [path, bytes] of Object.entries(parts)) {
    const [root, , name = ''] = path.split('/');
    if (root !== 'cameras' || !/^(jobs|reference|embeddings|sights)/.test(name)) continue;
    if (name.endsWith('.npz')) {
      for (const [member, array] of Object.entries(unzipSync(bytes))) {
        if (member !== 'ids.npy') numbers[`${name} ${member}`] = sha256(array);
      }
    } else if (/\.(json|csv)$/.test(name)) {
      numbers[name] = strFromU8(bytes)
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
        .replace(/"createdAt": ?\d+|cameras\/[^/]+/g, '');
    }
  }
  return numbers;
}

test('predict answers as the tutorial’s DEEPaaS module does, and explains itself while the window fills @long', async ({
  page,
}) => {
  await openWithCamera(page);
  expect(await page.evaluate(() => globalThis.porthole.getPredictArgs().drift_distance)).toMatchObject({
    type: 'number',
    default: 0.125,
    minimum: 0,
  });
  expect(await page.evaluate(() => globalThis.porthole.getMetadata())).toMatchObject({
    id: 'porthole',
    name: 'porthole',
    license: 'MIT',
    url: new URL('.', page.url()).href,
  });
  await page.evaluate(() => globalThis.porthole.warm());
  const [normal, fouled] = [demo.snapshots[0] ?? '', demo.snapshots[43] ?? ''];
  expect(await predict(page, normal, 0.125)).toMatchObject({ drift: false, drift_distance: 0.125 });
  // Beside the tutorial's flat answer stands the one of the module that is deployed.
  const deployed = await predict(page, normal, 0.125);
  expect(deployed).toMatchObject({
    drift: false,
    parameters: {
      ...{ distance: deployed.distance, warning: false, link: null },
      ...{ warning_distance: 0.1, drift_distance: 0.125 },
    },
    tags: ['Reef'],
    version: expect.stringMatching(/^\d+\.\d+/),
  });
  // The same snapshot again is not counted again; a lower limit only reads its distance differently.
  const again = await predict(page, normal, 0);
  expect(again.distance).toBe((await predict(page, normal, 0.5)).distance);
  // The answer is the comparison of the distance with the limit that was asked for, strictly.
  const { distance } = await predict(page, fouled, 0.125);
  const limit = Math.max(0, distance ?? -1);
  expect(await predict(page, fouled, limit)).toMatchObject({ drift: false, distance });
  expect(await predict(page, fouled, limit / 2)).toMatchObject({
    drift: (distance ?? 0) > limit / 2,
    distance,
  });
  expect(await results(page)).toHaveLength(2);
});

test('bad arguments give DEEPaaS’s messages, field by field', async ({ page }) => {
  await open(page);
  const messages = (args: string) =>
    page.evaluate(async (args) => {
      const file = new File(['x'], 'x.jpg');
      const values: Record<string, unknown> = {
        missing: {},
        infinite: { input_file: file, drift_distance: Infinity },
        'no number': { input_file: file, drift_distance: NaN },
        beyond: { input_file: file, drift_distance: 1e307 },
        negative: { input_file: file, drift_distance: -1 },
        both: { input_file: 'x.jpg', drift_distance: 'far' },
      };
      try {
        await globalThis.porthole.predict(values[args] as { input_file: Blob });
        return null;
      } catch (error) {
        return { name: (error as Error).name, messages: (error as { messages: unknown }).messages };
      }
    }, args);
  expect(await messages('missing')).toEqual({
    name: 'ValidationError',
    messages: { input_file: ['Missing data for required field.'] },
  });
  expect(await messages('negative')).toEqual({
    name: 'ValidationError',
    messages: { drift_distance: ['Must be greater than or equal to 0.0.'] },
  });
  for (const value of ['infinite', 'no number']) {
    expect(await messages(value)).toEqual({
      name: 'ValidationError',
      messages: { drift_distance: ['Special numeric values (nan or infinity) are not permitted.'] },
    });
  }
  expect(await messages('beyond')).toMatchObject({
    messages: { drift_distance: ['Must be less than or equal to 1.999.'] },
  });
  expect(await messages('both')).toEqual({
    name: 'ValidationError',
    messages: { input_file: ['Not a valid file.'], drift_distance: ['Not a valid number.'] },
  });
  const unwarmed = await page.evaluate(async () => {
    try {
      await globalThis.porthole.predict({ input_file: new File(['x'], 'x.jpg') });
      return '';
    } catch (error) {
      return (error as Error).name;
    }
  });
  expect(unwarmed).toBe('NotWarmedError');
});

test('while the window fills, drift is null and the reason says how far it is @long', async ({ page }) => {
  await open(page);
  await page.evaluate(
    async (bytes) => {
      const files = bytes.map(([name, data]) => new File([new Uint8Array(data)], name));
      await globalThis.porthole.setUpCamera(files, { name: 'Reef', warmUp: 'none' });
    },
    filesFor(demo.reference.slice(0, 24)),
  );
  const first = await predict(page, demo.snapshots[0] ?? '', 0.125);
  expect(first).toMatchObject({ drift: null, distance: null, reason: 'warming up 1/12' });
});

test.describe('npm run score', () => {
  const run = promisify(execFile);
  const script = join(import.meta.dirname, '../../scripts/score.mjs');
  const score = (...args: string[]) => scoreFrom(process.cwd(), ...args);
  const scoreFrom = (folder: string, ...args: string[]) =>
    run(process.execPath, [script, ...args], { env: { ...process.env, INIT_CWD: folder } }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );

  test('sets aside what states no time, says so, and counts the dates of files when it is told @long', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'porthole-'));
    const clean = dirname(demo.reference[0] ?? '');
    const [incoming, state] = [join(folder, 'in'), join(folder, 'state')];
    mkdirSync(incoming);
    for (const [i, path] of STREAM.slice(0, 2).entries()) copyFileSync(path, join(incoming, `IMG_${i}.jpg`));
    const given = ['--snapshots', incoming, '--state', state, '--format', 'jsonl'];
    const first = await score('--reference', clean, ...given);
    expect(first.code, first.stderr).toBe(0);
    const lines = first.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    const aside = { verdict: 'not-checked', distance: null, set_aside: 'time-unknown' };
    expect(lines).toMatchObject([aside, aside]);
    expect(first.stderr).toContain('2 snapshots state no time and were set aside');
    copyFileSync(STREAM[2] ?? '', join(incoming, 'IMG_2.jpg'));
    const second = await score(...given, '--file-dates');
    expect(second.code, second.stderr).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ image_name: 'IMG_2.jpg', verdict: 'normal' });
    expect(second.stderr).toContain('3 snapshots: 3 normal');
  });

  test('prints a line for each snapshot and writes what the page would @long', async ({ page }) => {
    const folder = mkdtempSync(join(tmpdir(), 'porthole-'));
    const [csv, json] = [join(folder, 'out.csv'), join(folder, 'out.json')];
    const clean = dirname(demo.reference[0] ?? '');
    const stream = join(folder, 'demo', 'stream');
    mkdirSync(stream, { recursive: true });
    for (const path of STREAM) copyFileSync(path, join(stream, basename(path)));
    // npm runs a script in the project's folder; a relative path is meant from where the person stands.
    const first = await scoreFrom(
      folder,
      ...['--reference', clean, '--snapshots', stream, '--warm-up', 'reference', '--out', 'out.csv'],
    );
    expect(first.code, first.stderr).toBe(0);
    const lines = first.stdout.split('\n').filter((line) => line.startsWith('2026-'));
    expect(lines).toHaveLength(STREAM.length);
    expect(lines[0]).toMatch(
      /^2026-05-09T07:45:12Z\t20260509-074512-DEMO\.jpg\t-?0\.\d{6}\tnormal\tclear\tgrowth -?0\.\d{6}\tloss -?0\.\d{6}\tcover 0 %\tview same$/,
    );
    expect(first.stdout).toContain(`${STREAM.length} snapshots:`);
    const [header, ...rows] = readFileSync(csv, 'utf8').trim().split('\r\n');
    expect(header).toBe(
      'image_name,captured_at,camera,distance,threshold_warning,threshold_drift,verdict,window_size,sigma,model_sha256,qartod_flag,conclusion,growth,loss,cover,view,qartod_flag_since_onset,oceansites_qc,cycle,qartod_growth,qartod_loss,qartod_view,qartod_gap,qartod_learned',
    );
    expect(rows).toHaveLength(STREAM.length);

    // The configuration finds its snapshots below itself, and scores what is not in the reference.
    cpSync(clean, join(folder, 'demo', 'clean'), { recursive: true });
    copyFileSync(demo.config, join(folder, 'demo', 'config.toml'));
    const second = await score(
      '--reference',
      join(folder, 'demo', 'config.toml'),
      '--out',
      json,
      '--warm-up',
      'none',
      '--window',
      '6',
    );
    expect(second.code, second.stderr).toBe(0);
    const written = JSON.parse(readFileSync(json, 'utf8')) as {
      jobs: { window_size: number; embedding?: number[]; verdict: string }[];
      summary: unknown;
    };
    expect(written.jobs).toHaveLength(STREAM.length);
    expect(written.jobs.slice(0, 6).map((job) => job.verdict === 'warming-up')).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(written.jobs[0]).toMatchObject({ window_size: 6 });
    expect(written.jobs[0]?.embedding).toHaveLength(64);

    // The same distances as in the page, which was given the same warm-up.
    await open(page);
    const given = await handFiles(page, demo.reference);
    await page.evaluate(
      (input) =>
        globalThis.porthole.setUpCamera([...(input.files ?? [])], { name: 'score', warmUp: 'reference' }),
      given,
    );
    await check(page, STREAM);
    expect(await page.evaluate(() => globalThis.porthole.exportResults('csv'))).toBe(
      readFileSync(csv, 'utf8'),
    );
  });

  test('sets a camera up as the page does, with the same reference and start, and stores the same numbers @long', async ({
    page,
  }, info) => {
    await withDownloads(page);
    const folder = mkdtempSync(join(tmpdir(), 'porthole-'));
    const stream = join(folder, 'stream');
    mkdirSync(stream);
    for (const path of STREAM) copyFileSync(path, join(stream, basename(path)));
    const clean = dirname(demo.reference[0] ?? '');
    const zip = join(folder, 'out.zip');
    const scored = await score('--reference', clean, '--snapshots', stream, '--out', zip);
    expect(scored.code, scored.stderr).toBe(0);
    expect(scored.stderr).toContain(
      'Reference: 46 clean snapshots. The window begins with the newest of them.',
    );
    await open(page);
    await page.getByRole('button', { name: 'Set up my camera' }).click();
    await page.getByLabel('Name of the camera').fill('score');
    await choose(page, 'choose files', demo.reference);
    await expect(page.getByTestId('chosen')).toContainText('clean pictures');
    await page.getByRole('button', { name: /^Learn th/ }).click();
    await expect(page.getByText('Version 1: 46 clean embeddings')).toBeVisible();
    await check(page, STREAM);
    const parts = await exportedParts(page, info.outputPath('page.zip'));
    const numbers = storedNumbers(unzipSync(readFileSync(zip)));
    expect(Object.keys(numbers).join(' ')).toContain('.npz');
    expect(storedNumbers(parts)).toEqual(numbers);
  });

  test('folders called clean and dirty say what the reference is made of, and what is not in it is scored, by fewer than 24 without a verdict @long', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'porthole-'));
    const put = (into: string, paths: readonly string[]) => {
      mkdirSync(join(folder, into));
      for (const path of paths) copyFileSync(path, join(folder, into, basename(path)));
    };
    put('clean', demo.reference.slice(0, 19));
    put('dirty', STREAM.slice(0, 2));
    const { code, stderr, stdout } = await score('--reference', folder);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('19 clean pictures in clean/, 2 dirty in dirty/ and kept out of the reference.');
    expect(stderr).toContain('Reference: 19 clean snapshots.');
    expect(stderr).toContain('No verdict yet: 5 more clean pictures of this view are needed.');
    expect(stdout.match(/^2026-.*\tnot-checked \(.*\)\tfew-clean/gm)).toHaveLength(2);
  });

  test('exits with 2 and a sentence when nothing can be read @long', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'porthole-'));
    expect(await score('--reference', join(folder, 'none'))).toMatchObject({ code: 2 });
    expect((await score('--reference', folder)).stderr).toContain('There is no file in');
    writeFileSync(join(folder, 'a.jpg'), 'not a picture');
    writeFileSync(join(folder, 'b.jpg'), 'not a picture either');
    const unreadable = await score('--reference', folder);
    expect(unreadable.code).toBe(2);
    expect(unreadable.stderr).toContain('are needed, and none can be used');
    for (const sigma of ['wide', '1e-9']) {
      const bad = await score('--reference', folder, '--sigma', sigma);
      expect(bad).toMatchObject({ code: 2 });
      expect(bad.stderr).toContain(`--sigma is ${sigma}: expected a number from 0.000001 to 1000000`);
    }
  });
});

function filesFor(paths: string[]): [string, number[]][] {
  return paths.map((path) => [path.slice(path.lastIndexOf('/') + 1), [...read(path)]]);
}

async function predict(page: Page, path: string, driftDistance: number) {
  const [file] = filesFor([path]);
  if (!file) throw new Error('no file');
  await passTime(page, [path]);
  return page.evaluate(
    ([[name, bytes], drift_distance]) =>
      globalThis.porthole.predict({ input_file: new File([new Uint8Array(bytes)], name), drift_distance }),
    [file, driftDistance] as const,
  );
}
