/** Loaded before the station: its page ends over each file that is called `deadly.jpg`. */
import { chromium } from '@playwright/test';

const launch = chromium.launchPersistentContext.bind(chromium);
chromium.launchPersistentContext = async (...given) => {
  const context = await launch(...given);
  await context.exposeBinding('endPage', ({ page }) => page.close());
  await context.addInitScript(watchFiles);
  return context;
};

/** Runs in the page. */
function watchFiles() {
  const { get, ...others } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'files');
  Object.defineProperty(HTMLInputElement.prototype, 'files', {
    ...others,
    get() {
      const files = get.call(this);
      if ([...files].some(({ name }) => name === 'deadly.jpg')) {
        // A fast page could score the file before it is closed.
        Worker.prototype.postMessage = () => undefined;
        globalThis.endPage();
      }
      return files;
    },
  });
}
