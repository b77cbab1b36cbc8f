/** Plays the demo camera as a person does, for `npm run look` and `npm run pictures`. */

/** The lens is grown over until a diver wipes it at this time. */
const CLEANED = '20260522-06';

/** The demo's story up to a capture time, with nothing logged. */
const storyUntil = (end) => (index) => ({
  ...index,
  snapshots: index.snapshots.filter((name) => name < end),
  events: [],
});

/** Tell the demo's story otherwise: each takes `public/demo/index.json` and gives what is played. */
export const toAlarm = storyUntil(CLEANED);
export const toClear = storyUntil('20260516');
export const withoutLog = (index) => ({ ...index, events: [] });

/**
 * Opens the page and plays the demo until all of it is judged and drawn.
 *
 * @param {import('playwright-core').Page} page - with nothing stored
 * @param {string} address
 * @param {(index: any) => any} [told] - the story; as it is shipped without
 */
export async function playDemo(page, address, told = (index) => index) {
  await page.route('**/demo/index.json', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: told(await response.json()) });
  });
  await page.goto(address);
  await page.getByRole('button', { name: 'Try the demo camera' }).click();
  await page.getByRole('region', { name: 'Verdict' }).waitFor();
  await settled(page);
}

/** The page begins what can wait a second after it was seen. */
const QUIET = 1_200;

/** Waits until the page is at rest: nothing at work, and for a while nothing fetched and nothing drawn anew. */
export async function settled(page) {
  const atWork = page.getByRole('region', { name: 'Progress' }).or(page.locator('header select:disabled'));
  do {
    await atWork.first().waitFor({ state: 'detached', timeout: 60_000 });
    await page.evaluate(quiet, QUIET);
  } while ((await atWork.count()) > 0);
}

/** Runs in the page. */
function quiet(milliseconds) {
  return new Promise((resolve) => {
    const end = () => {
      drawn.disconnect();
      fetched.disconnect();
      resolve();
    };
    let waiting = setTimeout(end, milliseconds);
    const restart = () => {
      clearTimeout(waiting);
      waiting = setTimeout(end, milliseconds);
    };
    const drawn = new MutationObserver(restart);
    drawn.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const fetched = new PerformanceObserver(restart);
    fetched.observe({ type: 'resource' });
  });
}
