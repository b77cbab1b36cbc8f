import type { Page } from '@playwright/test';
import { BLANK } from '../addresses';
import { newPage } from '../node-page';
import type { StandIn } from '../stand-in/server';
import { makeSite, type Site } from './site';

const opened: Site[] = [];

/** A device in Node that is connected with the stand-in, and has nothing stored. */
export async function openSite(standIn: StandIn, mytoken: string): Promise<Site> {
  newPage();
  return openAgain(standIn, mytoken);
}

/** Opens the last device again: what was stored is there. */
export async function openAgain(standIn: StandIn, mytoken: string, isWriter = true): Promise<Site> {
  const site = await makeSite(optionsOf(standIn, mytoken, isWriter));
  opened.push(site);
  return site;
}

/** Sends no more, as a page that is closed between two steps. */
export function leave({ sync }: Site): void {
  sync.outbox.work(null);
}

export function closeSites(): void {
  opened.splice(0).forEach(leave);
}

/** The same in a page, as `site`: what an earlier one of its browser has stored is there. */
export async function openSiteIn(
  page: Page,
  standIn: StandIn,
  mytoken: string,
  isWriter = true,
): Promise<void> {
  await page.goto(BLANK);
  await page.evaluate(
    async (options) => {
      const { makeSite } = await import('/tests/sync/site.ts');
      Object.assign(globalThis, { site: await makeSite(options) });
    },
    optionsOf(standIn, mytoken, isWriter),
  );
}

const optionsOf = (standIn: StandIn, mytoken: string, isWriter: boolean) => ({
  baseUrl: standIn.driftwatch.url,
  mytokenServer: standIn.mytoken.url,
  ...{ mytoken, isWriter },
});

/** Ends a page so that it can finish nothing. */
export async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}
