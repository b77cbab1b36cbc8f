import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { runPeer } from '../../../scripts/bench/peers.mjs';
import { within } from '../../../scripts/within.mjs';

test('what does not come is told once its time is over, and what comes is given', async () => {
  const never = new Promise<never>(() => undefined);
  await expect(within(20, 'No picture came', never)).rejects.toThrow(/^No picture came within 0\.02 s$/);
  expect(await within(60_000, 'No picture came', Promise.resolve(3))).toBe(3);
  const failing = Promise.reject(new Error('no disk'));
  await expect(within(60_000, 'No picture came', failing)).rejects.toThrow('no disk');
});

test('a peer that hangs or fails is told, and one whose packages are missing is none', () => {
  test.skip(spawnSync('python3', ['--version']).status !== 0, 'needs Python');
  const wait = ['-c', 'import threading; threading.Event().wait()'];
  expect(() => runPeer(wait, { timeout: 300 })).toThrow('The Python peer gave no figures in time');
  expect(() => runPeer(['-c', 'import sys; sys.exit("locked")'])).toThrow(/^The Python peer failed: locked/);
  expect(runPeer(['-c', 'import sys; sys.exit(3)'])).toBeNull();
  expect(runPeer(['-c', 'import sys; print(sys.stdin.read())'], { input: '7' })).toBe('7\n');
});
