/** The commands that the documentation names, as a reader runs them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeNpy } from '../../src/core/domain/files/npy';
import { GOLDEN_ROWS } from '../golden-rows';
import { blocksOf, PAGES, ROOT } from '../markdown';
import { demo } from './support';

interface Rule {
  readonly on: RegExp;
  /** it is not run, because */
  readonly skip?: string;
  /** it runs until somebody ends it: it is at work once it has printed this */
  readonly until?: RegExp;
}

/** The first that fits counts. A command without one must end with 0. */
const RULES: readonly Rule[] = [
  { on: /^npm (test|run (test:long|unit|check)\b)/, skip: 'runs these tests' },
  {
    on: /^npm run dev\b/,
    skip: 'writes a cache that the tests’ own server reads; dev.spec.ts runs it in a copy',
  },
  { on: /^npm run build\b/, skip: 'makes the page or the package that tests use' },
  { on: /^npm run (firefox|webkit|endurance|bench|judge|report)\b/, skip: 'measures for minutes' },
  { on: /^git |https:\/\/(porthole\.example\.org|drift-watch\.cloud)/, skip: 'wants the internet' },
  { on: /^node scripts\/judge-lay-out\.mjs/, skip: 'wants pictures that are other people’s' },
  { on: /^(seq|sbatch) /, skip: 'wants a cluster' },
  { on: /^docker |porthole-module|OWNER/, skip: 'wants Docker, or makes another repository' },
  {
    on: /\/opt\/porthole|\/var\/lib\/porthole|\/etc\/systemd|systemctl/,
    skip: 'is for an installed station',
  },
  { on: /^#!\/bin\/sh|^chromium /, skip: 'wants a camera, or somebody who looks' },
  { on: /\brestore \//, skip: 'wants a backup of yours' },
  { on: /\bnpm start\b/, until: /Porthole is at http/ },
  { on: /^npm run driftwatch\b/, until: /http:\/\/127\.0\.0\.1:8090/ },
  { on: /^python3 -m http\.server/, until: /Serving HTTP/ },
  { on: /--watch\b/, until: /Watching/ },
  { on: /^npm run station -- --config station\.toml$/, until: /Ready/ },
  { on: /--serve$/, until: /http:\/\/localhost/ },
];
/** Speaks to a station at work. */
const WITH_STATION = /^npm run station -- tell |\/\/127\.0\.0\.1:5000\//;

const COMMANDS = PAGES.flatMap((page) =>
  blocksOf(page, 'sh').flatMap((block) =>
    (block.startsWith('#!') ? [block] : block.replaceAll('\\\n', '').split('\n'))
      .map((line) => line.replace(/\s+# .*$/, '').trim())
      .filter(Boolean)
      .map((command) => ({ page, command, rule: RULES.find(({ on }) => on.test(command)) })),
  ),
);

let folder = '';
let running: ChildProcess[] = [];

/** The documentation takes for granted: clean and new pictures, an archive, a sensor's rows, a station. */
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-docs-'));
  for (const name of ['public', 'scripts']) symlinkSync(join(ROOT, name), join(folder, name));
  const fine = demo.snapshots.filter((path) => !path.includes('20260525-12'));
  const pictures = (
    name: string,
    paths: readonly string[],
    nameOf = (path: string) => path.split('/').at(-1)!,
  ) => {
    mkdirSync(join(folder, name));
    for (const path of paths) cpSync(path, join(folder, name, nameOf(path)));
  };
  pictures('clean', demo.reference);
  for (const name of ['today', 'incoming', 'snapshots']) pictures(name, fine.slice(0, 4));
  pictures('archive', [...demo.reference, ...fine.slice(40, 60)], (path) =>
    path.split('/').at(-1)!.replace('2026', '2024'),
  );
  cpSync(fine[0]!, join(folder, '20260501-120000-PIER.jpg'));
  writeFileSync(join(folder, 'diver.csv'), 'at,kind,note\n2026-05-22T10:00:00Z,cleaned,wiped\n');
  for (const [name, rows] of [
    ['clean.npy', GOLDEN_ROWS.reference],
    ['new.npy', GOLDEN_ROWS.stream],
  ] as const) {
    writeFileSync(join(folder, name), writeNpy(rows.map((row) => Float32Array.from(row))));
  }
  const [station = ''] = blocksOf('docs/station.md', 'toml');
  const rest =
    '[door]\nlisten = "127.0.0.1:5000"\ntell_token_file = "tell-token"\n[alerts.command]\nrun = ["true"]\n';
  // A browser that root starts has no sandbox.
  writeFileSync(join(folder, 'station.toml'), station.replace('\n', '\nsandbox = false\n') + rest);
  writeFileSync(join(folder, 'tell-token'), 'f'.repeat(64));
  chmodSync(join(folder, 'tell-token'), 0o600);
  // npm itself looks for package.json only above the folder it runs in.
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/npm'), `#!/bin/sh\nPATH="$PATH_BEFORE" exec npm --prefix "${ROOT}" "$@"\n`);
  chmodSync(join(folder, 'bin/npm'), 0o755);
});

test.afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

test('the documentation’s commands run as they stand there @long', async () => {
  test.setTimeout(900_000);
  const stale = RULES.filter((rule) => !COMMANDS.some((command) => command.rule === rule));
  expect(stale.map(({ on }) => on.source)).toEqual([]);

  const done = new Set<string>();
  let hasStation = false;
  for (const { page, command, rule } of COMMANDS) {
    if (rule?.skip !== undefined || done.has(command)) continue;
    done.add(command);
    await test.step(`${page}: ${command}`, async () => {
      if (WITH_STATION.test(command) !== hasStation) {
        await endAll();
        hasStation = !hasStation;
        if (hasStation) await run('npm run station -- --config station.toml', /Ready/);
      }
      for (const each of eachOf(command)) await run(each, rule?.until);
      if (rule?.until && !/driftwatch$/.test(command)) await endAll();
    });
  }
});

/** A command for one of 16 parts, for all of them: only together they are an archive. */
function eachOf(command: string): string[] {
  if (!command.includes('3/16')) return [command];
  return Array.from({ length: 16 }, (_, i) =>
    command.replace('3/16', `${String(i + 1)}/16`).replace(/\b3$/, String(i + 1)),
  );
}

async function run(command: string, until?: RegExp): Promise<void> {
  const child = spawn('sh', ['-c', command.replace('path/to/porthole', ROOT)], {
    cwd: folder,
    detached: true,
    env: {
      ...process.env,
      HOME: folder,
      PATH: `${join(folder, 'bin')}:${process.env['PATH']!}`,
      PATH_BEFORE: process.env['PATH'],
      PYTHONUNBUFFERED: '1',
    },
  });
  running.push(child);
  let output = '';
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const isAtWork = new Promise<'at work'>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (until?.test(output)) resolve('at work');
      });
    }
  });
  const code = await Promise.race([ended, isAtWork]);
  expect(code, `${command}\n${output}`).toBe(until ? 'at work' : 0);
}

/** Ends what runs, as Ctrl+C does. */
async function endAll(): Promise<void> {
  const ending = running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  running = [];
  for (const child of ending) {
    const closed = once(child, 'close');
    process.kill(-child.pid!, 'SIGINT');
    await closed;
  }
}
