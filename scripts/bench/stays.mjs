/** Times *What stays* in the built page, from the click in the Monitor to both medians on the screen. */
import { join } from 'node:path';
import { handFiles } from '../drive.mjs';
import { jpegsIn, setUpCamera } from '../judge-camera.mjs';
import { ROOT } from '../prepare.mjs';

const DEMO = join(ROOT, 'public/demo');
const RUNS = 7;
const WANTED = 150;

/** Prints the first, which starts the worker where a page has just been opened, and the median of those after it. */
export async function benchStays(page) {
  await setUpCamera(page, jpegsIn(join(DEMO, 'reference')), []);
  const files = await handFiles(page, jpegsIn(join(DEMO, 'snapshots')).slice(0, 60));
  await page.evaluate((files) => globalThis.porthole.score([...files.files]), files);
  await page.goto(`${page.url().split('#')[0]}#monitor`);
  await page.reload();
  const [first, ...later] = await timesOfStays(page, RUNS);
  const middle = later.sort((a, b) => a - b)[later.length >> 1];
  console.log(
    `  24 thumbnails: the first time ${first.toFixed(0)} ms, later ${middle.toFixed(0)} ms (wanted ${WANTED})`,
  );
}

/** Milliseconds of so many clicks. @param page - that shows the Monitor of a camera with snapshots */
async function timesOfStays(page, runs) {
  const choice = (name) => page.getByRole('radio', { name });
  const chip = choice('What stays');
  const times = [];
  for (let run = 0; run < runs; run++) {
    await chip.waitFor();
    times.push(
      await chip.evaluate(async (button) => {
        const isThere = () => document.querySelector('img[alt^="What stays"]') !== null;
        const began = performance.now();
        button.click();
        while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 1));
        return performance.now() - began;
      }),
    );
    await choice('Newest').check();
  }
  return times;
}
