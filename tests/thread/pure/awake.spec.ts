import { expect, test } from '@playwright/test';
import { afterAwake } from '../../../src/core/thread/awake';

const passing = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** As a laptop that sleeps, or a tab that the browser has frozen: timers are overdue when it wakes. */
function sleep(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

test('time in which the page slept ends no wait before there was time to hear an answer', async () => {
  let isOver = false;
  const began = performance.now();
  afterAwake(400, () => {
    isOver = true;
  });
  sleep(1_000);
  await passing(0);
  expect(isOver).toBe(false);
  await expect.poll(() => isOver, { intervals: [20] }).toBe(true);
  expect(performance.now() - began).toBeGreaterThan(1_150);
});

test('a wait is as long as it says while the page is awake, and can be stopped', async () => {
  let calls = 0;
  const began = performance.now();
  const waited = new Promise<number>((resolve) => {
    afterAwake(200, () => {
      calls += 1;
      resolve(performance.now() - began);
    });
  });
  afterAwake(50, () => {
    calls += 1;
  })();
  expect(await waited).toBeGreaterThan(190);
  await passing(100);
  expect(calls).toBe(1);
});
