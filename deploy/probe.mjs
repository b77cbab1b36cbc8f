/** `node deploy/probe.mjs live|ready`: ends with 1 where the door of this container's station says no, or nothing. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'smol-toml';

const [question = 'live', path = '/station/station.toml'] = process.argv.slice(2);
const door = doorIn(path);
if (door) {
  const { listen = '127.0.0.1:5000', token_file: file } = door;
  const headers = file && {
    authorization: `Bearer ${readFileSync(resolve(dirname(path), file), 'utf8').trim()}`,
  };
  const address = listen.replace(/^(0\.0\.0\.0|\[::\]):/, 'localhost:');
  const { ok } = await fetch(`http://${address}/health/${question}`, { headers });
  process.exitCode = ok ? 0 : 1;
}

/** @returns nothing where no file can be read: a station goes on with what it has read before */
function doorIn(path) {
  try {
    return parse(readFileSync(path, 'utf8')).door;
  } catch {
    return undefined;
  }
}
