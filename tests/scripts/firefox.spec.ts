/** The main job in an installed Firefox, by the command that a person runs. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { installedFirefox } from '../../scripts/browser.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

test('all that npm run firefox claims holds @long', async () => {
  test.skip(
    installedFirefox() === undefined,
    'no Firefox is installed: apt-get install firefox-esr, or name one by PORTHOLE_FIREFOX',
  );
  test.setTimeout(900_000);
  const { stdout, stderr } = await run(process.execPath, ['scripts/firefox.mjs'], { cwd: ROOT }).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
  expect(stdout + stderr).toContain('Everything holds.');
});
