import { glassKernels } from '../domain.mjs';
import { changedPlaces, changeOf, dice, sharpest, strengthsOf } from './changes.mjs';
import { FOULINGS, fouledLens } from './dirt/fouled-lens.mjs';
import { Random } from './dirt/noise.mjs';
import { sampled } from './made-views.mjs';

/**
 * Changes of the scene, made on a camera's own clean snapshots: things that are removed (another place of the same snapshot
 * is copied over them, without a seam) and things that are added (a patch of another camera's scene), each with the camera in
 * place and turned by 5 %. Beside them the same snapshots unchanged, through drawn
 * dirt, and through growth that hides all of them within ten days.
 */

/** Clean snapshots before the change, and after it. */
const BEFORE = 14;
const AFTER = 24;
const WANTED = { removed: 26, added: 9, areas: [0.04, 0.07, 0.1, 0.14], stretch: [-0.6, 0.6] };
/** Columns by which a camera is turned, of a picture 192 wide. */
const TURN = 10;
const SEVERITIES = [3, 4];
const SEEDS = [11, 12];
/** Growth hides all after ten days of so many pictures in all, and stays for a dozen. */
const GROWING = 60;
const GROWN = 12;
const MOST = 8;

/**
 * @typedef {object} Sequence
 * @property {'removed' | 'added' | 'none' | 'drawn' | 'grows' | 'real'} kind
 * @property {string} name
 * @property {boolean} isTurned
 * @property {import('./cameras.mjs').Snapshot['truth'][]} truths - of each sight after the first `before`
 * @property {number[]} [times] - of each sight; one an hour where they are left out
 * @property {any[]} sights - in order, the clean ones before the change first
 * @property {number} before - how many of these come before the change
 */

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {Promise<{ camera: string, cycle: string, fit: object, sequences: Sequence[] }[]>}
 */
export async function sceneSights(load, courses) {
  const { fitGlass, Glass } = await load('core/domain/glass/glass');
  const { MersenneTwister } = await load('core/domain/drift/mersenne-twister');
  const kernels = await glassKernels(load);
  const found = [];
  for (const [nth, course] of courses.entries()) {
    const { camera, cycle, reference } = course;
    const clean = course.stream.filter(({ truth }) => truth === 'clean');
    const short = clean.length < BEFORE + AFTER;
    const before = short ? reference.slice(-BEFORE) : clean.slice(0, BEFORE);
    const after = (short ? clean : clean.slice(BEFORE)).slice(0, AFTER);
    const other = courses.find((each) => each.camera !== camera);
    const fit = fitGlass(
      reference.map(({ picture }) => picture),
      reference.map(({ capturedAt }) => capturedAt),
      kernels,
    );
    const glass = new Glass(fit, kernels);
    const look = (picture) => glass.look(picture);
    const first = before.map(({ picture }) => look(picture));
    const pictures = after.map(({ picture }) => picture);
    const of = (kind, name, isTurned, changed) => ({
      kind,
      name,
      isTurned,
      before: first.length,
      truths: changed.map(() => (kind === 'drawn' || kind === 'grows' ? 'fouled' : 'clean')),
      sights: [...first, ...changed.map((picture) => look(isTurned ? sampled(picture, 0, TURN) : picture))],
    });
    const sequences = [];
    const donor = sharpest(other.reference);
    const strengths = strengthsOf(pictures);
    const changes = changedPlaces(reference, donor, dice(7 + nth), WANTED).map((place) => ({
      ...place,
      change: changeOf(place, pictures[0], donor),
    }));
    for (const { kind, name, change } of [{ kind: 'none', name: 'none', change: (p) => p }, ...changes]) {
      const changed = pictures.map((picture, i) => change(picture, strengths[i]));
      for (const isTurned of [false, true]) sequences.push(of(kind, name, isTurned, changed));
    }
    const size = { height: pictures[0].height, width: pictures[0].width };
    for (const kind of FOULINGS) {
      for (const severity of SEVERITIES) {
        for (const seed of SEEDS) {
          const foul = fouledLens(kind, severity, size, new Random(new MersenneTwister(seed)));
          const fouled = pictures.map((picture) => ({ ...picture, data: foul(picture.data) }));
          sequences.push(of('drawn', `${kind} ${severity} ${seed}`, false, fouled));
        }
      }
    }
    const grown = Array.from({ length: GROWING + GROWN }, (_, i) => {
      const severity = (MOST * Math.min(GROWING, i + 1)) / GROWING;
      const foul = fouledLens('growth', severity, size, new Random(new MersenneTwister(SEEDS[0])));
      const picture = pictures[i % pictures.length];
      return { ...picture, data: foul(picture.data) };
    });
    sequences.push(of('grows', 'growth', false, grown));
    sequences.push({
      kind: 'real',
      name: 'real',
      isTurned: false,
      before: 0,
      truths: course.stream.map(({ truth }) => truth),
      times: course.stream.map(({ capturedAt }) => capturedAt),
      sights: course.stream.map(({ picture }) => look(picture)),
    });
    found.push({ camera, cycle, fit, sequences });
  }
  return found;
}
