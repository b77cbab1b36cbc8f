/** `npm run station -- tell`: what the forms of the wall do, in a terminal. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { parseArgs } from 'node:util';
import { placeOf } from '../folder.mjs';
import { printable } from '../line.mjs';
import { stop } from '../prepare.mjs';
import { within } from '../within.mjs';
import { readConfig } from './config.mjs';

const USAGE = `npm run station -- tell CAMERA cleaned [--at TIME] [--note TEXT] --config station.toml
npm run station -- tell CAMERA clean [--at TIME] [--note TEXT] --config station.toml
npm run station -- tell CAMERA seen --until DAY [--note TEXT] [--who NAME] --config station.toml
npm run station -- tell CAMERA scene cleaned|in-scene|on-glass|unknown --config station.toml
npm run station -- tell CAMERA mask|settings FILE.json --config station.toml

It tells the station that is at work, and prints how the camera stands then. Times are in UTC, such as 2026-12-24T09:30.
Exit code 0 when it is noted, 2 when arguments or configuration can't be used, 1 for anything else.`;

/** Longer than the station itself waits for its page, in milliseconds. */
const PATIENCE = 25 * 60_000;

const text = { type: 'string' };
const OPTIONS = { config: text, at: text, until: text, note: text, who: text, help: { type: 'boolean' } };

/** @param {string[]} args - after `tell` */
export async function tell(args) {
  const { door, camera, said } = asked(args);
  try {
    const { isWell, answer } = await within(PATIENCE, 'it gave no answer', post(door, camera, said));
    if (!isWell) stop(printable(answer.error));
    const { name, word, told, asks } = answer;
    console.log(printable([`${name}: ${word}.`, told, asks].filter(Boolean).join(' ')));
  } catch (error) {
    stop(`The station can't be reached at port ${door.port}: ${error.message || error.code}. Is it at work?`);
  }
}

function asked(args) {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const { config, help, ...said } = values;
    const [camera, kind, more] = positionals;
    const needsMore = ['scene', 'mask', 'settings'].includes(kind);
    if (help || config === undefined || positionals.length !== (needsMore ? 3 : 2)) stop(USAGE, help ? 0 : 2);
    const { door } = readConfig(placeOf(config));
    if (!door?.tell_token) stop(`${config} has no tell_token_file under [door].`, 2);
    if (kind === 'scene') said.answer = more;
    else if (needsMore) Object.assign(said, JSON.parse(readFileSync(placeOf(more), 'utf8')));
    return { door, camera, said: { ...said, id: randomUUID(), kind } };
  } catch (error) {
    return stop(error.message, 2);
  }
}

async function post({ host, port, tell_token, tls }, camera, said) {
  const usual = tls ? 443 : 80;
  const sent = (tls ? https : http).request({
    // A door for all addresses is at this one too.
    host: { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host,
    port,
    path: `/tell/${encodeURIComponent(camera)}`,
    method: 'POST',
    headers: {
      // Whichever address it listens at, it answers to its own names.
      host: `localhost${port === usual ? '' : `:${port}`}`,
      authorization: `Bearer ${tell_token}`,
      'content-type': 'application/json',
    },
    // The station's own certificate is trusted, whoever signed it and whatever name it is for.
    ...(tls && { ca: tls.cert, allowPartialTrustChain: true, checkServerIdentity: () => undefined }),
  });
  sent.end(JSON.stringify(said));
  const [response] = await once(sent, 'response');
  const answer = JSON.parse(Buffer.concat(await response.toArray()));
  return { isWell: response.statusCode === 200, answer };
}
