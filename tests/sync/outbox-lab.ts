import { test as base, type Page } from '@playwright/test';
import { BLANK } from '../addresses';
import type { Timings } from '../../src/features/driftwatch/outbox/timings';
import { newPage } from '../node-page';
import { startStandIn, type StandIn, type StandInOptions } from '../stand-in/server';
import { makeLab, type Lab, type LabHere, type LabOptions } from './lab';

/** A stand-in with an experiment that the token's owner may write to. */
export interface Site {
  readonly standIn: StandIn;
  readonly options: LabOptions;
  /** As somebody else with the same permissions would do it. @returns its status */
  call(method: string, path: string, body?: unknown): Promise<number>;
  /** How often a page has asked for this, not counting the browser's own preflights. */
  asked(method: string, path: RegExp): number;
}

export interface SiteOptions {
  readonly standIn?: StandInOptions;
  readonly isRegistered?: boolean;
  readonly emailVerified?: boolean;
  readonly level?: 'Read' | 'Edit';
  readonly timings?: Partial<Timings>;
}

/** Patient with the machine, quick with everything else. */
const TIMINGS: Timings = { timeout: 1500, settle: 100, backoffBase: 20, backoffMost: 200 };

const opened: LabHere[] = [];

/** `site` is the usual one; `open` makes others. */
export const test = base.extend<{ open: (options?: SiteOptions) => Promise<Site>; site: Site }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixtures it needs from this pattern.
  open: async ({}, use) => {
    const started: StandIn[] = [];
    await use(async ({ isRegistered = true, emailVerified = true, level = 'Edit', ...given } = {}) => {
      const standIn = await startStandIn({ cors: true, rateLimit: null, ...given.standIn });
      started.push(standIn);
      const owner = standIn.newMytoken({ isRegistered, emailVerified });
      const other = standIn.newMytoken({ isRegistered: true });
      const userOf = ({ subject }: { subject: string }) =>
        standIn.users().find((user) => user.subject === subject)?.id ?? 'nobody';
      const experiment = standIn.seedExperiment({
        name: 'camera',
        permissions: [
          { entity: userOf(owner), level },
          { entity: userOf(other), level: 'Manage' },
        ],
      });
      return {
        standIn,
        options: {
          baseUrl: standIn.driftwatch.url,
          mytokenServer: standIn.mytoken.url,
          mytoken: owner.mytoken,
          experimentId: experiment.id,
          timings: { ...TIMINGS, ...given.timings },
        },
        call: async (method, path, body) => {
          const answer = await fetch(`${standIn.driftwatch.url}/experiment/${experiment.id}${path}`, {
            method,
            headers: { authorization: `Bearer ${other.accessToken()}`, 'content-type': 'application/json' },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          });
          return answer.status;
        },
        asked: (method, path) =>
          standIn.requests.filter((request) => request.method === method && path.test(request.path)).length,
      };
    });
    for (const lab of opened.splice(0)) await lab.rest();
    await Promise.all(started.map((standIn) => standIn.close()));
  },
  site: async ({ open }, use) => {
    await use(await open());
  },
});

/** A device of the site's with nothing stored, in Node. */
export async function openLab(options: LabOptions): Promise<LabHere> {
  newPage();
  return openLabAgain(options);
}

/** Opens the last device again: what was stored is there. */
export async function openLabAgain(options: LabOptions): Promise<LabHere> {
  const lab = await makeLab(options);
  opened.push(lab);
  return lab;
}

/** The same in a page: what an earlier one of its browser has stored is there. */
export async function openLabIn(page: Page, options: LabOptions): Promise<Lab> {
  await page.goto(BLANK);
  await page.evaluate(async (options) => {
    const { makeLab } = await import('/tests/sync/lab.ts');
    Object.assign(globalThis, { lab: await makeLab(options) });
  }, options);
  const call = (name: keyof Lab, args: readonly unknown[]) =>
    page.evaluate(
      ([name, args]) => {
        const { lab } = globalThis as unknown as { lab: Record<string, (...args: unknown[]) => unknown> };
        return lab[name]!(...args);
      },
      [name, args] as const,
    );
  return new Proxy({} as Lab, {
    // Not a promise itself, though it is awaited.
    get: (_, name) => name !== 'then' && ((...args: unknown[]) => call(name as keyof Lab, args)),
  });
}
