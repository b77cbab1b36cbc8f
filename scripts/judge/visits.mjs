/**
 * A made visit of divers, judged by the built page: a camera sees clearly, and from one moment on it looks elsewhere, things are
 * gone, another has come, or the glass is covered. The person presses *I cleaned it* or not, and answers or not.
 */
import { handFiles, openPage } from '../drive.mjs';
import { build } from '../prepare.mjs';
import { serveDist } from '../serve.mjs';
import { nameOf } from './deployment.mjs';
import { isQuestion, pageLine } from './methods.mjs';
import { withPages } from './pages.mjs';
import { visitPictures } from './visit-pictures.mjs';

const DAY = 86_400_000;
const MINUTE = 60_000;
/** Of the clean snapshots, so many come before the visit; one year has too few days for that. */
const BEFORE = { share: 0.45, 'OBSEA 2023': 24 };
/** Visits of a fouled lens, in days after its first fouled one; the last in time follows it for as long as this. */
const FOULED = { 'fouled since yesterday': 1, 'fouled for a week': 7 };
const FOULED_DAYS = 12;
/** Snapshots of a glass that something is on. */
const GLASS_AFTER = 36;
/** Which snapshot after the visit is shown when a person answers: the first with a question of these, else the last. */
const ANSWERED = [6, 12];
/** Days with snapshots in which a visit must not alarm. */
const FIRST_DAYS = 3;

/** Scenes that a visit leaves. */
const SCENES = {
  'turned by 3 %': { isChanged: true, turn: 0.03 },
  'turned by 5 %': { isChanged: true, turn: 0.05 },
  'turned by 8 %': { isChanged: true, turn: 0.08 },
  'turned the other way by 5 %': { isChanged: true, turn: -0.05 },
};
const ON_GLASS = { 'a bag over 60 %': { glass: 'bag' }, 'a drawn thumbprint': { glass: 'thumb' } };

/**
 * @typedef {object} Line - of a snapshot, as the page says it
 * @property {string | null} level - null without a verdict
 * @property {string | null} code - of the conclusion
 * @property {number | null} since - of the visit that stands, milliseconds since 1970
 * @property {number} capturedAt
 * @property {import('./cameras.mjs').Snapshot['truth']} truth
 */

/**
 * @param {import('./cameras.mjs').Course[]} courses - of the visited cameras
 * @param {import('./cameras.mjs').Course[]} all - with those of another camera, whose things are put in
 * @returns {Promise<object[]>} rows of the table
 */
export async function visitRows(courses, all) {
  const visits = await withPages(async (newPage) => {
    const page = await newPage();
    const found = [];
    for (const course of courses) {
      const { reference } = all.find(({ camera }) => camera !== course.camera);
      found.push(await visitsOf(course, (...what) => visitPictures(page, course, reference, ...what)));
    }
    return found;
  });
  build();
  const server = await serveDist();
  const rows = [];
  try {
    for (const visit of visits) {
      const { page, close } = await openPage(server.address, { isSeen: false });
      rows.push(...(await rowsOf(visit, new Camera(page, visit))));
      await close();
    }
  } finally {
    await server.close();
  }
  return rows;
}

/** A course up to some days after the lens is fouled, when it is visited, and the paths of the pictures from then on. */
async function visitsOf(course, made) {
  const { camera, onset } = course;
  // Without an onset the fouled ones are of another month.
  const stream = course.stream.filter(({ capturedAt, truth }) =>
    onset === null ? truth !== 'fouled' : capturedAt < onset + FOULED_DAYS * DAY,
  );
  const clean = stream.filter(({ truth }) => truth === 'clean');
  const first = stream.indexOf(clean[BEFORE[camera] ?? Math.floor(BEFORE.share * clean.length)]);
  const after = stream.slice(first);
  const covered = after.slice(0, GLASS_AFTER).filter(({ truth }) => truth === 'clean');
  const fouled = Object.entries(FOULED).flatMap(([name, days]) => {
    const place =
      onset === null ? -1 : stream.findIndex(({ capturedAt }) => capturedAt >= onset + days * DAY);
    return place < 0 ? [] : [{ name, first: place }];
  });
  return {
    course,
    stream,
    first,
    fouled,
    pictures: { ...(await made(after, SCENES)), ...(await made(covered, ON_GLASS)) },
  };
}

/**
 * @param {Awaited<ReturnType<typeof visitsOf>>} visit
 * @param {Pick<Camera, 'watch' | 'answer'>} camera
 */
async function rowsOf({ course, first, fouled, pictures }, camera) {
  const row = (left, variant, figures) => ({
    camera: course.camera,
    cycle: course.cycle,
    visit: left,
    variant,
    ...figures,
  });
  const without = await camera.watch(null, first, false);
  const figuresOf = (lines, from, answer) =>
    visitFigures(lines, { from, onset: course.onset, without, answer });
  const rows = [row('none', 'no visit', figuresOf(without, first))];
  for (const left of Object.keys(SCENES)) {
    for (const isLogged of [false, true]) {
      const variant = isLogged ? 'cleaned' : 'not logged';
      const lines = await camera.watch(pictures[left], first, isLogged);
      rows.push(row(left, `${variant}, unanswered`, figuresOf(lines, first)));
      const place = answerPlace(lines, first);
      const answered = await camera.answer(lines[place].capturedAt);
      rows.push(row(left, `${variant}, in the scene`, figuresOf(answered, first, place)));
    }
    for (const { name, first: from } of fouled) {
      const lines = await camera.watch(pictures[left].slice(from - first), from, false);
      rows.push(row(left, name, figuresOf(lines, from)));
    }
  }
  for (const left of Object.keys(ON_GLASS)) {
    rows.push(row(left, 'unanswered', figuresOf(await camera.watch(pictures[left], first, false), first)));
  }
  return rows;
}

/** The place of the snapshot that a person sees when they answer. */
function answerPlace(lines, first) {
  const [least, most] = ANSWERED.map((nth) => Math.min(first + nth, lines.length) - 1);
  const asked = lines.findIndex((line, i) => i >= least && i <= most && isQuestion(line));
  return asked < 0 ? most : asked;
}

/**
 * @param {Line[]} lines
 * @param {object} of
 * @param {number} of.from - place of the first snapshot after the visit
 * @param {number | null} of.onset - of the first fouled snapshot
 * @param {Line[]} of.without - the same snapshots without a visit
 * @param {number} [of.answer] - place of the snapshot that was answered
 * @returns cells of the table; windows are those with a verdict or a question while the lens is as it was at the visit
 */
function visitFigures(lines, { from, onset, without, answer }) {
  const isTold = (line) => line.level !== null || isQuestion(line);
  const { truth } = lines[from];
  const after = lines.slice(from).filter((line) => line.truth === truth);
  const windows = after.filter(isTold);
  const days = [...new Set(after.map(dayOf))].slice(0, FIRST_DAYS);
  const share = (set, isSo) =>
    set.length === 0 ? '-' : `${Math.round((100 * set.filter(isSo).length) / set.length)}`;
  const untouched = without
    .slice(from, from + after.length)
    .filter((line) => line.truth === truth && isTold(line));
  const since = answer === undefined ? [] : lines.slice(answer + 1).filter((line) => line.truth === truth);
  const firstDrift = (all) => {
    const found = all.find(({ level, capturedAt }) => level === 'drift' && capturedAt >= onset);
    return found ? `+${Math.floor((found.capturedAt - onset) / DAY)} d` : 'never';
  };
  const isWhole = onset !== null && lines.at(-1).capturedAt >= onset;
  return {
    questions: questionsIn(windows),
    windows: windows.length,
    'asked %': share(windows, isQuestion),
    'other warning %': share(windows, (line) => line.level === 'warning' && !isQuestion(line)),
    'drift %': share(windows, isDrift),
    'without a visit, warning / drift %': `${share(untouched, ({ level }) => level === 'warning')} / ${share(untouched, isDrift)}`,
    [`drift in ${FIRST_DAYS} days %`]: share(
      windows.filter((line) => days.includes(dayOf(line))),
      isDrift,
    ),
    'they say %': sharesOf(windows.map(({ code }) => code)),
    runs: runsOf(windows.map(stateOf)).filter((state) => state !== 'quiet').length,
    answered:
      answer === undefined
        ? '-'
        : `${isQuestion(lines[answer]) ? '' : 'unasked, '}picture ${answer + 1 - from}`,
    'then %': sharesOf(since.map(({ code }) => code)),
    'first drift without / with': isWhole ? `${firstDrift(without)} / ${firstDrift(lines)}` : '-',
  };
}

/** Visits, and runs of questions of no visit. */
function questionsIn(windows) {
  const asked = windows.map((line) => (isQuestion(line) ? (line.since ?? 'no visit') : null));
  const visits = new Set(asked.filter((each) => typeof each === 'number'));
  return visits.size + runsOf(asked).filter((each) => each === 'no visit').length;
}

/** Each once where it stands several times in a row. */
function runsOf(states) {
  return states.filter((state, i) => i === 0 || state !== states[i - 1]);
}

function stateOf(line) {
  if (isQuestion(line)) return 'question';
  return line.level === 'warning' || line.level === 'drift' ? 'alarm' : 'quiet';
}

/** The commonest first. */
function sharesOf(codes) {
  if (codes.length === 0) return '-';
  const counts = new Map();
  for (const code of codes) counts.set(code ?? 'no verdict', (counts.get(code ?? 'no verdict') ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([code, count]) => `${code} ${Math.round((100 * count) / codes.length)}`).join(', ');
}

function isDrift({ level }) {
  return level === 'drift';
}

function dayOf({ capturedAt }) {
  return Math.floor(capturedAt / DAY);
}

/** The built page in which one camera after the other is set up with the same reference. */
class Camera {
  #page;
  #visit;
  /** handles of what the present camera was given, and its log */
  #files;
  #names;
  #log;

  constructor(page, visit) {
    this.#page = page;
    this.#visit = visit;
  }

  /**
   * @param {string[] | null} pictures - of the snapshots from a place on; null for the real ones
   * @param {number} first - that place
   * @param {boolean} isLogged - a person presses *I cleaned it* at the visit
   * @returns {Promise<Line[]>} of the whole stream, or of what there are pictures of
   */
  async watch(pictures, first, isLogged) {
    const { course, stream } = this.#visit;
    const paths = stream.map((snapshot, i) =>
      pictures && i >= first ? pictures[i - first] : snapshot.picture.path,
    );
    const known = paths.filter((path) => path !== undefined);
    this.#names = stream.slice(0, known.length).map(nameOf);
    this.#log = isLogged ? [`${new Date(stream[first].capturedAt - MINUTE).toISOString()},cleaned,`] : [];
    const given = await handFiles(
      this.#page,
      course.given.map(({ picture }) => picture.path),
    );
    this.#files = await handFiles(this.#page, known);
    await this.#page.evaluate(
      async ([given, names]) => {
        const files = [...given.files].map((file, i) => new File([file], names[i]));
        await globalThis.porthole.setUpCamera(files, { name: 'judged' });
      },
      [given, course.given.map(nameOf)],
    );
    return this.#lines();
  }

  /** The lines of the last camera once a person answers, at a capture time, that something in the scene changed. */
  async answer(at) {
    this.#log.push(`${new Date(at).toISOString()},in-scene,`);
    return this.#lines();
  }

  async #lines() {
    const { lines, visits } = await this.#page.evaluate(
      async ([given, names, log]) => {
        const { porthole } = globalThis;
        const files = [...given.files].map((file, i) => new File([file], names[i]));
        await porthole.takeEvents(['at,kind,note', ...log].join('\n'));
        // Answers are given after all is scored, and change lines.
        await porthole.score(files);
        const result = (asked) =>
          new Promise((resolve) => (asked.onsuccess = ({ target }) => resolve(target.result)));
        const db = await result(indexedDB.open('porthole'));
        const jobs = await result(db.transaction('jobs').objectStore('jobs').getAll());
        db.close();
        const { cameraId } = jobs.reduce((newest, job) => (job.createdAt >= newest.createdAt ? job : newest));
        const visits = jobs
          .filter((job) => job.cameraId === cameraId && job.glass?.visit)
          .map(({ imageName, glass }) => [imageName, glass.visit.since]);
        return { lines: await porthole.score(files), visits };
      },
      [this.#files, this.#names, this.#log],
    );
    const [byName, sinceOf] = [new Map(lines.map((line) => [line.image_name, line])), new Map(visits)];
    return this.#names.map((name, i) => {
      const { capturedAt, truth } = this.#visit.stream[i];
      return { ...pageLine(byName.get(name)), since: sinceOf.get(name) ?? null, capturedAt, truth };
    });
  }
}
