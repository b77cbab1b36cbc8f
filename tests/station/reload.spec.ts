import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DEMO, PICTURES, StationRun } from './station-run';

test('SIGHUP takes over what the file says, while a batch is scored; a broken file changes nothing and is told @long', async () => {
  test.setTimeout(240_000);
  const run = new StationRun();
  try {
    const file = join(run.folder, 'station.toml');
    const camera = (name: string, reference = `${DEMO}reference`) =>
      `[[camera]]\nname = "${name}"\nfolder = "${name}"\nreference = "${reference}"\n`;
    const bring = (name: string, names: readonly string[]) => {
      mkdirSync(join(run.folder, name), { recursive: true });
      for (const each of names) copyFileSync(join(DEMO, 'snapshots', each), join(run.folder, name, each));
    };
    const told = join(run.folder, 'told.txt');
    const alerts = (to: string) =>
      `[alerts]\nleast_disk_mb = 1\n[alerts.command]\nrun = ["/bin/sh", "-c", "echo ${to} $PORTHOLE_SUBJECT >> ${told}"]\n`;
    writeFileSync(told, '');
    const subjects = () => readFileSync(told, 'utf8').split('\n').slice(0, -1);
    const namesOf = (name: string) =>
      run.lines.filter((line) => line.camera === name).map(({ image_name }) => image_name);

    await run.configure(`${alerts('one')}${camera('Pier')}`);
    const head = readFileSync(file, 'utf8').split('[alerts]')[0]!;
    bring('Pier', PICTURES);
    run.start();
    await expect.poll(() => namesOf('Pier').length, { timeout: 90_000 }).toBeGreaterThan(0);

    // In the middle of a backlog.
    bring('Reef', PICTURES.slice(0, 3));
    writeFileSync(
      file,
      `${head.replace('look_every = 0.5', 'look_every = 0.25')}${alerts('two')}${camera('Pier')}${camera('Reef')}`,
    );
    run.signal('SIGHUP');
    await expect.poll(() => run.logged('reloaded').length, { timeout: 60_000 }).toBe(1);
    expect(run.logged('reloaded')[0]).toMatchObject({
      changed: ['look_every 0.5 → 0.25', 'alerts.command.run', 'Reef is new'],
      later: [],
    });
    await expect.poll(() => namesOf('Reef').length, { timeout: 90_000 }).toBe(3);
    await expect.poll(() => namesOf('Pier').length, { timeout: 90_000 }).toBe(PICTURES.length);

    // Broken, and then with a camera that can't be set up.
    mkdirSync(join(run.folder, 'bad'));
    writeFileSync(join(run.folder, 'bad', 'a.jpg'), 'no picture');
    for (const [i, text] of [
      `${head}${camera('Pier').replace('folder', 'foldr')}`,
      `${head}${camera('Pier')}${camera('Bad', 'bad')}`,
    ].entries()) {
      writeFileSync(file, text);
      run.signal('SIGHUP');
      await expect.poll(() => run.logged('problem').length, { timeout: 60_000 }).toBe(i + 1);
    }
    const [first, second] = run.logged('problem').map(({ sentence }) => sentence);
    expect(first).toContain('foldr: there is no such key; is folder meant?');
    expect(second).toContain("Bad can't be set up");
    const problems = () => subjects().filter((subject) => !subject.endsWith('What happened?'));
    await expect.poll(problems).toHaveLength(1);
    expect(problems()[0]).toMatch(/^two The configuration can't be used/);
    bring('Reef', PICTURES.slice(3, 5));
    await expect.poll(() => namesOf('Reef').length, { timeout: 60_000 }).toBe(5);

    // A good one again: the first camera is followed no more, and the language asks for another browser.
    const other = head.replace(/port = \d+/, 'port = 1234\nlanguage = "ca"');
    writeFileSync(file, `${other}${alerts('two')}${camera('Reef')}`);
    run.signal('SIGHUP');
    await expect.poll(() => run.logged('reloaded').length, { timeout: 60_000 }).toBe(2);
    expect(run.logged('reloaded')[1]).toMatchObject({
      changed: ['look_every 0.25 → 0.5', 'language', 'Pier is followed no more'],
      later: [expect.stringMatching(/^port \d+ → 1234$/)],
    });
    await expect.poll(problems).toHaveLength(2);
    bring('Reef', PICTURES.slice(5, 7));
    await expect.poll(() => namesOf('Reef').length, { timeout: 60_000 }).toBe(7);
    expect(run.output.split('Ready after')).toHaveLength(3);
    expect(await run.end()).toBe(0);

    const all = run.logged('snapshot').filter((line) => !line['corrected']);
    expect(all).toHaveLength(PICTURES.length + 7);
    expect(new Set(namesOf('Pier')).size).toBe(PICTURES.length);
    expect(readdirSync(join(run.folder, 'Pier'))).toHaveLength(PICTURES.length);
  } finally {
    await run.remove();
  }
});
