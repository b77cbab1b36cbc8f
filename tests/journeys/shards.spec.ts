import { expect } from '@playwright/test';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openExport } from './exports';
import { demo, open, test } from './support';

const run = promisify(execFile);
const script = (name: string) => join(import.meta.dirname, `../../scripts/${name}.mjs`);
const command = (name: string, folder: string, ...args: string[]) =>
  run(process.execPath, [script(name), ...args], { env: { ...process.env, INIT_CWD: folder } }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );

/** From a clean lens over growth to the cleaning and after it, with the one that can't be read. */
const STREAM = demo.snapshots.filter((path, i) => i % 3 === 0 || path.includes('20260525-12'));
const CLEAN = dirname(demo.reference[0] ?? '');

function archive(): string {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-archive-'));
  for (const [i, path] of STREAM.entries()) {
    // Folders of a month, and one name that sorts elsewhere than its time.
    const month = join(folder, 'snapshots', i % 2 === 0 ? 'b' : 'a');
    mkdirSync(month, { recursive: true });
    copyFileSync(path, join(month, basename(path)));
  }
  copyFileSync(STREAM[0]!, join(folder, 'snapshots', 'a', 'the same again.jpg'));
  return folder;
}

test('an archive judged from 1, 2 or 4 shards is what one machine’s score says, to the last bit @long', async ({
  page,
}) => {
  test.setTimeout(400_000);
  const folder = archive();
  const scored = (out: string, ...more: string[]) =>
    command('score', folder, '--reference', CLEAN, '--format', 'jsonl', '--out', out, ...more);
  const one = await scored('one.json', '--snapshots', 'snapshots');
  expect(one.code, one.stderr).toBe(0);
  expect(one.stdout.trim().split('\n')).toHaveLength(STREAM.length + 1);
  for (const of of [1, 2, 4]) {
    // In any order.
    for (let shard = of; shard >= 1; shard -= 1) {
      const made = await command(
        'embed',
        folder,
        ...['--snapshots', 'snapshots', '--shard', `${String(shard)}/${String(of)}`],
        ...['--out', `of-${String(of)}/${String(shard)}`],
      );
      expect(made.code, made.stderr).toBe(0);
    }
    const many = await scored('many.json', '--shards', `of-${String(of)}`);
    expect(many.code, many.stderr).toBe(0);
    expect(many.stdout).toBe(one.stdout);
    expect(readFileSync(join(folder, 'many.json'), 'utf8')).toBe(
      readFileSync(join(folder, 'one.json'), 'utf8'),
    );
  }

  // What is missing is named, and nothing is judged without it.
  renameSync(join(folder, 'of-4', '3'), join(folder, 'third'));
  const lacking = await scored('none.json', '--shards', 'of-4');
  expect(lacking).toMatchObject({ code: 2, stdout: '' });
  expect(lacking.stderr).toContain('Of 4 shards these are missing: 3.');

  // A reference of its own rows; the export is taken in by the page, with growth and pictures.
  const own = await command(
    'score',
    folder,
    ...['--shards', 'of-2', '--reference', '2026-05-09..2026-05-16', '--out', 'archive.zip'],
  );
  expect(own.code, own.stderr).toBe(0);
  const beside = own.stdout.split('\n').filter((line) => line.startsWith('2026-')).length;
  await open(page);
  const plan = await openExport(page, readFileSync(join(folder, 'archive.zip')));
  await plan.getByRole('button', { name: 'Add' }).click();
  await expect.poll(() => page.evaluate(async () => (await globalThis.porthole.summary()).jobs)).toBe(beside);
  rmSync(folder, { recursive: true });
});

test('a shard that was killed is none, and the same command goes on with it @long', async () => {
  test.setTimeout(200_000);
  const folder = archive();
  const args = ['--snapshots', 'snapshots', '--out', 'shard'];
  const child = spawn(process.execPath, [script('embed'), ...args], {
    env: { ...process.env, INIT_CWD: folder },
    stdio: 'ignore',
  });
  const rows = join(folder, 'shard.part', 'rows.jsonl');
  await expect
    .poll(() => existsSync(rows) && readFileSync(rows, 'utf8') !== '', { timeout: 60_000, intervals: [20] })
    .toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(folder, 'shard'))).toBe(false);
  const again = await command('embed', folder, ...args);
  expect(again.code, again.stderr).toBe(0);
  const whole = await command('embed', folder, ...args.slice(0, 3), 'whole');
  expect(whole.code, whole.stderr).toBe(0);
  for (const name of readdirSync(join(folder, 'whole'))) {
    expect(readFileSync(join(folder, 'shard', name)), name).toEqual(
      readFileSync(join(folder, 'whole', name)),
    );
  }
  // Once it is there it stays.
  expect(await command('embed', folder, ...args)).toMatchObject({ code: 0 });
  expect(await command('embed', folder, ...args, '--shard', '1/2')).toMatchObject({ code: 2 });
  rmSync(folder, { recursive: true });
});

test('a state embeds its reference once and scores what is new, and says drift by its exit code @long', async () => {
  test.setTimeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'porthole-state-'));
  mkdirSync(join(folder, 'in'));
  const add = (paths: readonly string[]) => {
    for (const path of paths) copyFileSync(path, join(folder, 'in', basename(path)));
  };
  const lines = (said: string) => said.split('\n').filter((line) => line.startsWith('{')).length;
  const more = ['--snapshots', 'in', '--state', 'cam', '--format', 'jsonl', '--fail-on', 'warning'];
  const fouled = demo.snapshots.findIndex((path) => path.includes('20260521'));
  add(demo.snapshots.slice(0, 4));
  const first = await command('score', folder, '--reference', CLEAN, ...more);
  expect(first.code, first.stderr).toBe(0);
  expect(lines(first.stdout)).toBe(4);

  // Nobody says the reference again, and the window goes on; SIGTERM ends it cleanly.
  add(demo.snapshots.slice(4, fouled));
  const watching = spawn(process.execPath, [script('score'), ...more, '--watch', '--every', '0.3'], {
    env: { ...process.env, INIT_CWD: folder },
  });
  let said = '';
  watching.stdout.on('data', (chunk) => (said += String(chunk)));
  await expect.poll(() => lines(said), { timeout: 90_000 }).toBe(fouled - 4);
  add(demo.snapshots.slice(fouled, fouled + 4));
  await expect.poll(() => lines(said), { timeout: 90_000 }).toBe(fouled);
  watching.kill('SIGTERM');
  expect(await once(watching, 'exit')).toEqual([4, null]);

  // With nothing new the newest verdict stands.
  const last = await command('score', folder, ...more);
  expect(last).toMatchObject({ code: 4, stdout: '' });
  const atOnce = await command(
    'score',
    folder,
    '--reference',
    CLEAN,
    '--snapshots',
    'in',
    '--format',
    'jsonl',
  );
  expect(first.stdout + said).toBe(atOnce.stdout);
  expect(await command('score', folder, ...more, '--reference', 'in')).toMatchObject({ code: 2 });
  rmSync(folder, { recursive: true });
});
