import { glassKernels } from '../domain.mjs';

/**
 * Drawn water on a camera's own clean snapshots: 14 as they are, then up to 26 through murk, which is no dirt.
 */

const WINDOW = 12;
const FRESH = { raiseAfter: 1, clearAfter: 1, clearBelow: 1 };
const AS_THEY_ARE = 14;
const MOST = 40;
/** Colours of murk, and how much of it lies between the lens and the farthest. */
const VEILS = { grey: [125, 125, 125], green: [70, 120, 85], brown: [115, 100, 70] };
const DEPTHS = [0.5, 1, 2, 4];
/** Share of the height, from the bottom, that stays as it was. */
const NEAR = [0.25, 0];

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course} course
 * @returns {Promise<Record<string, string | number>[]>} rows
 */
export async function drawnMurk(load, { camera, cycle, reference, stream }) {
  const { fitGlass, Glass } = await load('core/domain/glass/glass');
  const { GlassJudge } = await load('core/domain/glass/glass-judge');
  const kernels = await glassKernels(load);
  const clean = stream
    .filter(({ truth }) => truth === 'clean')
    .slice(0, MOST)
    .map(({ picture }) => picture);
  const fit = fitGlass(
    reference.map(({ picture }) => picture),
    reference.map(({ capturedAt }) => capturedAt),
    kernels,
  );
  const glass = new Glass(fit, kernels);
  const watch = (change) => {
    const judge = new GlassJudge(fit, {
      windowSize: WINDOW,
      persistence: FRESH,
      offGlass: fit.captions,
      isOwnModel: false,
      isWarm: false,
    });
    const highest = { growth: 0, loss: 0 };
    const first = { growth: null, loss: null, view: null };
    let part = '';
    for (const [i, picture] of clean.entries()) {
      const sight = glass.look(i < AS_THEY_ARE ? picture : change(picture));
      const { growth, loss, view } = judge.update(sight, 'normal');
      const nth = i + 1 - AS_THEY_ARE;
      if (view.isAlarming) first.view ??= nth;
      if (nth < 1 || growth === null) continue;
      for (const [name, { distance }] of Object.entries({ growth, loss })) {
        if (distance === null) continue;
        if (distance > 0.1) first[name] ??= nth;
        if (name === 'loss' && distance > highest.loss && distance > 0.05) part = loss.part;
        highest[name] = Math.max(highest[name], distance);
      }
    }
    return {
      growth: highest.growth.toFixed(3),
      'growth drift at': first.growth ?? '-',
      loss: `${highest.loss.toFixed(3)} ${part}`,
      'loss drift at': first.loss ?? '-',
      'covered or elsewhere at': first.view ?? '-',
    };
  };
  const row = (what, change) => ({ camera, cycle, drawn: what, ...watch(change) });
  const rows = [row('nothing', (picture) => picture)];
  for (const near of NEAR) {
    for (const [colour, veil] of Object.entries(VEILS)) {
      for (const depth of DEPTHS)
        rows.push(
          row(`murk ${colour} ${depth}, nearest ${100 * near} % free`, (p) => murky(p, veil, depth, near)),
        );
    }
  }
  return rows;
}

/** Light that is lost and scattered on its way, the farther (higher up in the picture) the more. */
function murky(picture, veil, depth, near) {
  const { height, width, data } = picture;
  return {
    ...picture,
    data: data.map((value, i) => {
      const y = Math.floor(i / (3 * width));
      const arrives = Math.exp((-depth * Math.max(0, 1 - y / height - near)) / (1 - near));
      return Math.round(value * arrives + veil[i % 3] * (1 - arrives));
    }),
  };
}
