/** Steps that the outbox's specs share, on a page and a service. */
import { expect, type Page } from '@playwright/test';
import type { Delivery } from '../../src/core/domain/camera/records/delivery';
import type { Fault, FaultPlan } from '../stand-in/faults';
import { openLab, type Lab, type Site, type SiteOptions } from './outbox-lab';

declare const lab: Lab;

export const POSTED = /\/drift$/;
export const FOUND = /\/drift\/search$/;
export const RECORD = /\/drift\/[\da-f-]{36}$/;
export const EXCHANGED = /\/token\/access$/;
export const DAY = 86_400_000;

/** Asks often: what is waited for here comes within milliseconds, or must not come at all. */
export const poll = <T>(ask: () => T | Promise<T>) => expect.poll(ask, { intervals: [20, 50, 100] });

export const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

export const counts = (page: Page) => page.evaluate(() => lab.counts());
/** The same once the audit has looked all up that was sent. */
export const audited = (page: Page) =>
  page.evaluate(async () => {
    await lab.settle();
    return lab.counts();
  });
export const deliveries = (page: Page) => page.evaluate(() => lab.deliveries());
export const queue = (page: Page, indices: readonly number[]) =>
  page.evaluate((indices) => lab.queue(indices), indices);
export const work = (page: Page) => page.evaluate(() => lab.work());
export const encourage = (page: Page) => page.evaluate(() => lab.outbox.encourage());
/** The lane's step, without the time, which no test can foresee. */
export const stepOf = (page: Page) =>
  page.evaluate(() => {
    const step = lab.step();
    return step && 'failure' in step ? [step.kind, step.failure.code] : [step?.kind ?? null];
  });

/** Milliseconds that the lane still waits. */
export const timeLeft = (page: Page) =>
  page.evaluate(() => {
    const step = lab.step();
    return step?.kind === 'wait' || step?.kind === 'rest' ? step.until - Date.now() : 0;
  });

export async function start(page: Page, site: Site, jobs: number): Promise<void> {
  await openLab(page, site.options);
  await queue(page, range(jobs));
  await work(page);
}

export const recordsOf = ({ standIn, options }: Site) => standIn.records(options.experimentId);
export const resultIds = (site: Site) => recordsOf(site).map(({ parameters }) => parameters['result_id']);
export const capturedAts = (site: Site) =>
  recordsOf(site).map(({ parameters }) => Date.parse(parameters['captured_at'] as string));

/** Of six at once any may be the first there; none of those after them overtakes one. */
export function expectOldestFirst(site: Site): void {
  const times = capturedAts(site);
  const ranks = new Map([...times].sort((a, b) => a - b).map((time, rank) => [time, rank]));
  const overtaken = times.filter((time, place) => Math.abs(ranks.get(time)! - place) >= 6);
  expect(overtaken).toEqual([]);
}

/** The fault befalls the n-th request of this kind, counted from 1. */
export function onceAt(n: number, method: string, path: RegExp, fault: Fault): FaultPlan {
  let seen = 0;
  return (request) => {
    if (request.method !== method || !path.test(request.path)) return null;
    seen += 1;
    return seen === n ? fault : null;
  };
}

export function always(method: string, path: RegExp, fault: Fault): FaultPlan {
  return (request) => (request.method === method && path.test(request.path) ? fault : null);
}

/** Others change records before it, also on a busy machine. */
export const LATE_AUDIT: SiteOptions = { timings: { settle: 4000 } };

export const answer = (status: number): Fault => ({ kind: 'answer', status });

export const REFUSAL = JSON.stringify({ code: 422, errors: { json: { tags: { 0: ['Too long.'] } } } });

/**
 * Two records, the first of which is there already with another model.
 *
 * @param more - what is known of it here
 * @param corrects - true if the user has agreed to corrections
 */
export async function putDifferent(
  page: Page,
  site: Site,
  more: (there: object) => Partial<Delivery> = () => ({}),
  corrects = false,
): Promise<void> {
  await openLab(page, site.options);
  if (corrects) {
    await page.evaluate(async () => {
      const { saveCorrects } = await import('/src/core/storage/deliveries.ts');
      await saveCorrects(lab.db, lab.lane, true);
    });
  }
  await queue(page, range(2));
  const [{ body }] = (await deliveries(page)) as [Delivery];
  const there = { ...JSON.parse(body), model: 'other' };
  site.standIn.seedRecord(site.options.experimentId, there);
  await page.evaluate((more) => lab.doubt(0, more), more(there));
  await work(page);
}

export const OVERWRITING = () => ({ isOverwriting: true });

/**
 * Queues one record after the other until one is set aside: each time that the service fails on it, others have passed.
 *
 * @param from - how many there are already
 * @returns how many there are then
 */
export async function queueUntilRefused(page: Page, from: number): Promise<number> {
  let next = from;
  await expect
    .poll(
      async () => {
        await queue(page, [next++]);
        return (await counts(page)).refused;
      },
      { intervals: [250] },
    )
    .toBe(1);
  return next;
}

/** @param differing - how many of them others have changed there */
export async function expectAllConfirmed(page: Page, site: Site, jobs: number, differing = 0): Promise<void> {
  const asSent = jobs - differing;
  await poll(() => audited(page)).toEqual({
    ...(asSent > 0 && { confirmed: asSent }),
    ...(differing > 0 && { differs: differing }),
  });
  expect(new Set(resultIds(site)).size).toBe(jobs);
  expect(recordsOf(site)).toHaveLength(jobs);
}
