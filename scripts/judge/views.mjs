import { glassKernels } from '../domain.mjs';
import { bagged, mirrored, sampled, shifted, turned } from './made-views.mjs';
import { glassMethods } from './methods.mjs';

/** Views that a camera's own pictures are made into: turned over, mirrored, and seen by a camera that trembles. */

/** Snapshots of its own view that a camera has seen before it sees another one; a short course has fewer. */
const BEFORE = 24;
const LEAST_BEFORE = 12;
/** Deviation of a trembling camera each way, in pixels of a picture 192 wide. */
const TREMBLE = 5;
/** Pictures of a camera that was moved: three days, one an hour by day. */
const AFTER = 36;
/** Rows of a picture, and a share of its width. */
const TILT = 20;
const TURN = 0.4;

/**
 * How many clean pictures are set aside when they are turned upside down or mirrored: each alone after the snapshots
 * before it, and all of them in a row, as by a camera that stays so.
 *
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {Promise<Record<string, string>[]>} rows
 */
export async function otherViews(load, courses) {
  const { fitGlass, Glass } = await load('core/domain/glass/glass');
  const { LossReader } = await load('core/domain/glass/loss');
  const { isOtherView } = await load('core/domain/glass/views');
  const kernels = await glassKernels(load);
  return courses.map(({ camera, cycle, reference, stream }) => {
    const fit = fitGlass(
      reference.map(({ picture }) => picture),
      reference.map(({ capturedAt }) => capturedAt),
      kernels,
    );
    const glass = new Glass(fit, kernels);
    const reader = new LossReader(fit, []);
    const judge = (picture, past) => {
      const sight = glass.look(picture);
      return { sight, isOtherView: isOtherView(sight, reader.read(sight.losses).recognised, fit, past) };
    };
    const row = { camera, cycle };
    const clean = stream.filter(({ truth }) => truth === 'clean').map(({ picture }) => picture);
    for (const [name, change] of Object.entries({ turned, mirrored })) {
      const traces = [];
      const sudden = [];
      for (const [i, { picture, truth }] of stream.entries()) {
        if (i >= LEAST_BEFORE && truth === 'clean') sudden.push(judge(change(picture), traces).isOtherView);
        traces.push(judge(picture, traces));
      }
      const before = [];
      for (const picture of clean.slice(0, Math.min(BEFORE, clean.length / 2)))
        before.push(judge(picture, before));
      const stays = [...before];
      for (const picture of clean) stays.push(judge(change(picture), stays));
      row[`${name}, each`] = shareOf(sudden);
      row[`${name}, staying so`] = shareOf(stays.slice(before.length).map((trace) => trace.isOtherView));
    }
    return row;
  });
}

/**
 * Conclusions when clean pictures alternate with the same tilted by 20 pixels, when the camera turns by 40 % of the
 * width and stays so, and when a bag comes over 60 % of the picture or all of it.
 *
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {Promise<Record<string, string | number>[]>} rows
 */
export async function movedCamera(load, courses) {
  const before = (course) => {
    const clean = course.stream.filter(({ truth }) => truth === 'clean');
    return clean.length >= 2 * BEFORE ? clean.slice(0, BEFORE) : course.reference.slice(-BEFORE);
  };
  const cases = {
    tilted: (picture, i) => (i % 2 === 0 ? picture : sampled(picture, TILT, 0)),
    turned: (picture) => sampled(picture, 0, Math.round(TURN * picture.width)),
    'bag 60 %': (picture) => bagged(picture, 0.6),
    'bag 100 %': (picture) => bagged(picture, 1),
  };
  const made = (change) =>
    courses.map((course) => {
      const clean = course.stream.filter(({ truth }) => truth === 'clean');
      const after = clean.length >= 2 * BEFORE ? clean.slice(BEFORE) : clean;
      const stream = Array.from({ length: AFTER }, (_, i) => change(after[i % after.length].picture, i));
      return { ...course, stream: [...before(course), ...stream.map((picture) => ({ picture }))] };
    });
  const rows = courses.map(({ camera, cycle }) => ({ camera, cycle }));
  for (const [name, change] of Object.entries(cases)) {
    const { said } = (await glassMethods(load, made(change))).at(-1);
    for (const [i, row] of rows.entries()) {
      const after = said[i].slice(-AFTER);
      const first = (isSo) => after.findIndex(isSo) + 1 || 'never';
      const drifts = `${after.filter(({ level }) => level === 'drift').length} of ${AFTER}`;
      if (name === 'tilted') {
        row['tilted, drift'] = drifts;
        row['without a verdict'] = after.filter(({ level }) => level === null).length;
      } else if (name === 'turned') {
        row['turned, moved from'] = first(({ code }) => code === 'moved');
        row['turned, drift'] = drifts;
      } else row[`${name}, alarm from`] = first(({ level }) => level === 'warning' || level === 'drift');
    }
  }
  return rows;
}

/** The same courses as a camera sees them that trembles, each picture by itself. */
export function trembling(courses) {
  return courses.map((course) => {
    const next = dice(11);
    const way = () =>
      Math.round(TREMBLE * Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next()));
    const stream = course.stream.map((snapshot) => ({
      ...snapshot,
      picture: shifted(snapshot.picture, way(), way()),
    }));
    return { ...course, stream };
  });
}

function shareOf(set) {
  return `${set.filter(Boolean).length} of ${set.length}`;
}

function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
