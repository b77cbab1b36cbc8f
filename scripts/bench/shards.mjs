/**
 * An archive of 100,000 snapshots in 16 shards: how long `npm run score -- --shards` takes, from the command to its last
 * line, and how much memory it and its browser hold. The embeddings are made up.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { familyOf, heldBy, usedBy } from './processes.mjs';
import { sampleEmbeddings } from '../domain.mjs';
import { listingOf, SHARD_FORMAT } from '../embed/shard.mjs';
import { ROOT } from '../prepare.mjs';

const COUNT = 100_000;
const SHARDS = 16;
const REFERENCE = 500;
/** Half an hour between two: nearly six years. */
const STEP = 30 * 60_000;
const BEGAN = Date.UTC(2020, 0, 1);
const WANTED = { seconds: 60, memory: 1024 };
const SAMPLE_EVERY = 500;
/** So long the command may take, in milliseconds. */
const MOST = 1_800_000;
/** of pictures; fewer than twelve of the reference are alike */
const HEIGHTS = Array.from({ length: 60 }, (_, i) => 24 + 4 * i);

/** Prints seconds and memory, where /proc tells it. */
export async function benchShards() {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-shards-'));
  try {
    writeShards(folder);
    const to = new Date(BEGAN + (REFERENCE - 1) * STEP).toISOString();
    const reference = `${new Date(BEGAN).toISOString()}..${to}`;
    const { seconds, processor, memory, lines } = await score(folder, reference);
    console.log(
      `  ${lines} judged by a reference of ${REFERENCE} in ${seconds.toFixed(1)} s (wanted ${WANTED.seconds}), of the processors ${processor.toFixed(0)} s`,
    );
    const held = memory === 0 ? 'not known here' : `${memory.toFixed(0)} MB`;
    console.log(`  memory of the command and its browser at most: ${held} (wanted ${WANTED.memory})`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The pictures of the reference have so many shapes that growth and loss have nothing to go by: what they cost is in the
 * part `glass`.
 */
function writeShards(folder) {
  const model = JSON.parse(readFileSync(join(ROOT, 'public/models/obsea-autoencoder-2/model.json'), 'utf8'));
  const embeddings = sampleEmbeddings(COUNT, model.embeddingLength);
  const demo = join(ROOT, 'public/demo/reference');
  const thumbnail = readFileSync(join(demo, readdirSync(demo)[0]));
  const properties = {
    ...{ width: 640, height: 360, brightness: 0.55, contrast: 0.12, sharpness: 0.013 },
    ...{ blueMinusRed: 0.25, greenCast: 0.11, haze: 0.5 },
  };
  const names = embeddings.map((_, i) => {
    const [day, time] = new Date(BEGAN + i * STEP)
      .toISOString()
      .replaceAll(/[-:]|\..*/g, '')
      .split('T');
    return `${day}-${time}-BENCH.jpg`;
  });
  const listing = listingOf(names.map((path) => ({ path })));
  for (let shard = 1; shard <= SHARDS; shard += 1) {
    const own = names.map((_, i) => i).filter((i) => i % SHARDS === shard - 1);
    const pictures = new Map();
    const rows = own.map((i, row) => {
      const height = heightOf(i);
      const place = pictures.get(height) ?? 0;
      pictures.set(height, place + 1);
      const captured_at = new Date(BEGAN + i * STEP).toISOString();
      const content_sha256 = createHash('sha256').update(names[i]).digest('hex');
      return JSON.stringify({
        ...{ path: names[i], bytes: 1, image_name: names[i], captured_at, captured_at_source: 'file-name' },
        ...{ content_sha256, modified_ms: BEGAN + i * STEP, properties, error: null, embedding: row },
        ...{ picture: { height, row: place }, thumbnail: { at: 0, bytes: thumbnail.length } },
      });
    });
    const files = {
      'rows.jsonl': Buffer.from(`${rows.join('\n')}\n`),
      'embeddings.npy': Buffer.concat([
        header('<f4', [own.length, model.embeddingLength]),
        ...own.map((i) => Buffer.from(embeddings[i].buffer)),
      ]),
      'thumbnails.bin': thumbnail,
    };
    const target = join(folder, String(shard));
    mkdirSync(target);
    const listed = {};
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(join(target, name), bytes);
      listed[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    }
    for (const [height, count] of pictures) {
      const name = `pictures-${height}.npy`;
      const bytes = 128 + 3 * height * 192 * count;
      writeFileSync(join(target, name), header('|u1', [count, height, 192, 3]));
      // Black, and takes no room on most disks.
      truncateSync(join(target, name), bytes);
      listed[name] = { bytes };
    }
    const manifest = {
      ...{ format: SHARD_FORMAT, shard, of: SHARDS, listing, rows: own.length, unreadable: 0, glass: 1 },
      ...{ model: { id: model.id, sha256: model.sha256 }, transform: model.transform },
      ...{ embedding_length: model.embeddingLength, files: listed },
    };
    writeFileSync(join(target, 'shard.json'), JSON.stringify(manifest));
  }
}

function heightOf(i) {
  return i < REFERENCE ? HEIGHTS[i % HEIGHTS.length] : 108;
}

function header(descr, shape) {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  return Buffer.from(`\x93NUMPY\x01\x00\x76\x00${dict.padEnd(117)}\n`, 'latin1');
}

async function score(folder, reference) {
  const out = join(folder, 'lines.jsonl');
  const began = Date.now();
  const child = spawn(
    process.execPath,
    [join(ROOT, 'scripts/score.mjs'), '--shards', folder, '--reference', reference, '--format', 'jsonl'],
    { stdio: ['ignore', openSync(out, 'w'), 'inherit'], timeout: MOST },
  );
  let [memory, processor] = [0, 0];
  const timer = setInterval(() => {
    const ids = familyOf(child.pid);
    memory = Math.max(memory, heldBy(ids));
    processor = Math.max(processor, usedBy(ids));
  }, SAMPLE_EVERY);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(timer);
  if (child.killed) throw new Error(`score gave no verdicts within ${MOST / 1000} s`);
  if (code !== 0) throw new Error(`score ended with ${code}`);
  const lines = readFileSync(out, 'utf8').split('\n').length - 1;
  return { seconds: (Date.now() - began) / 1000, processor, memory, lines };
}

if (process.argv[1] === import.meta.filename) await benchShards();
