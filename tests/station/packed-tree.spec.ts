/** The files of the image alone, as a user who may write nothing of them runs them. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { packTree } from './container';
import { DEMO, PICTURES, StationRun } from './station-run';

const MB = 2 ** 20;

let tree: string;
test.beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'porthole-tree-'));
  chmodSync(tree, 0o755);
  packTree(tree);
});
test.afterAll(() => {
  rmSync(tree, { recursive: true });
});

const files = () => readdirSync(tree, { recursive: true, encoding: 'utf8' }).sort();

test('the image’s files are few, and none of them builds or tests @long', () => {
  const names = files();
  expect(
    names.filter((name) =>
      /node_modules\/(eslint|vite|svelte|typescript|onnxruntime-web|@playwright)$/.test(name),
    ),
  ).toEqual([]);
  expect(names.filter((name) => /^(src|tests)\/.*\.(ts|svelte)$/.test(name))).toEqual([]);
  const bytes = names.map((name) => statSync(join(tree, name))).reduce((sum, { size }) => sum + size, 0);
  // Node's own image has some 230 MB, so that all are less than 350 MB without Chromium.
  expect(bytes / MB).toBeLessThan(100);
});

test('a station follows a camera from the image’s files, installs and builds nothing, and is probed @long', async () => {
  const before = files();
  const run = new StationRun();
  try {
    const port = await freePort();
    mkdirSync(join(run.folder, 'snapshots'));
    for (const name of PICTURES.slice(0, 3))
      copyFileSync(join(DEMO, 'snapshots', name), join(run.folder, 'snapshots', name));
    const door = `[door]\nlisten = "127.0.0.1:${port}"\n`;
    await run.configure(
      `${door}[[camera]]\nname = "Demo"\nfolder = "snapshots"\nreference = ${JSON.stringify(join(DEMO, 'reference'))}\n`,
    );
    const probe = (question: string, config = join(run.folder, 'station.toml')) =>
      spawnSync(process.execPath, [join(tree, 'deploy/probe.mjs'), question, config]).status;
    expect(probe('live'), 'nothing answers yet').toBe(1);
    run.script = join(tree, 'scripts/station.mjs');
    run.isNobody = process.getuid?.() === 0;
    run.start();
    await expect.poll(() => run.lines.length, { message: run.output }).toBe(3);
    expect(probe('live')).toBe(0);
    expect(probe('ready')).toBe(0);
    const broken = join(run.folder, 'broken.toml');
    writeFileSync(broken, 'door = [');
    const closed = join(run.folder, 'closed.toml');
    writeFileSync(closed, '[station]\ndata = "data"\n');
    for (const config of [broken, closed, join(run.folder, 'none.toml')])
      expect(probe('live', config)).toBe(0);
    expect(await run.end()).toBe(0);
    expect(run.output).not.toMatch(/Installing|Building/);
    expect(probe('ready'), 'it has ended').toBe(1);
  } finally {
    await run.remove();
  }
  expect(files()).toEqual(before);
});

test('score works from the image’s files @long', () => {
  const score = (...more: string[]) => {
    const command = ['scripts/score.mjs', '--reference', join(DEMO, 'reference'), ...more];
    return spawnSync(process.execPath, command, { cwd: tree, encoding: 'utf8' });
  };
  const { status, stdout, stderr } = score('--snapshots', join(DEMO, 'snapshots'), '--sigma', '0.3');
  expect(status, stderr).toBe(0);
  expect(stdout.split('\n').filter((line) => line.startsWith('2026-'))).toHaveLength(PICTURES.length + 1);
  const wrong = score('--snapshots', join(DEMO, 'snapshots'), '--window', '1');
  expect(wrong).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('--window is 1: expected a whole number'),
  });
});
