import { expect, test } from '@playwright/test';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO, StationRun } from './station-run';

test('a camera of a station is deployed as its iFDO and its table say, the table first @long', async () => {
  test.setTimeout(180_000);
  const run = new StationRun();
  const put = (from: string, to: string, count: number) => {
    mkdirSync(join(run.folder, to));
    for (const name of readdirSync(join(DEMO, from)).sort().slice(0, count))
      copyFileSync(join(DEMO, from, name), join(run.folder, to, name));
  };
  const results = join(run.folder, 'www', 'pier.json');
  try {
    put('snapshots', 'camera', 2);
    put('reference', 'clean', 16);
    writeFileSync(
      join(run.folder, 'clean', 'pier-ifdo.yaml'),
      'image-set-header:\n  image-latitude: 41.18\n  image-longitude: 1.75\n  image-platform: {name: Buoy}\n  image-event: {name: Vilanova}\n',
    );
    await run.configure(`[wall]
folder = "www"
[[camera]]
name = "Pier"
folder = "camera"
reference = "clean"
platform = "OBSEA"
begin = 2026-05-01
end = 2026-05-31
creators = ["Ada", "UPC"]
doi = "https://doi.org/10.1594/PANGAEA.1"
`);
    run.start();
    await expect.poll(() => existsSync(results), { timeout: 120_000 }).toBe(true);
    const { made_by } = JSON.parse(readFileSync(results, 'utf8')) as { made_by: { deployment: object } };
    expect(made_by.deployment).toEqual({
      ...{ latitude: 41.18, longitude: 1.75, platform: 'OBSEA', site: 'Vilanova' },
      ...{ begin: '2026-05-01T00:00:00Z', end: '2026-05-31T23:59:59Z' },
      ...{ creators: ['Ada', 'UPC'], doi: '10.1594/PANGAEA.1' },
    });
    expect(run.output).toContain('Place, times and rights are from pier-ifdo.yaml.');
    expect(await run.end()).toBe(0);
  } finally {
    await run.remove();
  }
});
