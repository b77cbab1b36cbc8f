/** Methods beside ours, on the same windows; and every window of each. */
import { areaUnderCurve, WINDOW, windowsOf } from './table.mjs';

/** A row of the table of a camera with several cycles. */
const ALL = 'all cycles';

/**
 * @param {import('./cameras.mjs').Course[]} courses
 * @param {import('./methods.mjs').Method} ours - what the others are compared with
 * @param {import('./methods.mjs').Method[]} methods
 * @returns rows of the table: areas of a method and of ours, on the windows of which both say something
 */
export function comparedRows(courses, ours, methods) {
  const found = courses.flatMap((course, i) =>
    methods.map(({ name, said }) => ({
      camera: course.camera,
      cycle: course.cycle,
      method: name,
      ...pairsOf(course, said[i], ours.said[i]),
    })),
  );
  const several = [...new Set(courses.map(({ camera }) => camera))].filter(
    (name) => courses.filter(({ camera }) => camera === name).length > 1,
  );
  const pooled = several.flatMap((camera) =>
    methods.map(({ name }) => {
      const own = found.filter((each) => each.camera === camera && each.method === name);
      const all = (key) => own.flatMap((each) => each[key]);
      return { camera, cycle: ALL, method: name, pairs: all('pairs'), silent: all('silent') };
    }),
  );
  return [...found, ...pooled].map(({ camera, cycle, method, pairs, silent }) => {
    const area = (key) => {
      const [clean, fouled] = ['clean', 'fouled'].map((truth) =>
        pairs.filter((pair) => pair.truth === truth).map((pair) => ({ distance: pair[key] })),
      );
      return areaUnderCurve(clean, fouled)?.toFixed(3) ?? '-';
    };
    const count = (truth) => pairs.filter((pair) => pair.truth === truth).length;
    return {
      camera,
      cycle,
      method,
      silent: `${silent.filter(Boolean).length} of ${silent.length}`,
      'clean windows': count('clean'),
      'fouled windows': count('fouled'),
      AUC: area('theirs'),
      [`AUC of ${ours.name}`]: area('ours'),
    };
  });
}

/**
 * @returns `pairs`: both distances of each window of one truth, for both methods; `silent`: for each snapshot that ends such
 *   a window of the whole stream, true if the method says nothing there
 */
function pairsOf(course, said, ours) {
  const truthOf = truths(course);
  const whole = windowsOf(
    course,
    course.stream.map(() => ({ isAside: false })),
  ).filter((each) => truthOf(each) !== null);
  const byPlace = new Map(windowsOf(course, ours).map((each) => [each.at, each]));
  const pairs = windowsOf(course, said).flatMap((theirs) => {
    const own = byPlace.get(theirs.at);
    const truth = truthOf(theirs);
    const isShared = own && truth !== null && truthOf(own) === truth && isTold(theirs) && isTold(own);
    return isShared ? { truth, theirs: theirs.distance, ours: own.distance } : [];
  });
  return { pairs, silent: whole.map(({ at }) => said[at].isAside || !isTold(said[at])) };
}

/** Of a camera that has fewer fouled snapshots than a window, each window that ends with one is fouled. */
function truths({ stream }) {
  const isShort = stream.filter(({ truth }) => truth === 'fouled').length < WINDOW;
  return ({ window, truth }) => {
    if (window === 'clean' || window === 'fouled') return window;
    return isShort && window === 'mixed' && truth === 'fouled' ? 'fouled' : null;
  };
}

function isTold({ distance, level }) {
  return distance !== null && level !== null;
}

/**
 * @param {import('./cameras.mjs').Course[]} courses
 * @param {import('./methods.mjs').Method[]} methods
 * @param {(name: string, course: import('./cameras.mjs').Course) => boolean} isIn - methods that are left out on a course
 * @returns a row for each full window of each method, by its last picture, and for each picture of a reference
 */
export function windowRows(courses, methods, isIn = () => true) {
  return courses.flatMap((course, i) => {
    const row = (method, { picture, capturedAt }, window, distance, level) => ({
      camera: course.camera,
      cycle: course.cycle,
      method,
      image_name: picture.name,
      captured_at: new Date(capturedAt).toISOString(),
      window,
      distance: distance ?? '',
      level: level ?? '',
    });
    return [
      ...course.reference.map((snapshot) => row('', snapshot, 'reference')),
      ...methods
        .filter(({ name }) => isIn(name, course))
        .flatMap(({ name, said }) =>
          windowsOf(course, said[i])
            .filter(({ window }) => window !== null)
            .map((each) => row(name, each, each.window, each.distance, each.level)),
        ),
    ];
  });
}
