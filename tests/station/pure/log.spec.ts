import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { expect, test } from '@playwright/test';
import { Log } from '../../../scripts/station/log.mjs';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-log-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true });
});

const linesOf = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { i: number; seq: number });

test('a full file gets a number, all together take no more than allowed, and what is left is in order', () => {
  const [mostMb, size] = [0.1, 1000];
  const log = new Log(folder, 90, mostMb);
  for (let i = 0; i < 500; i += 1) log.write('note', { i, text: 'x'.repeat(size) }, null);
  const names = readdirSync(folder).sort();
  expect(names.at(-2)).toMatch(/^station-\d{4}-\d\d-\d\d\.\d{4}\.jsonl$/);
  const sizes = names.map((name) => statSync(join(folder, name)).size);
  expect(sizes.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(mostMb * 2 ** 20 * 1.2);
  for (const each of sizes) expect(each).toBeLessThanOrEqual((mostMb / 10) * 2 ** 20 + size + 200);
  const kept = names.flatMap(linesOf).map(({ i }) => i);
  expect(kept).toEqual([...kept].map((_, k) => 500 - kept.length + k));
  expect(kept.length).toBeGreaterThan(70);
});

test('what was told before a restart is found in all files of the newest days', () => {
  writeFileSync(join(folder, 'station-2020-01-01.jsonl'), '{"kind":"snapshot","id":"old"}\n');
  for (const day of ['02', '03'])
    writeFileSync(join(folder, `station-2020-01-${day}.jsonl`), '{"kind":"note"}\n');
  const log = new Log(folder, 36_500, 0.05);
  for (let i = 0; i < 20; i += 1)
    log.write('snapshot', { id: String(i), camera: 'Pier', text: 'x'.repeat(1000) }, null);
  expect(readdirSync(folder).length).toBeGreaterThan(4);
  const { told } = new Log(folder, 36_500, 0.05).recall();
  expect((told as unknown as { id: string }[]).map(({ id }) => id)).toEqual(
    Array.from({ length: 20 }, (_, i) => String(i)),
  );
});

test('lines are numbered on over restarts, full files and a clock that jumps, and the last of an id holds', () => {
  for (const [i, days] of [0, 400, 401, 402, 403, 1, -3, 0].entries()) {
    mock.timers.enable({ apis: ['Date'], now: Date.parse('2030-06-01') + days * 86_400_000 });
    const log = new Log(folder, 36_500, 0.02);
    for (const text of ['x'.repeat(1500), '']) log.write('snapshot', { id: 'a', text, i }, null);
    expect(log.recall().told.at(-1)).toEqual({ id: 'a', text: '', i });
    mock.timers.reset();
  }
  const seqs = readdirSync(folder)
    .flatMap(linesOf)
    .map(({ seq }) => seq);
  expect(readdirSync(folder).length).toBeGreaterThan(7);
  expect(seqs.sort((one, other) => one - other)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
});

test('how the cameras stand is written again only if that changed or a snapshot came', () => {
  const log = new Log(folder, 90, 100);
  const standings = (verdict: string) => log.standings([{ name: 'Pier', verdict }]);
  for (const verdict of ['normal', 'normal', 'drift', 'drift', 'normal']) standings(verdict);
  log.write('snapshot', { id: 'a' }, null);
  standings('normal');
  standings('normal');
  log.write('note', { sentence: 'x' }, null);
  standings('normal');
  const { stood, untold } = log.recall();
  expect((stood as unknown as { verdict: string }[][]).map(([first]) => first!.verdict)).toEqual([
    ...['normal', 'drift', 'normal'],
    'normal',
  ]);
  expect(untold).toEqual([]);
  // After a restart it is written once whatever it says.
  new Log(folder, 90, 100).standings([{ name: 'Pier', verdict: 'normal' }]);
  expect(log.recall().stood).toHaveLength(5);
});
