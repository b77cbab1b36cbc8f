/** A station notices its own faults, says each once, and repairs what it can. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { DEMO, pictureWith, StationRun } from './station-run';

const { version: VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };
const patience = { timeout: 90_000 };

/** A station with one camera, a door, and a command that writes the subjects of alerts into a file. */
async function stationWithDoor(settings = '', more = '') {
  const run = new StationRun();
  mkdirSync(join(run.folder, 'camera'));
  const port = await freePort();
  const told = join(run.folder, 'told.txt');
  await run.configure(`${settings}
[door]
listen = "127.0.0.1:${port}"
[alerts]
least_disk_mb = 1
${more}
[alerts.command]
run = ["/bin/sh", "-c", "echo $PORTHOLE_SUBJECT >> ${told}"]
[[camera]]
name = "Pier"
folder = "camera"
reference = "${DEMO}reference"
file_dates = true
`);
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}/${path}`);
  return {
    run,
    statusOf: async (path: string) => (await ask(path)).status,
    problems: async () => ((await (await ask('health')).json()) as { problems: string[] }).problems,
    metric: async (name: string) => {
      const lines = (await (await ask('metrics')).text()).split('\n');
      const line = lines.find((each) => each.startsWith(`porthole_${name} `));
      return line === undefined ? NaN : Number(line.slice(line.lastIndexOf(' ')));
    },
    bring: (from: number, to: number) => {
      for (let i = from; i < to; i += 1)
        writeFileSync(join(run.folder, 'camera', `picture-${i}.jpg`), pictureWith(i, `picture ${i}`));
    },
    subjects: () => (existsSync(told) ? readFileSync(told, 'utf8').trim().split('\n') : []),
    async [Symbol.asyncDispose]() {
      await run.remove();
    },
  };
}

test('a page that is frozen is told once, its browser is started again, and no snapshot is lost @long', async () => {
  test.setTimeout(240_000);
  test.skip(!existsSync('/proc'), 'the page is found by /proc, which this system lacks');
  await using station = await stationWithDoor('silent_after = 5\nrestart_after = 15');
  const { run, bring, metric, problems, statusOf, subjects } = station;
  bring(0, 3);
  run.start();
  await expect.poll(() => run.lines.length, patience).toBe(3);
  await expect.poll(() => statusOf('health'), patience).toBe(200);
  expect(await statusOf('health/ready')).toBe(200);
  const build = `build_info{version="${VERSION}",node="${process.versions.node}"}`;
  expect(await metric(build)).toBe(1);
  expect(await metric('queue_age_seconds{camera="Pier"}')).toBe(0);
  expect(await metric('free_disk_bytes')).toBeGreaterThan(1e6);
  expect(await metric('last_loop_seconds')).toBeLessThan(60);
  const { verdict } = run.lines[0]!;
  const alike = run.lines.filter((line) => line.verdict === verdict).length;
  expect(await metric(`snapshots_by_verdict_total{camera="Pier",verdict="${verdict}"}`)).toBe(alike);

  const frozen = run.freezePage();
  expect(frozen.length).toBeGreaterThan(0);
  bring(3, 6);
  await expect
    .poll(problems, patience)
    .toEqual([expect.stringContaining('The page gives no answer for 5 s')]);
  expect(await statusOf('health/ready')).toBe(503);
  expect(await statusOf('health/live')).toBe(200);

  await expect.poll(() => run.lines.length, patience).toBe(6);
  await expect.poll(() => statusOf('health'), patience).toBe(200);
  expect(run.output.split('Ready after')).toHaveLength(3);
  // A process that is stopped does not end with its browser.
  expect(frozen.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  await expect.poll(subjects, patience).toHaveLength(2);
  expect(subjects()).toEqual([
    expect.stringMatching(/^The page gives no answer for 5 s$/),
    expect.stringMatching(/^Over: The page gives no answer for 5 s$/),
  ]);
  expect(await metric('alerts_sent_total{way="command"}')).toBe(2);
  expect(run.logged('snapshot')).toHaveLength(6);
  expect(await run.end()).toBe(0);
});

test('a browser that grows too large is told once however often it is started again, and a dead man’s switch is asked @long', async () => {
  test.setTimeout(180_000);
  let pings = 0;
  const server = createServer((_, response) => {
    pings += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await using station = await stationWithDoor(
      'most_memory = 1',
      `[alerts.dead_man]\nurl = "http://127.0.0.1:${port}/a-secret"\nevery = 1`,
    );
    const { run, bring, subjects } = station;
    run.start();
    bring(0, 1);
    await expect.poll(() => run.lines.length, patience).toBe(1);
    bring(1, 2);
    await expect.poll(() => run.lines.length, patience).toBe(2);
    await expect.poll(() => run.output.split('and is started again').length, patience).toBeGreaterThan(2);
    expect(pings).toBeGreaterThan(0);
    expect(await run.end()).toBe(0);
    expect(subjects()).toEqual([expect.stringMatching(/^The browser takes \d+ MB and is started again$/)]);
    expect(run.output).not.toContain('a-secret');
  } finally {
    server.close();
  }
});

test('a configuration that can’t be used is told once, also over new starts, and when it is put right @long', async () => {
  test.setTimeout(180_000);
  await using station = await stationWithDoor('name = "Reef"', '#');
  const { run, statusOf, subjects } = station;
  const file = join(run.folder, 'station.toml');
  const right = readFileSync(file, 'utf8');
  for (const [word, wrong] of [
    ['[[camera]]', '[[camera]]\nfolder = = 1'],
    ['[door]', '[door]\nper_minutes = 1'],
  ] as const) {
    writeFileSync(file, right.replace(word, wrong));
    run.start();
    expect(await run.ended).toBe(2);
    expect(subjects()).toEqual(["The configuration can't be used, and the station does not run"]);
  }
  expect(run.output).toContain('door.per_minutes');
  writeFileSync(file, right);
  run.start();
  await expect.poll(() => subjects().length, patience).toBe(2);
  expect(subjects()[1]).toBe("Over: The configuration can't be used, and the station does not run");
  await expect.poll(() => statusOf('health'), patience).toBe(200);
  expect(await run.end()).toBe(0);
});
