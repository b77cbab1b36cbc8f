/** `npm test`: installs, finds or installs a browser, then checks, builds and tests everything. */
import { spawnSync } from 'node:child_process';
import { build, prepare, run, stop } from './prepare.mjs';

prepare();
const { installedChromium, playwrightChromium } = await import('./browser.mjs');
await ensureBrowser();
const only = process.argv.slice(2);
if (only.length === 0) run('npm', ['run', '--silent', 'check'], 'A check failed; the lines above say which.');
build();
run('npx', ['playwright', 'test', ...only], 'A test failed; the lines above say which.');

/** An installed Chromium, else Playwright's own, else Debian's package: the first that is there or can be had. */
async function ensureBrowser() {
  const isThere = async () => installedChromium() !== undefined || (await playwrightChromium()) !== undefined;
  if (await isThere()) return;
  console.log('No Chromium found; trying to install one…');
  spawnSync('npx', ['playwright', 'install', 'chromium'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (await isThere()) return;
  if (process.getuid?.() === 0) {
    spawnSync('apt-get', ['update', '-q'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-q', 'chromium'], { stdio: 'inherit' });
  }
  if (await isThere()) return;
  stop(
    'The tests need a Chromium. Install one (Debian, Ubuntu: sudo apt-get install chromium), or name it: PORTHOLE_CHROMIUM=/path/to/chrome npm test',
  );
}
