import { expect } from '@playwright/test';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
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
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { captureTimeFromName } from '../../src/core/domain/camera/time/capture-time';
import { openExport } from './exports';
import { demo, open, test } from './support';

// Each has folders of its own, and together they are minutes.
test.describe.configure({ mode: 'parallel' });

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

function archive(paths: readonly string[] = STREAM): string {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-archive-'));
  for (const [i, path] of paths.entries()) {
    // Folders of a month, and one name that sorts elsewhere than its time.
    const month = join(folder, 'snapshots', i % 2 === 0 ? 'b' : 'a');
    mkdirSync(month, { recursive: true });
    copyFileSync(path, join(month, basename(path)));
  }
  copyFileSync(STREAM[0]!, join(folder, 'snapshots', 'a', 'the same again.jpg'));
  return folder;
}

type Row = Readonly<Record<string, unknown>> & { readonly path: string; readonly content_sha256: string };
const EMBED = ['--snapshots', 'snapshots', '--out', 'shard'];
const sha256Of = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const linesIn = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const rowsIn = (path: string) => linesIn(path).map((line) => JSON.parse(line) as Row);

/** An embed that has written some rows; they are in `rows`. */
async function begun(folder: string) {
  const child = spawn(process.execPath, [script('embed'), ...EMBED], {
    env: { ...process.env, INIT_CWD: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const rows = join(folder, 'shard.part', 'work-1', 'rows.jsonl');
  await expect
    .poll(() => existsSync(rows) && readFileSync(rows, 'utf8') !== '', { timeout: 60_000, intervals: [20] })
    .toBe(true);
  return { child, rows, said: () => said };
}

/** A lease of a process on another machine. */
function foreignLease(folder: string) {
  mkdirSync(join(folder, 'shard.part'));
  const path = join(folder, 'shard.part', 'lease-1.json');
  const since = '2026-05-09T08:00:00.000Z';
  writeFileSync(path, JSON.stringify({ host: 'buoy', process: 7, processes: 'of buoy', since, token: 'x' }));
  return path;
}

/** Dates a lease: one that is ten minutes old has expired. */
function date(lease: string, minutesAgo: number) {
  const then = Date.now() / 1000 - 60 * minutesAgo;
  utimesSync(lease, then, then);
}

/** Writes rows of a shard, whose manifest agrees. */
function write(shard: string, rows: readonly unknown[]) {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(join(shard, 'rows.jsonl'), text);
  const path = join(shard, 'shard.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { rows: number; files: Record<string, unknown> };
  manifest.files['rows.jsonl'] = { bytes: text.length, sha256: sha256Of(join(shard, 'rows.jsonl')) };
  writeFileSync(path, JSON.stringify({ ...manifest, rows: rows.length }));
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

  // A missing shard is named, and nothing is judged without it.
  renameSync(join(folder, 'of-4', '3'), join(folder, 'third'));
  const lacking = await scored('none.json', '--shards', 'of-4');
  expect(lacking).toMatchObject({ code: 2, stdout: '' });
  expect(lacking.stderr).toContain('Of 4 shards these are missing: 3.');

  // A reference of its own rows; the export is taken in by the page, with growth and pictures.
  const longer = archive([...demo.reference.slice(0, 26), ...STREAM]);
  const embedded = await command('embed', longer, '--snapshots', 'snapshots', '--out', 'all/1');
  expect(embedded.code, embedded.stderr).toBe(0);
  const own = await command(
    'score',
    longer,
    ...['--shards', 'all', '--reference', '2026-05-01..2026-05-05', '--out', 'archive.zip'],
  );
  expect(own.code, own.stderr).toBe(0);
  const beside = own.stdout.split('\n').filter((line) => line.startsWith('2026-')).length;
  await open(page);
  const plan = await openExport(page, readFileSync(join(longer, 'archive.zip')));
  await plan.getByRole('button', { name: 'Add' }).click();
  // The copy states no time, so it is set aside and counts for nothing.
  await expect
    .poll(() => page.evaluate(async () => (await globalThis.porthole.summary()).jobs))
    .toBe(beside - 1);
  for (const made of [folder, longer]) rmSync(made, { recursive: true });
});

test('a log of cleanings gives the same for a folder, shards, and a state that gets it later in another order, and adds nothing twice @long', async () => {
  test.setTimeout(400_000);
  const folder = archive();
  const rows = ['2026-05-25T09:00Z,cleaned,"by diver, with a brush"', '2026-05-27T02:00+02:00,clean,'];
  const log = (name: string, ...lines: readonly string[]) =>
    writeFileSync(join(folder, name), ['at,kind,note', ...lines, ''].join('\n'));
  log('log.csv', ...rows);
  log('turned.csv', ...rows.toReversed(), rows[0]!);
  log('bad.csv', rows[0]!, '2026-05-26,cleaned,');
  const score = (...more: string[]) =>
    command('score', folder, '--reference', CLEAN, '--format', 'jsonl', ...more);
  const out = (name: string) => readFileSync(join(folder, name), 'utf8');

  const bad = await score('--snapshots', 'snapshots', '--events', 'bad.csv');
  expect(bad).toMatchObject({ code: 2, stdout: '' });
  expect(bad.stderr).toContain('bad.csv, line 3: 2026-05-26: expected a time with its zone');

  const one = await score('--snapshots', 'snapshots', '--events', 'log.csv', '--out', 'one.json');
  expect(one.code, one.stderr).toBe(0);
  const embedded = await command('embed', folder, '--snapshots', 'snapshots', '--out', 'shards/1');
  expect(embedded.code, embedded.stderr).toBe(0);
  const many = await score('--shards', 'shards', '--events', 'log.csv', '--out', 'many.json');
  expect(many.stdout, many.stderr).toBe(one.stdout);
  expect(out('many.json')).toBe(out('one.json'));

  const state = ['--snapshots', 'snapshots', '--state', 'cam', '--out', 'state.json'];
  const before = await score(...state);
  expect(before.code, before.stderr).toBe(0);
  expect(out('state.json')).not.toBe(out('one.json'));
  const later = await score(...state, '--events', 'turned.csv');
  expect(later.stdout, later.stderr).toContain('"corrected":true');
  expect(out('state.json')).toBe(out('one.json'));
  expect((await score(...state, '--events', 'log.csv')).stdout).toBe('');
  expect(out('state.json')).toBe(out('one.json'));
  rmSync(folder, { recursive: true });
});

test('a shard that was killed is none, and the same command goes on with it, and with a file that changed @long', async () => {
  test.setTimeout(200_000);
  const folder = archive();
  const { child, rows } = await begun(folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(folder, 'shard'))).toBe(false);
  const [, second] = rowsIn(rows);
  copyFileSync(STREAM.at(-1)!, join(folder, 'snapshots', second!.path));
  const again = await command('embed', folder, ...EMBED);
  expect(again.code, again.stderr).toBe(0);
  const whole = await command('embed', folder, ...EMBED.slice(0, 3), 'whole');
  expect(whole.code, whole.stderr).toBe(0);
  for (const name of readdirSync(join(folder, 'whole'))) {
    expect(readFileSync(join(folder, 'shard', name)), name).toEqual(
      readFileSync(join(folder, 'whole', name)),
    );
  }
  expect(readdirSync(folder).sort()).toEqual(['shard', 'snapshots', 'whole']);
  // Once it is there it stays.
  expect(await command('embed', folder, ...EMBED)).toMatchObject({ code: 0 });
  expect(await command('embed', folder, ...EMBED, '--shard', '1/2')).toMatchObject({ code: 2 });
  rmSync(folder, { recursive: true });
});

test('two processes at once go on with a shard that was ended, with one row for each file @long', async () => {
  test.setTimeout(200_000);
  const folder = archive();
  const { child } = await begun(folder);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([143, null]);
  expect(readdirSync(join(folder, 'shard.part'))).not.toContain('lease-1.json');
  const both = await Promise.all([command('embed', folder, ...EMBED), command('embed', folder, ...EMBED)]);
  expect(
    both.map(({ code }) => code),
    both.map(({ stderr }) => stderr).join(''),
  ).toEqual([0, 0]);
  // Either may be the first.
  const said = both.map(({ stderr }) => stderr);
  expect(
    said
      .find((text) => text.startsWith('Goes on after'))
      ?.split('\n')
      .slice(1),
  ).toEqual([`Shard 1 of 1: ${String(STREAM.length + 1)} snapshots, 1 of them not readable.`, '']);
  expect(said.find((text) => text.startsWith('shard'))).toMatch(
    /^shard(: process \d+ on \S+ is at work on this shard since \S+Z\. Nothing was changed| is there already, with \d+ snapshots)\.\n$/,
  );
  const paths = rowsIn(join(folder, 'shard', 'rows.jsonl')).map(({ path }) => path);
  expect(paths).toEqual([...new Set(paths)]);
  expect(paths).toHaveLength(STREAM.length + 1);
  expect(readdirSync(folder).sort()).toEqual(['shard', 'snapshots']);
  rmSync(folder, { recursive: true });
});

test('a shard on which another machine is at work is left alone, and taken over once its lease has expired @long', async () => {
  test.setTimeout(200_000);
  const folder = archive(STREAM.slice(0, 2));
  const lease = foreignLease(folder);
  const renewing = setInterval(() => date(lease, 0), 50);
  const second = await command('embed', folder, ...EMBED);
  clearInterval(renewing);
  expect(second).toEqual({
    code: 0,
    stdout: '',
    stderr:
      'shard: process 7 on buoy is at work on this shard since 2026-05-09T08:00:00.000Z. Nothing was changed.\n',
  });
  expect(existsSync(join(folder, 'shard'))).toBe(false);

  const early = await command('score', folder, '--shards', '.', '--reference', CLEAN);
  expect(early).toMatchObject({ code: 2, stdout: '' });
  expect(early.stderr).toContain('shard.part is not finished: process 7 on buoy has its lease.');

  date(lease, 10);
  const third = await command('embed', folder, ...EMBED);
  expect(third.code, third.stderr).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['shard', 'snapshots']);
  rmSync(folder, { recursive: true });
});

test('a process that was suspended until it lost its lease writes nothing more @long', async () => {
  test.setTimeout(200_000);
  const folder = archive();
  const { child, said } = await begun(folder);
  child.kill('SIGSTOP');
  date(join(folder, 'shard.part', 'lease-1.json'), 10);
  const next = await command('embed', folder, ...EMBED);
  expect(next.code, next.stderr).toBe(0);
  const made = () =>
    readdirSync(join(folder, 'shard')).map((name) => [name, sha256Of(join(folder, 'shard', name))]);
  const before = made();
  child.kill('SIGCONT');
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(said()).toBe(
    'shard: the lease of this process is gone: another process took it over, or its file was removed. Nothing more was written.\n',
  );
  expect(made()).toEqual(before);
  expect(rowsIn(join(folder, 'shard', 'rows.jsonl'))).toHaveLength(STREAM.length + 1);
  expect(readdirSync(folder).sort()).toEqual(['shard', 'snapshots']);
  rmSync(folder, { recursive: true });
});

for (const left of ['an expired lease', 'work without a lease']) {
  test(`of many processes that find ${left} one takes the shard @long`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'porthole-lease-'));
    const part = join(folder, 'shard.part');
    if (left === 'an expired lease') date(foreignLease(folder), 10);
    else mkdirSync(join(part, 'work-1'), { recursive: true });
    const taking = `
      import { Lease } from ${JSON.stringify(join(import.meta.dirname, '../../scripts/embed/lease.mjs'))};
      const taken = await Lease.take(${JSON.stringify(part)}, () => {});
      console.log(taken instanceof Lease ? 'taken' : taken.holder);
      process.stdin.resume().on('end', () => process.exit());
    `;
    const children = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--input-type=module', '--eval', taking], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    const said = await Promise.all(
      children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0])),
    );
    for (const { stdin } of children) stdin.end();
    await Promise.all(children.map((child) => once(child, 'exit')));
    const taker = children[said.indexOf('taken\n')];
    const others = said.filter((text) => text.startsWith(`process ${String(taker?.pid)} on `));
    expect(others).toHaveLength(children.length - 1);
    rmSync(folder, { recursive: true });
  });
}

test('a file that changes while its shard is made is embedded as it is then; one that goes ends it @long', async () => {
  test.setTimeout(200_000);
  const folder = archive(demo.snapshots);
  const { child, rows, said } = await begun(folder);
  const last = readdirSync(join(folder, 'snapshots', 'b'))
    .sort()
    .at(-1)!;
  const path = join(folder, 'snapshots', 'b', last);
  copyFileSync(STREAM[0]!, path);
  expect(linesIn(rows).join('\n')).not.toContain(last);
  expect(await once(child, 'exit'), said()).toEqual([0, null]);
  const made = rowsIn(join(folder, 'shard', 'rows.jsonl'));
  expect(made).toHaveLength(demo.snapshots.length + 1);
  expect(made.at(-1)).toMatchObject({ path: `b/${last}`, content_sha256: sha256Of(STREAM[0]!), error: null });

  rmSync(join(folder, 'shard'), { recursive: true });
  const other = await begun(folder);
  rmSync(path);
  expect(linesIn(other.rows).join('\n')).not.toContain(last);
  expect(await once(other.child, 'exit')).toEqual([1, null]);
  expect(other.said()).toBe(
    `shard: b/${last} is gone. Put it back, or make all shards of this folder again.\n`,
  );
  rmSync(folder, { recursive: true });
});

test('a row that can’t be used, or a second one for a file, is named with its shard, and nothing is scored @long', async () => {
  test.setTimeout(200_000);
  const folder = archive(STREAM.slice(0, 3));
  const made = await command('embed', folder, ...EMBED);
  expect(made.code, made.stderr).toBe(0);
  const shard = join(folder, 'shard');
  const rows = rowsIn(join(shard, 'rows.jsonl'));
  const wrong = [
    [[rows[0], { ...rows[1], captured_at: 'garbage' }], 'line 2: captured_at is not valid.'],
    [[rows[0], rows[1], rows[0]], 'line 3: path is missing, or has a row already.'],
    [[{ ...rows[0], embedding: rows.length }], 'line 1: embedding is not valid.'],
  ] as const;
  for (const [written, why] of wrong) {
    write(shard, written);
    const scored = await command('score', folder, '--shards', 'shard', '--reference', CLEAN);
    expect(scored).toEqual(
      expect.objectContaining({
        code: 2,
        stdout: '',
        stderr: `${shard}/rows.jsonl, ${why} Delete the shard and make it again. Nothing was scored.\n`,
      }),
    );
  }
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

  // The second run needs no reference, and the window goes on; SIGTERM ends it cleanly.
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

  // With nothing new the newest verdict stands; a copy under another name, and one that is written again, are nothing new.
  copyFileSync(demo.snapshots[0]!, join(folder, 'in', 'a copy.jpg'));
  utimesSync(join(folder, 'in', basename(demo.snapshots[1]!)), 1, 1);
  const last = await command('score', folder, ...more);
  expect(last).toMatchObject({ code: 4, stdout: '' });
  rmSync(join(folder, 'in', 'a copy.jpg'));
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

  // A ring buffer: another picture of the same name, size and date.
  const path = join(folder, 'in', basename(demo.snapshots[0]!));
  const { size, mtime } = statSync(path);
  const others = demo.snapshots.slice(fouled + 4).map((other) => readFileSync(other));
  const smaller = others.find(({ length }) => length < size && length > 1000)!;
  writeFileSync(path, Buffer.concat([smaller, Buffer.alloc(size - smaller.length)]));
  utimesSync(path, mtime, mtime);
  const turned = await command('score', folder, ...more);
  // It has the time of the first one, so that those after it are corrected.
  const fresh = turned.stdout.split('\n').filter((line) => !line.includes('"corrected":true'));
  expect(lines(fresh.join('\n')), turned.stderr).toBe(1);
  rmSync(folder, { recursive: true });
});

test('times without a zone are in the one that score is told, and a state keeps its own @long', async () => {
  test.setTimeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'porthole-zone-'));
  mkdirSync(join(folder, 'in'));
  const score = async (path: string, ...more: string[]) => {
    copyFileSync(path, join(folder, 'in', basename(path)));
    const common = ['--snapshots', 'in', '--state', 'cam', '--format', 'jsonl'];
    const said = await command('score', folder, ...common, ...more);
    return { ...said, times: [...said.stdout.matchAll(/"captured_at":"([^"]*)"/g)].map(([, at]) => at) };
  };
  const madrid = (path: string) => {
    const at = captureTimeFromName(basename(path))! - 2 * 3_600_000;
    return new Date(at).toISOString().replace('.000', '');
  };
  const [one, two] = demo.snapshots as [string, string];
  expect(await score(one, '--reference', CLEAN, '--time-zone', 'Madrid')).toMatchObject({ code: 2 });
  const first = await score(one, '--reference', CLEAN, '--time-zone', 'Europe/Madrid');
  expect(first.times, first.stderr).toEqual([madrid(one)]);
  const next = await score(two, '--time-zone', 'UTC');
  expect(next.times, next.stderr).toEqual([madrid(two)]);
  expect(next.stderr).toContain('The camera in cam keeps its time zone, Europe/Madrid.');
  rmSync(folder, { recursive: true });
});

test('a state that gets a late file says what one call would, with corrected lines after the new ones @long', async () => {
  test.setTimeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), 'porthole-state-'));
  mkdirSync(join(folder, 'in'));
  const add = (...which: readonly number[]) => {
    for (const i of which) copyFileSync(demo.snapshots[i]!, join(folder, 'in', basename(demo.snapshots[i]!)));
  };
  const score = (...more: readonly string[]) =>
    command('score', folder, '--reference', CLEAN, '--snapshots', 'in', '--fail-on', 'drift', ...more);
  type Line = Readonly<Record<string, unknown>>;
  const lines = (said: string) =>
    said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  // A lens that is overgrown: the last one but two comes late.
  const state = ['--state', 'cam', '--format', 'jsonl', '--out'];
  add(49, 51, 52);
  const first = await score(...state, 'first.json');
  expect(first.stdout, first.stderr).not.toContain('corrected');
  add(50);
  const second = await score(...state, 'second.json');
  const one = await score('--format', 'jsonl', '--out', 'one.json');
  const [now, all] = [lines(second.stdout), lines(one.stdout)];
  expect(now).toEqual([all[1], { ...all[2], corrected: true }, { ...all[3], corrected: true }]);
  expect(lines(first.stdout)).toMatchObject([all[0]!, {}, {}]);
  expect(second.code).toBe(one.code);
  const out = (name: string) => readFileSync(join(folder, `${name}.json`), 'utf8');
  expect(out('second')).toBe(out('one'));
  rmSync(folder, { recursive: true });
});
