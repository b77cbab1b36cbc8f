/** `npm run embed -- …`: what a folder's snapshots are known by, in shards that any machine can make. */
import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { commandLine } from './command-line.mjs';
import { Lease } from './embed/lease.mjs';
import {
  ASSIGNMENT,
  datedFile,
  listingOf,
  manifestIn,
  ofShard,
  SHARD_FORMAT,
  shardIn,
} from './embed/shard.mjs';
import { ShardWriter } from './embed/writer.mjs';
import { listed, placeOf } from './folder.mjs';
import { build, prepare, stop } from './prepare.mjs';
import { progressLine } from './progress.mjs';

const USAGE = `npm run embed -- --snapshots DIR --out DIR [--shard I/N] [--model ID_OR_FILE.onnx] [--workers W]

Writes what each snapshot of a folder is known by, for npm run score -- --shards: embedding, image properties, what
growth and loss are looked for in, SHA-256, capture time, or why it could not be read. docs/archive.md has the files.

  --snapshots   the whole folder, for each shard the same one
  --shard       which part of it: 3/16 is the third of sixteen (default 1/1). The file at place p, from 0, of the sorted
                relative paths is in shard 1 + p mod N, so shards may be made anywhere, again, and in any order
  --out         the shard's folder. Until it is whole it is in DIR.part, with which the same command goes on. One process
                at a time works on it: a second one says so and ends, and takes over from one that is gone
  --model       a model that ships with Porthole, or an ONNX file (default: the shipped one)
  --workers     encoders at work; each keeps one core busy (default 1)

  npm run embed -- --snapshots archive/ --out shards/1
  npm run embed -- --snapshots archive/ --shard 3/16 --out shards/3

Exit code 0 when the shard is there or another process is at work on it, 2 when an argument or a folder is wrong, 1 for
anything else.`;

const options = readOptions();
const all = listed(options.snapshots);
if (all.length === 0) stop(`There is no file in ${options.snapshots}.`, 2);
const files = ofShard(all, options.shard);
const cut = {
  format: SHARD_FORMAT,
  ...options.shard,
  assignment: ASSIGNMENT,
  folder: basename(placeOf(options.snapshots)),
  listing: listingOf(all),
};

prepare();
build();
const out = placeOf(options.out);
let present = manifestIn(out);
const lease = present ? null : await leaseOfShard();
// The holder of the lease until now may have finished the shard.
present ??= manifestIn(out);
const { serveDist } = await import('./serve.mjs');
const { commandInPage, handFiles, modelGiven } = await import('./drive.mjs');

const server = await serveDist();
await commandInPage(server, {}, async (page) => {
  try {
    return await embed(page);
  } catch (error) {
    throw new Error(`${options.out}: ${reasonOf(error)}`, { cause: error });
  }
});

async function embed(page) {
  const model = await modelGiven(page, options.model && modelArgument(options.model));
  if (model.unknown) {
    console.error(`There is no model ${options.model}. There are: ${model.unknown.join(', ')}.`);
    return 2;
  }
  const opened = await page.evaluate(
    ([sha256, workers]) =>
      globalThis.porthole.tryTo(async () => (await globalThis.porthole.archive()).openModel(sha256, workers)),
    [model.sha256, options.workers],
  );
  if ('problem' in opened) throw new Error(opened.problem);
  const facts = { ...cut, ...opened.value };
  if (present) {
    const isSame = Object.entries(facts).every(
      ([key, value]) => JSON.stringify(present[key]) === JSON.stringify(value),
    );
    console.error(
      isSame
        ? `${options.out} is there already, with ${present.rows} snapshots.`
        : `${options.out} is another shard, or of other files, another model or another version. Nothing was changed.`,
    );
    return isSame ? 0 : 2;
  }
  const places = new Map(files.map(({ path, file }) => [path, file]));
  const writer = new ShardWriter(out, lease, facts, (path) => datedFile(places.get(path) ?? ''));
  const progress = progressLine('Embedding');
  try {
    let from = files.findIndex(({ path }) => path === writer.lastPath) + 1;
    if (from > 0) console.error(`Goes on after ${writer.rows} snapshots.`);
    while (from < files.length) from = await embedFrom(page, from, { writer, progress });
    await writer.finish((descr, shape) =>
      page.evaluate(
        async ([descr, shape]) => (await globalThis.porthole.archive()).npyHeader(descr, shape),
        [descr, shape],
      ),
    );
  } finally {
    progress.end();
  }
  const { shard, of } = options.shard;
  const failed = writer.unreadable > 0 ? `, ${writer.unreadable} of them not readable` : '';
  console.error(`Shard ${shard} of ${of}: ${writer.rows} snapshots${failed}.`);
  return 0;
}

/**
 * Embeds the files from a place on, as they are now.
 *
 * @returns the place to go on from: of a file that changed in between, or the end
 */
async function embedFrom(page, from, { writer, progress }) {
  const left = files.slice(from).map((entry) => ({ ...entry, ...datedFile(entry.file) }));
  const given = await handFiles(
    page,
    left.map(({ file }) => file),
  );
  await page.evaluate(async (given) => (await globalThis.porthole.archive()).embed([...given.files]), given);
  // The next part is asked for while one is written.
  const ask = () =>
    page.evaluate(() =>
      globalThis.porthole.tryTo(async () => (await globalThis.porthole.archive()).nextPart()),
    );
  for (let next = ask(); ;) {
    const part = await next;
    if ('problem' in part) throw new Error(part.problem);
    if (part.value === null) return files.length;
    const { rows } = part.value;
    if (rows.some(({ index }) => hasChanged(left[index]))) return from + rows[0].index;
    next = ask();
    // The browser is closed under it when the part can't be written.
    next.catch(() => {});
    writer.add(part.value, left);
    progress.show(from + (rows.at(-1)?.index ?? 0) + 1, files.length);
  }
}

/** @throws Error for a file that is gone: the shard can't be made as it was listed */
function hasChanged({ path, file, bytes, modified }) {
  const now = datedFile(file);
  if (!now) throw new Error(`${path} is gone. Put it back, or make all shards of this folder again.`);
  return now.bytes !== bytes || now.modified !== modified;
}

/** Ends the program where the shard can't be written, or another process is at work on it. */
async function leaseOfShard() {
  // A shard would take its name only at the end.
  if (existsSync(out) && readdirSync(out).length > 0)
    stop(`${options.out} holds something else than a shard. Nothing was changed.`, 2);
  const waiting = progressLine('Waiting for the lease of another process to expire');
  let taken;
  try {
    taken = await Lease.take(`${out}.part`, waiting.show);
  } catch (error) {
    stop(`${options.out}: ${error.message}`);
  }
  waiting.end();
  if (!(taken instanceof Lease)) {
    const since = taken.since ? ` since ${taken.since}` : '';
    stop(`${options.out}: ${taken.holder} is at work on this shard${since}. Nothing was changed.`, 0);
  }
  process.on('exit', () => taken.release());
  for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
    process.on(signal, () => process.exit(128 + number));
  return taken;
}

/** Why the shard was not finished: a lost lease comes before what it has led to. */
function reasonOf(error) {
  try {
    lease?.check();
    return error.message;
  } catch (lost) {
    return lost.message;
  }
}

function modelArgument(model) {
  return model.endsWith('.onnx') ? placeOf(model) : model;
}

function readOptions() {
  const text = { type: 'string' };
  const values = commandLine(
    {
      snapshots: text,
      out: text,
      model: text,
      shard: { ...text, default: '1/1' },
      workers: { ...text, default: '1' },
    },
    USAGE,
  );
  for (const needed of ['snapshots', 'out']) {
    if (values[needed] === undefined) stop(`--${needed} is missing.\n\n${USAGE}`, 2);
  }
  const shard = shardIn(values.shard);
  if (!shard) stop(`--shard is ${values.shard}: expected I/N, such as 3/16, with I from 1 to N.`, 2);
  const workers = Number(values.workers);
  if (!Number.isInteger(workers) || workers < 1 || workers > 16)
    stop(`--workers is ${values.workers}: expected a whole number from 1 to 16.`, 2);
  if (values.model?.endsWith('.onnx') && !existsSync(placeOf(values.model)))
    stop(`There is no file ${values.model}.`, 2);
  return { ...values, shard, workers };
}
