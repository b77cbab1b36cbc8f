/**
 * Gives the shipped model a new condition head, by the page's own adapter, for both cameras that it is its own of: OBSEA's of 2023
 * (clean snapshots to 31 August) and the demo's (its reference). Convolutions, content and decoder stay.
 *
 *     node scripts/refit.mjs [--data DIR] [--seeds 1,2,3,4,5] [--publish]
 *
 * Prints what the base and each seed's head are worth. `--publish` writes public/models/obsea-autoencoder-2 from the seed whose highest
 * clean window of OBSEA is the median; then run `node scripts/demo-reference.mjs`. The same seeds give the same file.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withDomain } from './domain.mjs';
import { markdown } from './judge/table.mjs';
import { prepare, ROOT, stop } from './prepare.mjs';
import { camerasToFit } from './refit/cameras.mjs';
import { fitHead } from './refit/fit.mjs';
import { withHead } from './refit/head-file.mjs';
import { judgeOf } from './refit/judged.mjs';
import { knownAnswer } from './refit/known-answer.mjs';
import { seenBy } from './refit/seen.mjs';

const BASE = 'obsea-autoencoder-1';
const IDENTITY = { id: 'obsea-autoencoder-2', name: 'OBSEA autoencoder 2', version: '2.0.0' };

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env.PORTHOLE_CAMERAS ?? join(ROOT, '..', 'shared', 'data') },
    seeds: { type: 'string', default: '1,2,3,4,5' },
    publish: { type: 'boolean', default: false },
  },
});
if (!existsSync(join(values.data, 'obsea')))
  stop(`No camera in ${values.data}: benchmark/README.md says how.`);
const seeds = values.seeds.split(',').map(Number);
prepare();

const folder = join(ROOT, 'public', 'models', BASE);
const manifest = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
const base = { manifest, bytes: new Uint8Array(readFileSync(join(folder, manifest.file))) };
const model = { manifest, path: `/models/${BASE}/${manifest.file}` };
const cameras = [];

await withDomain(async (load) => {
  for (const camera of await camerasToFit(load, values.data)) {
    cameras.push({ ...camera, seen: await seenBy(model, camera, seeds) });
  }
  const { adaptedEmbedding, contentScaleOf } = await load('features/adapt/pure/adapted-model');
  const { readWeights } = await load('features/adapt/pure/onnx-weights');
  const { adaptable } = manifest;
  const judged = await judgeOf(load, manifest, cameras);
  const learned = cameras.map(({ seen, learned }) => learned.map((place) => seen.plain[place]));
  const scales = learned.map((looks) =>
    contentScaleOf(
      looks.map(({ embedding }) => embedding),
      adaptable,
    ),
  );
  const contentScale = 2 ** Math.floor(Math.log2(Math.min(...scales)));
  const usual = meanOf(learned.flat().map(({ statistics }) => statistics));

  const heads = [];
  for (const [i, seed] of seeds.entries()) {
    const given = cameras.map(({ seen }, nth) => ({
      plain: learned[nth].map(({ statistics }) => statistics),
      views: seen.views[i],
    }));
    const { head, reaches } = await fitHead(load, manifest, given, seed);
    const bytes = await withHead(load, base, head, contentScale, usual);
    // As the file has it.
    const written = headIn(readWeights(bytes), adaptable.condition);
    const figures = judged(({ embedding, statistics }) =>
      adaptedEmbedding({ head: written, contentScale }, adaptable, embedding, statistics),
    );
    heads.push({ seed, bytes, reaches, figures });
  }
  const all = [
    { head: BASE, figures: judged(({ embedding }) => embedding) },
    ...heads.map(({ seed, figures }) => ({ head: `seed ${seed}`, figures })),
  ];
  console.log(markdown(all.flatMap(({ head, figures }) => figures.map(({ row }) => ({ head, ...row })))));
  const reached = heads.map(({ reaches }) => reaches.map((reach) => reach.toFixed(2)).join(' and '));
  console.log(`\nreach ${reached.join(', ')}; content × ${contentScale}`);
  if (values.publish) await publish(load, medianOf(heads));
});

/** Of the seeds, by their highest clean window of the first camera: neither the luckiest nor the least lucky. */
function medianOf(heads) {
  const inOrder = [...heads].sort((a, b) => a.figures[0].highest - b.figures[0].highest);
  return inOrder[(heads.length - 1) >> 1];
}

async function publish(load, { seed, bytes, figures }) {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const made = {
    ...manifest,
    ...IDENTITY,
    sha256,
    bytes: bytes.length,
    selfTest: await knownAnswer(load, manifest, bytes),
    training: {
      ...manifest.training,
      head: `scripts/refit.mjs: a fresh condition head on views of ${learnedFrom()}; convolutions, content and decoder are of ${BASE}`,
      headSeed: seed,
    },
    judged: {
      split:
        'reference: the clean snapshots that were learned from; judged on later clean ones and on dirty ones, which were not. ' +
        `Of ${seeds.length} seeds the one whose highest clean window is the median.`,
      cameras: figures.map(({ row }) => row),
    },
  };
  const target = join(ROOT, 'public', 'models', IDENTITY.id);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, made.file), bytes);
  writeFileSync(join(target, 'model.json'), `${JSON.stringify(made, null, 2)}\n`);
  const index = { models: [IDENTITY.id, BASE], default: IDENTITY.id };
  writeFileSync(join(ROOT, 'public', 'models', 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  console.log(`seed ${seed}: ${target}, ${sha256.slice(0, 12)}`);
}

function learnedFrom() {
  return cameras.map(({ name, learned }) => `${learned.length} clean snapshots of ${name}`).join(' and ');
}

/** The names of a condition head's weights are those of `Adaptable`. */
function headIn(weights, { hiddenWeight, hiddenBias, outWeight, outBias, reach }) {
  const of = (name) => weights.get(name).values;
  return {
    hiddenWeight: of(hiddenWeight),
    hiddenBias: of(hiddenBias),
    outWeight: of(outWeight),
    outBias: of(outBias),
    reach: of(reach)[0],
  };
}

function meanOf(rows) {
  return rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
}
