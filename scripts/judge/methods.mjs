import { glassKernels, openWasm } from '../domain.mjs';

/**
 * The methods that are judged. Each gives for a course, snapshot by snapshot of its stream, a distance and a level; all
 * through the page's own detector, window of 12, limits .05 and .10.
 */

export const DETECTOR = { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 };
export const THRESHOLDS = { warning: 0.05, drift: 0.1 };
/** Fields that all jobs share here: nothing is learned. */
const JOB = {
  jobStatus: 'Completed',
  distance: null,
  windowFill: DETECTOR.windowSize,
  thresholds: THRESHOLDS,
  detector: DETECTOR,
  referenceId: 'reference',
  modelSha256: 'none',
};
const FRESH = { raiseAfter: 1, clearAfter: 1, clearBelow: 1 };

/**
 * @typedef {object} Said
 * @property {number | null} distance - null while the window fills, and where the snapshot does not count
 * @property {'normal' | 'warning' | 'drift' | null} level
 * @property {string} [code] - what is said, where a method says more than a level
 * @property {boolean} isAside - set aside as another view: no part of a window
 *
 * @typedef {object} Method
 * @property {string} name
 * @property {Said[][]} said - of each course
 */

/**
 * Growth, loss and what is concluded of both, by src/core/domain/glass.
 *
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course[]} courses
 * @param {(course: import('./cameras.mjs').Course, grid: { width: number }) => number[]} maskOf - cells to leave out
 * @returns {Promise<Method[]>}
 */
export async function glassMethods(load, courses, maskOf = () => []) {
  const { fitGlass, Glass } = await load('core/domain/glass/glass');
  const { GlassJudge } = await load('core/domain/glass/glass-judge');
  const { conclusionOf, standingAfter } = await load('core/domain/camera/verdict');
  const kernels = await glassKernels(load);
  const said = { growth: [], loss: [], conclusion: [] };
  const notes = [];
  for (const course of courses) {
    const fit = fitGlass(
      course.reference.map(({ picture }) => picture),
      course.reference.map(({ capturedAt }) => capturedAt),
      kernels,
    );
    const glass = new Glass(fit, kernels);
    const judge = new GlassJudge(fit, {
      windowSize: DETECTOR.windowSize,
      persistence: FRESH,
      offGlass: [...new Set([...fit.captions, ...maskOf(course, glass.grid)])],
      isOwnModel: false,
      isWarm: false,
    });
    let before = null;
    const of = { growth: [], loss: [], conclusion: [] };
    const jobs = [];
    for (const { picture, capturedAt } of course.stream) {
      const facts = judge.update(glass.look(picture), standingAfter(before));
      const { growth, loss } = facts;
      const isAside = growth === null;
      const line = (judged) => ({
        distance: judged?.distance ?? null,
        level: judged === null || judged.distance === null ? null : judged.driftStatus,
        isAside,
      });
      before = { ...JOB, id: picture.name, contentSha256: picture.name, capturedAt, glass: facts };
      jobs.push(before);
      const { code, level } = conclusionOf(before);
      of.growth.push({ ...line(growth), cover: facts.cover });
      of.loss.push(line(loss));
      of.conclusion.push({
        distance: growth && growth.distance !== null ? Math.max(growth.distance, loss.distance) : null,
        level: level === 'unknown' ? null : level,
        code,
        isAside,
      });
    }
    for (const [name, lines] of Object.entries(of)) said[name].push(lines);
    notes.push({ captions: fit.captions, limits: fit.limits, jobs });
  }
  return Object.entries(said).map(([name, lines]) => ({ name, said: lines, notes }));
}

/**
 * The simplest method as a comparison: a few numbers of a picture, in deviations of the reference, with the median
 * heuristic for sigma.
 *
 * @returns {Promise<Method[]>}
 */
export async function simpleMethods(load, courses) {
  const { Judge } = await load('core/domain/drift/judge');
  const { medianSigma } = await load('core/domain/drift/kernel');
  const { imageProperties } = await load('core/domain/picture/image-properties');
  const { Resizer } = await load('core/encoder/resize/resizer');
  const resizer = new Resizer(await openWasm('core/encoder/resize'));
  const properties = new Map();
  const of = ({ picture }) => {
    if (!properties.has(picture)) {
      resizer.resize(picture.data, picture, picture);
      properties.set(picture, imageProperties(picture, picture, resizer.sums()));
    }
    return properties.get(picture);
  };
  const METHODS = {
    brightness: (p) => [p.brightness],
    'contrast and sharpness': (p) => [p.contrast, p.sharpness],
    'means of colours': (p) => [p.brightness, p.blueMinusRed, p.greenCast],
  };
  return Object.entries(METHODS).map(([name, numbers]) => ({
    name,
    said: courses.map(({ reference, stream }) => {
      const embed = standardised(reference.map((snapshot) => numbers(of(snapshot))));
      const known = reference.map((snapshot) => embed(numbers(of(snapshot))));
      const detector = { ...DETECTOR, sigma: medianSigma(known) };
      const judge = new Judge({ detector, thresholds: THRESHOLDS, persistence: FRESH }, known);
      return stream.map((snapshot) => {
        const { distance, driftStatus } = judge.update(embed(numbers(of(snapshot))));
        return { distance, level: distance === null ? null : driftStatus, isAside: false };
      });
    }),
  }));
}

/**
 * The built page with the model that ships: a camera is set up from the reference's files, then scores the stream's.
 *
 * @param {(course: import('./cameras.mjs').Course) => { reference: string[], stream: string[] }} filesOf - paths
 * @returns {Promise<Method[]>} what the learned distance says, and what the page concludes
 */
export async function pageMethods(courses, filesOf) {
  const { build } = await import('../prepare.mjs');
  const { serveDist } = await import('../serve.mjs');
  const { handFiles, openPage } = await import('../drive.mjs');
  build();
  const server = await serveDist();
  const said = { learned: [], page: [] };
  try {
    for (const course of courses) {
      const { page, close } = await openPage(server.address);
      const { reference, stream } = filesOf(course);
      const handles = [await handFiles(page, reference), await handFiles(page, stream)];
      const lines = await page.evaluate(async ([reference, stream]) => {
        const { porthole } = globalThis;
        await porthole.setUpCamera([...reference.files], { name: 'judged' });
        // Their own times would put the dirty ones of another month before the clean ones.
        const files = [...stream.files].map((file, i) => {
          const at = new Date(Date.UTC(2024, 0, 1) + i * 3_600_000).toISOString();
          return new File([file], `${at.slice(0, 10).replaceAll('-', '')}-${at.slice(11, 13)}0000-X.jpg`);
        });
        return porthole.score(files);
      }, handles);
      await close();
      said.learned.push(lines.map(learnedLine));
      said.page.push(lines.map(pageLine));
    }
  } finally {
    await server.close();
  }
  return [
    { name: 'shipped model', said: said.learned },
    { name: 'the page', said: said.page },
  ];
}

function learnedLine({ distance }) {
  const level = distance > THRESHOLDS.drift ? 'drift' : distance > THRESHOLDS.warning ? 'warning' : 'normal';
  return { distance, level: distance === null ? null : level, isAside: false };
}

/** The page's word in a line of a report. */
export function pageLine({ growth, loss, verdict, conclusion, view }) {
  const isTold = ['normal', 'warning', 'drift'].includes(verdict);
  return {
    distance: growth === null ? null : Math.max(growth, loss),
    level: isTold ? verdict : null,
    code: conclusion,
    isAside: view !== 'same',
  };
}

/** True if a person is asked what happened: a warning, too. */
export function isQuestion({ code }) {
  return code === 'changed' || code === 'moved';
}

/** @returns a function that gives numbers in deviations of the reference's */
function standardised(rows) {
  const mean = rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
  const deviation = mean.map((centre, k) =>
    Math.sqrt(rows.reduce((sum, row) => sum + (row[k] - centre) ** 2, 0) / (rows.length - 1)),
  );
  return (numbers) => Float32Array.from(numbers, (value, k) => (value - mean[k]) / (deviation[k] || 1));
}
