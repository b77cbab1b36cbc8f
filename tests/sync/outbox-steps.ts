/** Steps that the outbox's specs share, on a device and a service. */
import { expect } from '@playwright/test';
import type { Delivery } from '../../src/core/domain/camera/records/delivery';
import type { Fault, FaultPlan } from '../stand-in/faults';
import type { Lab, LabHere } from './lab';
import { openLab, type Site, type SiteOptions } from './outbox-lab';

export const POSTED = /\/drift$/;
export const FOUND = /\/drift\/search$/;
export const RECORD = /\/drift\/[\da-f-]{36}$/;
export const EXCHANGED = /\/token\/access$/;
export const DAY = 86_400_000;

/** Asks often: what is waited for here comes within milliseconds, or must not come at all. */
export const poll = <T>(ask: () => T | Promise<T>) => expect.poll(ask, { intervals: [20, 50, 100] });

export const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

/** The counts once the audit has looked all up that was sent. */
export async function audited(lab: Lab): ReturnType<Lab['counts']> {
  await lab.settle();
  return lab.counts();
}

/** The lane's step, without the time, which no test can foresee. */
export async function stepOf(lab: Lab): Promise<(string | null)[]> {
  const step = await lab.step();
  return step && 'failure' in step ? [step.kind, step.failure.code] : [step?.kind ?? null];
}

/** Milliseconds that the lane still waits. */
export async function timeLeft(lab: Lab): Promise<number> {
  const step = await lab.step();
  return step?.kind === 'wait' || step?.kind === 'rest' ? step.until - Date.now() : 0;
}

/** A device at work, with so many jobs. */
export async function start(site: Site, jobs: number): Promise<LabHere> {
  const lab = await openLab(site.options);
  await lab.queue(range(jobs));
  await lab.work();
  return lab;
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
  site: Site,
  more: (there: object) => Partial<Delivery> = () => ({}),
  corrects = false,
): Promise<LabHere> {
  const lab = await openLab(site.options);
  if (corrects) await lab.agree();
  await lab.queue(range(2));
  const [{ body }] = (await lab.deliveries()) as [Delivery];
  const there = { ...JSON.parse(body), model: 'other' };
  site.standIn.seedRecord(site.options.experimentId, there);
  await lab.doubt(0, more(there));
  await lab.work();
  return lab;
}

export const OVERWRITING = () => ({ isOverwriting: true });

/**
 * Queues one record after the other until one is set aside: each time that the service fails on it, others have passed.
 *
 * @param from - how many there are already
 * @returns how many there are then
 */
export async function queueUntilRefused(lab: Lab, from: number): Promise<number> {
  let next = from;
  await expect
    .poll(
      async () => {
        await lab.queue([next++]);
        return (await lab.counts()).refused;
      },
      { intervals: [250] },
    )
    .toBe(1);
  return next;
}

/** @param differing - how many of them others have changed there */
export async function expectAllConfirmed(lab: Lab, site: Site, jobs: number, differing = 0): Promise<void> {
  const asSent = jobs - differing;
  await poll(() => audited(lab)).toEqual({
    ...(asSent > 0 && { confirmed: asSent }),
    ...(differing > 0 && { differs: differing }),
  });
  expect(new Set(resultIds(site)).size).toBe(jobs);
  expect(recordsOf(site)).toHaveLength(jobs);
}
