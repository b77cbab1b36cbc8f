import { execFile } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { GOLDEN_ROWS } from '../golden-rows';
import { StationRun } from './station-run';

const { reference, stream, window_size, sigma } = GOLDEN_ROWS;

const HOUR = 3_600_000;
const BEGIN = Date.UTC(2026, 5, 1);
const timeOf = (i: number) => new Date(BEGIN + i * HOUR).toISOString();

function table(rows: readonly number[][], first = 0): string {
  const names = rows[0]!.map((_, i) => `v${String(i)}`);
  return [['time', ...names], ...rows.map((row, i) => [timeOf(first + i), ...row])]
    .map((row) => row.join(','))
    .join('\n');
}

test('a sensor’s folder is judged as from a terminal, also a table that grows, and predict takes a JSON array @long', async () => {
  test.setTimeout(240_000);
  const run = new StationRun();
  try {
    const [ctd, incoming] = ['ctd', 'incoming'].map((name) => join(run.folder, name)) as [string, string];
    for (const folder of [ctd, incoming]) mkdirSync(folder);
    const config = join(ctd, 'config.toml');
    writeFileSync(config, `[detector]\nwindow_size = ${String(window_size)}\nsigma = ${String(sigma)}\n`);
    writeFileSync(join(ctd, 'clean.csv'), table(reference, -1000));
    const port = await freePort();
    await run.configure(
      `[door]\nlisten = "127.0.0.1:${String(port)}"\n[[camera]]\nname = "CTD"\nfolder = "incoming"\nreference = "ctd/config.toml"\n`,
    );
    const write = (rows: readonly number[][]) => {
      const path = join(incoming, 'june.csv');
      writeFileSync(path, table(rows));
      utimesSync(path, rows.length, rows.length);
    };
    const last = stream.length - 1;
    write(stream.slice(0, 30));
    // It waits, as a picture that can't be read does, and keeps nobody else waiting.
    writeFileSync(join(incoming, 'broken.csv'), 'no,table');
    run.start();
    await expect.poll(() => run.lines.length, { timeout: 120_000 }).toBe(30);
    write(stream.slice(0, last));
    await expect.poll(() => run.lines.length, { timeout: 60_000 }).toBe(last);

    const form = new FormData();
    const name = timeOf(last).replaceAll(/[-:]|\.000/g, '');
    form.set('input_file', new Blob([JSON.stringify(stream[last])]), `${name}.json`);
    const address = `http://127.0.0.1:${String(port)}/v2/models/porthole/predict/`;
    const answer = await fetch(address, { method: 'POST', body: form });
    expect(answer.status).toBe(200);
    const { predictions } = (await answer.json()) as {
      predictions: { distance: number; captured_at: string };
    };
    expect(predictions.captured_at).toBe(timeOf(last).replace('.000', ''));

    const { lines } = run;
    expect(lines).toHaveLength(stream.length);
    expect(await run.end()).toBe(0);
    write(stream);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        'scripts/score.mjs',
        '--reference',
        config,
        '--snapshots',
        join(incoming, 'june.csv'),
        '--format',
        'jsonl',
      ],
      { maxBuffer: 2 ** 24 },
    );
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { distance: number; verdict: string });
    expect(lines.map(({ distance, verdict }) => [distance, verdict])).toEqual(
      told.map(({ distance, verdict }) => [distance, verdict]),
    );
    expect(predictions.distance).toBe(told.at(-1)!.distance);
  } finally {
    await run.remove();
  }
});
