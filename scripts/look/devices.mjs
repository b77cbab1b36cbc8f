/** A browser’s storage when a screen is looked at. Each is made once, and copied for each screen. */
import { reference, snapshots } from '../engines.mjs';
import { playDemo, settled, toAlarm, withoutLog } from '../demo.mjs';

/** @type {Readonly<Record<string, (page: import('playwright-core').Page, address: string) => Promise<unknown>>>} */
export const DEVICES = {
  /** a first visit */
  empty: (page, address) => page.goto(address),
  /** the demo as it is shipped: the lens is clear */
  demo: (page, address) => playDemo(page, address),
  /** the demo until the diver comes */
  alarm: (page, address) => playDemo(page, address, toAlarm),
  /** the demo, of which nobody logged the cleaning */
  question: (page, address) => playDemo(page, address, withoutLog),
  /** three cameras: one fouled, one clear, one silent */
  several: setUpSeveral,
};

async function setUpSeveral(page, address) {
  await page.goto(address);
  await page.waitForFunction(() => 'porthole' in globalThis);
  await page.evaluate(setUp, { name: 'Harbour', days: 0, reference, snapshots: snapshots.slice(0, 14) });
  const { snapshots: fouled } = toAlarm({ snapshots });
  for (const [name, seen] of [
    ['Reef north', fouled],
    ['Reef south', snapshots.slice(0, 14)],
  ]) {
    const days = daysSince(seen.at(-1));
    await page.evaluate(setUp, { name, days, reference, snapshots: seen });
  }
  await settled(page);
}

/** Whole days since a snapshot, by its name. */
function daysSince(name) {
  const [, ...numbers] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(name).map(Number);
  const [year, month, ...rest] = numbers;
  return Math.floor((Date.now() - Date.UTC(year, month - 1, ...rest)) / 86_400_000);
}

/** Runs in the page: a camera from the demo's files, captured so many days later. */
async function setUp({ name, days, reference, snapshots }) {
  const moved = (name) => {
    const [, year, month, day, rest] = /^(\d{4})(\d\d)(\d\d)(.*)$/.exec(name);
    const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + days));
    return date.toISOString().slice(0, 10).replaceAll('-', '') + rest;
  };
  const files = (folder, names) =>
    Promise.all(
      names.map(
        async (name) => new File([await (await fetch(`demo/${folder}/${name}`)).blob()], moved(name)),
      ),
    );
  await globalThis.porthole.setUpCamera(await files('reference', reference), { name });
  await globalThis.porthole.score(await files('snapshots', snapshots));
}
