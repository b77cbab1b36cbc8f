/** `npm run station -- tell`: what the forms of the wall do, in a terminal. */
import { once } from 'node:events';
import { X509Certificate, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect as connectTls } from 'node:tls';
import { parseArgs } from 'node:util';
import { printable } from '../line.mjs';
import { stop } from '../prepare.mjs';
import { readConfig } from './config.mjs';
import { placeOf } from '../folder.mjs';

const USAGE = `npm run station -- tell CAMERA cleaned [--at TIME] [--note TEXT] --config station.toml
npm run station -- tell CAMERA seen --until DAY [--note TEXT] [--who NAME] --config station.toml
npm run station -- tell CAMERA scene in-scene|on-glass|unknown --config station.toml
npm run station -- tell CAMERA mask|settings FILE.json --config station.toml

It tells the station that is at work, and prints how the camera stands then. Times are in UTC, such as 2026-12-24T09:30.
Exit code 0 when it is noted, 2 when arguments or configuration can't be used, 1 for anything else.`;

const text = { type: 'string' };
const OPTIONS = { config: text, at: text, until: text, note: text, who: text, help: { type: 'boolean' } };

/** @param {string[]} args - after `tell` @returns {Promise<number>} the exit code */
export async function tell(args) {
  const { door, camera, said } = orStop(() => asked(args), 2);
  try {
    const { status, answer } = await post(door, camera, said);
    if (status !== 200) stop(printable(answer.error));
    const { name, word, told, asks } = answer;
    console.log(printable([`${name}: ${word}.`, told, asks].filter(Boolean).join(' ')));
    return 0;
  } catch (error) {
    const at = `${door.host}:${door.port}`;
    return stop(`The station can't be told at ${at}: ${error.message || error.code}. Is it at work?`);
  }
}

function asked(args) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const { config, help, ...said } = values;
  const [camera, kind, more] = positionals;
  if (help) {
    console.log(USAGE);
    process.exit(0);
  }
  const needsMore = ['scene', 'mask', 'settings'].includes(kind);
  if (config === undefined || kind === undefined || positionals.length !== (needsMore ? 3 : 2))
    throw new Error(USAGE);
  const { door } = readConfig(placeOf(config));
  if (!door?.tell_token) throw new Error(`${config} has no tell_token_file under [door].`);
  if (kind === 'scene') said.answer = more;
  else if (needsMore) Object.assign(said, JSON.parse(readFileSync(placeOf(more), 'utf8')));
  return { door, camera, said: { ...said, id: randomUUID(), kind } };
}

function orStop(work, code) {
  try {
    return work();
  } catch (error) {
    return stop(error.message, code);
  }
}

async function post({ host, port, tell_token, tls }, camera, said) {
  // A door for all addresses is at this one too.
  const at = { host: { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host, port };
  const socket = tls && (await connectTo(at, tls.cert));
  const headers = { authorization: `Bearer ${tell_token}`, 'content-type': 'application/json' };
  const path = `/tell/${encodeURIComponent(camera)}`;
  const sent = request({ ...at, path, method: 'POST', headers, ...(tls && { createConnection: () => socket }) });
  sent.end(JSON.stringify(said));
  const [response] = await once(sent, 'response');
  const parts = await response.toArray();
  return { status: response.statusCode, answer: JSON.parse(Buffer.concat(parts)) };
}

/** The token goes to who has the station's own certificate, whoever signed it and whatever name it is for. */
async function connectTo(at, cert) {
  const socket = connectTls({ ...at, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const isOurs = socket.getPeerX509Certificate()?.fingerprint256 === new X509Certificate(cert).fingerprint256;
  if (isOurs) return socket;
  socket.destroy();
  throw new Error('another certificate is there');
}
