import { handFiles } from '../drive.mjs';
import { withPages } from './pages.mjs';

/** Clean snapshots that dirt is drawn on, spread over the course: as many as the page's drill takes of a folder. */
const SAMPLE = 24;

/**
 * The right answers for each kind of drawn dirt. `fouled` names nothing, but is a true alarm; drops blur what is behind
 * them and draw edges around it.
 */
const HIDDEN = ['growth', 'covered', 'covered-or-elsewhere'];
const RIGHT = {
  film: ['film'],
  silt: ['silt', 'film'],
  growth: HIDDEN,
  droplets: ['blurred', 'covered', 'growth'],
  defocus: ['blurred'],
  cover: ['covered', 'covered-or-elsewhere'],
  'grey-film': ['film', 'silt', 'blurred'],
  barnacles: HIDDEN,
  tubes: HIDDEN,
  nets: HIDDEN,
  rosettes: HIDDEN,
};

/**
 * The page's own fouling drill, with the model that ships, on a camera's clean snapshots after its reference.
 *
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {Promise<{ limits: string[], rows: Record<string, string>[] }[]>} of each course
 */
export async function drills(courses) {
  return withPages(async (newPage) => {
    const found = [];
    for (const { camera, cycle, reference, stream } of courses) {
      const page = await newPage();
      const clean = stream.filter(({ truth }) => truth === 'clean');
      const input = await page.evaluateHandle(
        ([reference, clean, capturedAt, sample]) => ({
          reference: [...reference.files],
          clean: [...clean.files],
          capturedAt,
          sample,
        }),
        [
          await handFiles(page, pathsOf(reference)),
          await handFiles(page, pathsOf(clean)),
          reference.map(({ capturedAt }) => capturedAt),
          SAMPLE,
        ],
      );
      const { limits, result } = await page.evaluate(tryDirt, input);
      await page.close();
      found.push({ limits, rows: rowsOf(`${camera}, ${cycle}`, result) });
    }
    return found;
  });
}

function rowsOf(camera, { clean, answers }) {
  const said = ({ driftStatus, code, firstCode, warningDelay, driftDelay, kind }) => {
    if (driftStatus === 'normal') return `- (${code})`;
    const mark = code === 'fouled' || RIGHT[kind].includes(code) ? '' : ' (wrong)';
    const before = firstCode === code ? '' : `${firstCode}, then `;
    return `${driftStatus} ${driftDelay ?? warningDelay}: ${before}${code}${mark}`;
  };
  const first = { camera, drawn: `nothing: ${clean.driftStatus} (${clean.code})` };
  return answers.map(({ kind, lenses }, i) => ({
    ...(i === 0 ? first : { camera }),
    drawn: kind,
    ...Object.fromEntries(lenses.map((lens) => [`severity ${lens.severity}`, said({ kind, ...lens })])),
  }));
}

function pathsOf(snapshots) {
  return snapshots.map(({ picture }) => picture.path);
}

/** Runs in the page. */
async function tryDirt({ reference, clean, capturedAt, sample }) {
  const { EncoderPool } = await import('/src/core/encoder/pool.ts');
  const { GlassLooker } = await import('/src/core/encoder/glass/glass-looker.ts');
  const { encodeDrill } = await import('/src/features/calibrate/drill/encode-drill.ts');
  const { drill } = await import('/src/features/calibrate/pure/drill.ts');
  const { spreadSample } = await import('/src/core/domain/drift/sets.ts');
  const { cameraLimits } = await import('/src/core/domain/glass/limits.ts');
  const { isMadeFor } = await import('/src/core/domain/model/own-model.ts');
  const index = await (await fetch('/models/index.json')).json();
  const folder = `/models/${index.default}`;
  const manifest = await (await fetch(`${folder}/model.json`)).json();
  const bytes = await (await fetch(`${folder}/${manifest.file}`)).arrayBuffer();
  const pool = new EncoderPool();
  const looker = new GlassLooker();
  await pool.open({ manifest, bytes });
  const known = [];
  for await (const batch of pool.encode(reference, manifest.transform)) known.push(...batch);
  const embeddings = known.map(({ embedding }) => embedding);
  const fit = await looker.fit(
    known.map(({ glass }) => glass),
    capturedAt,
  );
  const { signal } = new AbortController();
  const used = spreadSample(clean, sample);
  const seen = await encodeDrill({ pool, looker }, used, manifest.transform, fit, signal, () => undefined);
  pool.close();
  const isOwnModel = isMadeFor(manifest, embeddings);
  const judging = {
    detector: manifest.detector,
    thresholds: manifest.thresholds,
    persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
  };
  const result = drill(judging, { embeddings, glass: fit, isOwnModel }, seen.clean, seen.fouled);
  return { limits: cameraLimits(fit, isOwnModel), result };
}
