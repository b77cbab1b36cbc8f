/**
 * `npm test`: installs, finds or installs a browser, then checks, builds and runs the tests without @long in their titles.
 * With arguments for Playwright: no checks, and the tests that these name.
 */
import { spawnSync } from 'node:child_process';
import { build, prepare, run, stop } from './prepare.mjs';

prepare();
const { hasChromium } = await import('./browser.mjs');
await ensureBrowser();
const named = process.argv.slice(2);
if (named.length === 0)
  run('npm', ['run', '--silent', 'check'], 'A check failed; the lines above say which.');
build();
const chosen = named.length === 0 ? ['--grep-invert', '@long'] : named;
run('npx', ['playwright', 'test', ...chosen], 'A test failed; the lines above say which.');

/** An installed Chromium, else Playwright's own, else Debian's package: the first that is there or can be had. */
async function ensureBrowser() {
  if (await hasChromium()) return;
  console.log('No Chromium found; trying to install one…');
  spawnSync('npx', ['playwright', 'install', 'chromium'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (await hasChromium()) return;
  if (process.getuid?.() === 0) {
    spawnSync('apt-get', ['update', '-q'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-q', 'chromium'], { stdio: 'inherit' });
  }
  if (await hasChromium()) return;
  stop(
    'The tests need a Chromium. Install one (Debian, Ubuntu: sudo apt-get install chromium), or name it: PORTHOLE_CHROMIUM=/path/to/chrome npm test',
  );
}
