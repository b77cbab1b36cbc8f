/**
 * A browser through W3C WebDriver (https://www.w3.org/TR/webdriver2/), as far as a check of the page needs it: eight
 * commands are less than a library that would be installed with every `npm start`.
 */
import { spawn } from 'node:child_process';
import { freePort } from './free-port.mjs';
import { within } from './within.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/**
 * Starts a driver and a browser with an empty profile.
 *
 * @param {string} driver - path of the driver
 * @param {object} capabilities
 * @param {number} patience - how long a command may take, in milliseconds
 */
export async function openBrowser(driver, capabilities, patience) {
  const port = await freePort();
  const process = spawn(driver, [`--port=${port}`], { stdio: 'ignore' });
  const ended = new Promise((resolve) => process.once('exit', resolve));
  const root = `http://127.0.0.1:${port}`;
  const send = async (method, path, body) => {
    const answer = await fetch(`${root}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(patience),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  try {
    await untilReady(send, patience);
    const { sessionId, capabilities: given } = await send('POST', '/session', {
      capabilities: { alwaysMatch: { ...capabilities, timeouts: { script: patience, pageLoad: patience } } },
    });
    return browserOf(
      (method, path, body) => send(method, `/session/${sessionId}${path}`, body),
      given,
      async () => {
        await send('DELETE', `/session/${sessionId}`).catch(() => undefined);
        process.kill();
        await within(patience, 'The driver did not end', ended).finally(() => process.kill('SIGKILL'));
      },
    );
  } catch (error) {
    process.kill();
    throw error;
  }
}

function browserOf(send, capabilities, close) {
  /** Runs a function in the page, which may return a promise. */
  const evaluate = async (work, ...args) => {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve((${work})(...[...arguments].slice(0, -1)))
        .then((value) => done({ value }), (error) => done({ error: String(error?.message ?? error) }));`;
    const { value, error } = await send('POST', '/execute/async', { script, args });
    if (error !== undefined) throw new Error(error);
    return value;
  };
  /** The element of an XPath, once it is there. */
  const find = async (xpath, patience = 60_000) => {
    for (const end = Date.now() + patience; ;) {
      const found = await send('POST', '/elements', { using: 'xpath', value: xpath });
      if (found.length > 0) return found[0][ELEMENT];
      if (Date.now() > end) throw new Error(`${xpath} is not there`);
      await pause(200);
    }
  };
  return {
    name: `${capabilities.browserName} ${capabilities.browserVersion}`,
    close,
    evaluate,
    find,
    goTo: (url) => send('POST', '/url', { url }),
    reload: () => send('POST', '/refresh', {}),
    resize: (width, height) => send('POST', '/window/rect', { width, height }),
    click: async (xpath) => send('POST', `/element/${await find(xpath)}/click`, {}),
    type: async (xpath, text) => send('POST', `/element/${await find(xpath)}/value`, { text }),
    /** Waits until a function in the page returns true. */
    until: async (work, patience, ...args) => {
      for (const end = Date.now() + patience; !(await evaluate(work, ...args));) {
        if (Date.now() > end) throw new Error(`not within ${patience} ms: ${work}`);
        await pause(200);
      }
    },
  };
}

async function untilReady(send, patience) {
  for (const end = Date.now() + patience; ;) {
    const isReady = await send('GET', '/status').then(
      () => true,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > end) throw new Error('the driver did not start');
    await pause(100);
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
