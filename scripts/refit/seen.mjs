/**
 * The convolutions' output for snapshots, for views of them and through drawn dirt, by the page's own adapter in a real
 * Chromium. It is kept outside the repository, beside the cache of `npm run judge`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { handFiles } from '../drive.mjs';
import { CACHE } from '../judge/pictures.mjs';
import { withPages } from '../judge/pages.mjs';

/** Views of one snapshot; its number and the fit's seed say which. */
const VIEWS_EACH = 10;
/** Windows of drawn weather, and by how many of 384 columns the camera was moved before them. */
const WEATHERS = 24;
const MOVE = 12;

/**
 * @typedef {object} Look
 * @property {Float32Array} embedding - by the base
 * @property {Float32Array} statistics - what a condition head is given
 *
 * @typedef {object} Views
 * @property {Float32Array} strengths - severity / 5 of the dirt of each
 * @property {Float32Array[]} clean - statistics
 * @property {Float32Array[]} dirty
 *
 * @typedef {object} Seen
 * @property {Look[]} plain - of each of the files
 * @property {Views[][]} views - for each seed, of each of the files `learned`
 * @property {{ kind: string, severity: number, looks: Look[] }[]} lenses - of the files `drawnOn`
 * @property {Look[][]} weathers - the same, each through weathers that stay, before a camera that was moved
 */

/**
 * @param {{ manifest: object, path: string }} model - the base; `path` of its file in the served page
 * @param {{ name: string, paths: string[], learned: number[], drawnOn: number[] }} camera - paths of all files in capture order;
 *   which of them are learned from, and which get drawn dirt
 * @param {readonly number[]} seeds
 * @returns {Promise<Seen>}
 */
export async function seenBy(model, camera, seeds) {
  const parts = [
    { of: 'plain', ids: camera.paths.map((_, i) => i) },
    { of: 'lenses', ids: camera.drawnOn },
    { of: 'weathers', ids: camera.drawnOn, count: WEATHERS, move: MOVE },
    ...seeds.map((seed) => ({ of: 'views', ids: camera.learned, seed })),
  ];
  const missing = parts.filter((part) => !existsSync(kept(model, camera, part)));
  if (missing.length > 0) {
    await withPages(async (newPage) => {
      const page = await newPage();
      const files = await handFiles(page, camera.paths);
      await page.evaluate(open, [model, files, camera.learned]);
      for (const part of missing) {
        console.error(`${camera.name}: ${part.of} ${part.seed ?? ''}`);
        const chunks = [];
        // One question for each handful of snapshots: what crosses at once is a few megabytes.
        for (const ids of handfuls(part)) {
          chunks.push(await page.evaluate(QUESTIONS[part.of], { ...part, ids, each: VIEWS_EACH }));
        }
        mkdirSync(CACHE, { recursive: true });
        writeFileSync(kept(model, camera, part), JSON.stringify(chunks.flat()));
      }
    });
  }
  const [plain, lenses, weathers, ...views] = parts.map((part) =>
    JSON.parse(readFileSync(kept(model, camera, part), 'utf8')),
  );
  const { length } = model.manifest.adaptable.statistics;
  return {
    plain: plain.map(look),
    lenses: lenses.map(({ kind, severity, looks }) => ({ kind, severity, looks: looks.map(look) })),
    weathers: weathers.map((looks) => looks.map(look)),
    views: views.map((all) =>
      all.map(({ strengths, clean, dirty }) => ({
        strengths: floats(strengths),
        clean: rows(floats(clean), length),
        dirty: rows(floats(dirty), length),
      })),
    ),
  };
}

function look({ embedding, statistics }) {
  return { embedding: floats(embedding), statistics: floats(statistics) };
}

function kept({ manifest }, { paths, learned }, { ids, ...part }) {
  const pathsOf = (ids) => ids.map((id) => [id, basename(paths[id])]);
  const key = JSON.stringify([manifest.sha256, part, pathsOf(ids), pathsOf(learned), VIEWS_EACH]);
  return join(CACHE, `seen-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`);
}

/** All lenses look at the same pictures. */
function handfuls({ of, ids }) {
  if (of !== 'plain' && of !== 'views') return [ids];
  return Array.from({ length: Math.ceil(ids.length / 16) }, (_, i) => ids.slice(16 * i, 16 * (i + 1)));
}

function floats(base64) {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function rows(all, length) {
  return Array.from({ length: all.length / length }, (_, i) => all.subarray(i * length, (i + 1) * length));
}

/** Runs in the page, as the questions do. */
async function open([{ manifest, path }, input, learned]) {
  const { AdaptationPool } = await import('/src/features/adapt/workers/adaptation-pool.ts');
  const { shownColours, TRIAL_LENSES } = await import('/src/features/adapt/workers/judging.ts');
  const pool = new AdaptationPool();
  const bytes = await (await fetch(path)).arrayBuffer();
  await pool.open({ manifest, bytes }, manifest.transform);
  const files = [...input.files];
  const numberOf = (_, i) => i;
  await pool.share(
    files,
    numberOf,
    (api, file, i) => api.read(i, 0, file),
    () => undefined,
  );
  const colours = await shownColours(pool, learned);
  const text = (array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    let characters = '';
    for (let i = 0; i < bytes.length; i += 8192) {
      characters += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return btoa(characters);
  };
  const look = ({ inside: { embedding, statistics } }) => ({
    embedding: text(embedding),
    statistics: text(statistics),
  });
  globalThis.seen = { pool, colours, text, look, TRIAL_LENSES, size: manifest.input };
}

const QUESTIONS = {
  plain: async ({ ids }) => {
    const { pool, look } = globalThis.seen;
    const looks = await pool.split(ids, (api, own) => api.look(own, null, 1));
    return looks.map(look);
  },
  lenses: async ({ ids }) => {
    const { pool, colours, look, TRIAL_LENSES } = globalThis.seen;
    await pool.copy(ids);
    const looks = await pool.deal(TRIAL_LENSES, (api, lens) => api.look(ids, lens, colours));
    return TRIAL_LENSES.map(({ kind, severity }, i) => ({ kind, severity, looks: looks[i].map(look) }));
  },
  weathers: async ({ ids, count, move }) => {
    const { pool, look, size } = globalThis.seen;
    const { EVERY_WEATHER, naturalView } = await import('/src/features/adapt/pure/natural-variation.ts');
    const { simdBlur } = await import('/src/core/encoder/blur/blur-kernels.ts');
    const { openWasm } = await import('/src/core/encoder/open-wasm.ts');
    const blurBy = simdBlur(await openWasm('/src/core/encoder/blur/blur.wasm'));
    const { Random } = await import('/src/core/domain/picture/noise.ts');
    const all = [];
    for (let nth = 0; nth < count; nth++) {
      const moved = [];
      for (const [i, id] of ids.entries()) {
        const seen = new Uint8Array(await pool.ask(id, (api) => api.pixels(id)));
        const aside = new Uint8Array(seen.length);
        const [down, right] = [move * Math.sin(nth), move * Math.cos(nth)].map(Math.round);
        for (let y = 0; y < size.height; y++) {
          for (let x = 0; x < size.width; x++) {
            // The border's pixel stands for what is beyond it.
            const row = Math.min(Math.max(y + down, 0), size.height - 1);
            const column = Math.min(Math.max(x + right, 0), size.width - 1);
            const from = 3 * (row * size.width + column);
            aside.set(seen.subarray(from, from + 3), 3 * (y * size.width + x));
          }
        }
        // The same numbers for all of a window: one weather.
        const { view } = naturalView(aside, size, new Random(900 + nth), EVERY_WEATHER, blurBy);
        moved.push(1_000_000 + i);
        await pool.ask(1_000_000 + i, (api) => api.keep(1_000_000 + i, view.buffer));
      }
      all.push((await pool.split(moved, (api, own) => api.look(own, null, 1))).map(look));
    }
    return all;
  },
  views: async ({ ids, seed, each }) => {
    const { pool, colours, text } = globalThis.seen;
    const views = await pool.share(
      ids,
      (id) => id,
      async (api, id) => {
        const made = await api.view(id, 0, each, colours, seed * 1000 + id);
        await api.dropViews();
        return made;
      },
      () => undefined,
    );
    return views.map(({ strengths, clean, dirty }) => ({
      strengths: text(strengths),
      clean: text(clean),
      dirty: text(dirty),
    }));
  },
};
