import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/free-port.mjs';
import { DEMO, pictureWith, StationRun } from './station-run';

test('a picture that states no time is set aside, by the door too, until file_dates says that its date is right @long', async () => {
  test.setTimeout(240_000);
  test.skip(!existsSync('/proc'), 'the browser is found and ended by /proc, which this system lacks');
  const run = new StationRun();
  const patience = { timeout: 60_000 };
  try {
    const folder = join(run.folder, 'camera');
    mkdirSync(folder);
    const port = await freePort();
    const door = `[door]\nlisten = "127.0.0.1:${port}"\n`;
    await run.configure(
      `${door}[[camera]]\nname = "Demo"\nfolder = "camera"\nreference = "${DEMO}reference"\n`,
    );
    const lineOf = (name: string) => run.lines.findLast(({ image_name }) => image_name === name);
    writeFileSync(join(folder, 'a.jpg'), pictureWith(0, 'a'));
    run.start();
    await expect
      .poll(() => lineOf('a.jpg'), patience)
      .toMatchObject({
        ...{ verdict: 'not-checked', distance: null, set_aside: 'time-unknown' },
      });
    expect(run.output).toContain('Demo: 1 set aside: neither name nor EXIF states a time.');
    const form = new FormData();
    form.set('input_file', new Blob([new Uint8Array(pictureWith(1, 'b'))]), 'b.jpg');
    const predict = `http://127.0.0.1:${port}/v2/models/porthole/predict/`;
    const answer = await fetch(predict, { method: 'POST', body: form });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      predictions: { distance: null, reason: expect.stringContaining('when the picture was taken') },
    });
    expect(await run.end()).toBe(0);

    const path = join(run.folder, 'station.toml');
    writeFileSync(path, `${readFileSync(path, 'utf8')}file_dates = true\n`);
    writeFileSync(join(folder, 'c.jpg'), pictureWith(2, 'c'));
    run.start();
    await expect.poll(() => lineOf('c.jpg')?.distance, patience).toEqual(expect.any(Number));
    expect(lineOf('c.jpg')).not.toHaveProperty('set_aside');
    expect(run.output).toContain("where a picture states no time, its file's date counts from now on");
    expect(await run.end()).toBe(0);
  } finally {
    await run.remove();
  }
});
