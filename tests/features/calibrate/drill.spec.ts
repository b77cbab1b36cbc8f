import { expect, test } from '@playwright/test';
import { conclusionOf, standingAfter, type Judged } from '../../../src/core/domain/camera/job';
import { GLASS_THRESHOLDS } from '../../../src/core/domain/glass/glass-facts';
import { GlassJudge, type JudgedSight } from '../../../src/core/domain/glass/glass-judge';
import {
  drill,
  type DrillCamera,
  type DrillRun,
  type FouledRun,
} from '../../../src/features/calibrate/pure/drill';
import { cameraLimits } from '../../../src/core/domain/glass/limits';
import type { Embedding } from '../../../src/core/domain/drift/embedding';
import { Judge } from '../../../src/core/domain/drift/judge';
import type { Judging } from '../../../src/core/domain/drift/judging';
import { NO_PERSISTENCE } from '../../../src/core/domain/drift/persistence';
import { normalNumbers } from '../../domain/drift/streams';

const LENGTH = 8;
const JUDGING: Judging = {
  detector: { name: 'mmd-streaming', windowSize: 6, sigma: 4 },
  thresholds: { warning: 0.1, drift: 0.4 },
  persistence: NO_PERSISTENCE,
};
const numbers = normalNumbers(3);
/** A camera of which nothing but what the model sees is known. */
const camera: DrillCamera = { embeddings: cluster(60), glass: null, isOwnModel: true };
const clean = blind(cluster(14));

function cluster(count: number): Embedding[] {
  return Array.from({ length: count }, () => Float32Array.from({ length: LENGTH }, () => 0.4 * numbers()));
}

/** Snapshots that nothing but the model looked at. */
function blind(embeddings: readonly Embedding[]): DrillRun {
  return { embeddings, sights: embeddings.map(() => null) };
}

/** A lens that moves every embedding by so much along one axis. */
function lens(severity: number, by: number, kind: FouledRun['kind'] = 'growth'): FouledRun {
  const moved = clean.embeddings.map((embedding) =>
    embedding.map((value, i) => (i === 0 ? value + by : value)),
  );
  return { kind, severity, measure: { kind: 'covered', value: severity / 10 }, ...blind(moved) };
}

const LENSES = [lens(1, 0.1), lens(2, 0.5), lens(3, 2.4), lens(4, 4), lens(5, 9)];

/** Judge's own results for fouled snapshots, once its window is full of the newest clean ones. */
function judged(judging: Judging, run: FouledRun) {
  const judge = new Judge(judging, camera.embeddings);
  for (const embedding of clean.embeddings.slice(-judging.detector.windowSize)) judge.update(embedding);
  return run.embeddings.map((embedding) => judge.update(embedding));
}

test('the weakest lens that raises anything is the one that is noticed, and drift may take a stronger one', () => {
  const [answer] = drill(JUDGING, camera, clean, LENSES).answers;
  expect(answer!.lenses.map(({ driftStatus }) => driftStatus)).toEqual([
    'normal',
    'normal',
    'warning',
    'drift',
    'drift',
  ]);
  expect(answer!.noticed).toBe(answer!.lenses[2]);
  expect(answer!.drifted).toBe(answer!.lenses[3]);
  expect(answer!.hasBlindSpot).toBe(false);
});

test('delays and distances are those that Judge gives, snapshot by snapshot', () => {
  const [answer] = drill(JUDGING, camera, clean, LENSES).answers;
  for (const [i, run] of LENSES.entries()) {
    const judgements = judged(JUDGING, run);
    const { warningDelay, driftDelay, distances, nearest } = answer!.lenses[i]!;
    const first = (...statuses: string[]) => {
      const place = judgements.findIndex(({ driftStatus }) => statuses.includes(driftStatus));
      return place < 0 ? null : place + 1;
    };
    expect(warningDelay).toBe(first('warning', 'drift'));
    expect(driftDelay).toBe(first('drift'));
    expect(distances).toEqual({ growth: null, loss: null, learned: judgements.at(-1)!.distance });
    // The window is 6: from the sixth fouled snapshot on it holds no clean one.
    const highest = Math.max(...judgements.slice(5).map(({ distance }) => distance!));
    expect(nearest).toEqual({ speaker: 'learned', times: highest / JUDGING.thresholds.warning });
  }
  expect(answer!.lenses[4]!.driftDelay).toBeGreaterThan(1);
  expect(answer!.lenses[4]!.driftDelay).toBeLessThan(6);
});

test('persistence delays the alarm by as many windows as it waits for', () => {
  const patient = { ...JUDGING, persistence: { raiseAfter: 4, clearAfter: 1, clearBelow: 1 } };
  const [before] = drill(JUDGING, camera, clean, LENSES).answers;
  const [after] = drill(patient, camera, clean, LENSES).answers;
  expect(after!.lenses[4]!.warningDelay).toBe(before!.lenses[4]!.warningDelay! + 3);
  expect(after!.lenses[4]!.driftDelay).toBe(before!.lenses[4]!.driftDelay! + 3);
  // Longer than the run: it is repeated until the alarm can be raised.
  const stubborn = { ...JUDGING, persistence: { raiseAfter: 40, clearAfter: 1, clearBelow: 1 } };
  const [late] = drill(stubborn, camera, clean, LENSES).answers;
  expect(late!.lenses[4]!.warningDelay).toBe(before!.lenses[4]!.warningDelay! + 39);
});

test('dirt below every limit is never noticed, and what came nearest says how far below', () => {
  const [answer] = drill(JUDGING, camera, clean, LENSES.slice(0, 2)).answers;
  expect(answer).toMatchObject({ noticed: null, drifted: null, hasBlindSpot: false });
  expect(answer!.lenses.map(({ warningDelay }) => warningDelay)).toEqual([null, null]);
  expect(answer!.lenses[1]!.nearest!.times).toBeLessThan(1);
});

test('a stronger lens that nothing is said of is told, whatever the order of the lenses', () => {
  const lenses = [lens(5, 0), lens(3, 9, 'silt'), lens(2, 9), lens(1, 0)];
  const { answers } = drill(JUDGING, camera, clean, lenses);
  // In the order of FOULINGS.
  expect(answers.map(({ kind }) => kind)).toEqual(['silt', 'growth']);
  expect(answers[1]!.noticed?.severity).toBe(2);
  expect(answers.map(({ hasBlindSpot }) => hasBlindSpot)).toEqual([false, true]);
});

test('clean snapshots are judged too: normal among their like, a false alarm when they are not', () => {
  expect(drill(JUDGING, camera, clean, []).clean.driftStatus).toBe('normal');
  const odd = lens(1, 9);
  const { clean: verdict } = drill(JUDGING, camera, odd, []);
  expect(verdict.driftStatus).toBe('drift');
  expect(verdict.nearest!.times).toBeGreaterThan(JUDGING.thresholds.drift / JUDGING.thresholds.warning);
});

test('fewer snapshots than a window are repeated until it is full of fouled ones', () => {
  const few = blind(clean.embeddings.slice(0, 2));
  const runs = LENSES.map((run) => ({ ...run, ...blind(run.embeddings.slice(0, 2)) }));
  const [answer] = drill(JUDGING, camera, few, runs).answers;
  expect(answer!.lenses[4]!.driftStatus).toBe('drift');
  const judge = new Judge(JUDGING, camera.embeddings);
  const whole = [0, 1, 0, 1, 0, 1].map((i) => judge.update(runs[4]!.embeddings[i]!));
  expect(answer!.lenses[4]!.distances.learned).toBe(whole.at(-1)!.distance);
});

test('settings that no judge takes are refused, and what was given stays as it was', () => {
  const before = LENSES.map((run) => run.embeddings.map((embedding) => [...embedding]));
  const sigmaless = { ...JUDGING, detector: { ...JUDGING.detector, sigma: 0 } };
  expect(() => drill(sigmaless, camera, clean, LENSES)).toThrow(/detector-settings|sigma/);
  drill(JUDGING, camera, clean, LENSES);
  expect(LENSES.map((run) => run.embeddings.map((embedding) => [...embedding]))).toEqual(before);
});

/** Three by four cells of growth and two by three of loss, and a reference on which nothing grows. */
const [GROWN, LOST] = [12, 6];
const PATTERN = Float32Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 40 : -40));
const cells = (value = 0) => new Float32Array(LOST).fill(value);
const textured = new Uint8Array(LOST).fill(1);
const glass: NonNullable<DrillCamera['glass']> = {
  height: 36,
  width: 54,
  captions: [],
  view: { pattern: PATTERN, usual: 1, strength: 1 },
  loss: {
    gain: [cells(), cells(), cells()],
    rest: cells(),
    colour: [cells(), cells()],
    textured: [textured, textured],
    middle: Float32Array.of(0, 0, 0, Math.log(2), 0, 0),
    spread: Float32Array.of(0.1, 0.1, 0.13, 0.2, 0.3, 0.04),
  },
  reference: {
    excess: Array.from({ length: 40 }, () =>
      Float32Array.from({ length: GROWN }, () => Math.abs(numbers()) / 9),
    ),
    loss: Array.from({ length: 40 }, () => new Float32Array(4)),
  },
};
const seeing: DrillCamera = { ...camera, glass };

/** A snapshot's sight: growth in each cell, loss of red and of sharpness, and if it shows this view. */
function sight(grown: number, red = 0, blur = 0, isThisView = true): JudgedSight {
  // Half of the structure is seen; the rows are those of `LossReader`.
  const rows = [-blur, 0, -Math.log(2), -red, 0, 0, isThisView ? 1 : 0];
  return {
    excess: new Float32Array(GROWN).fill(grown),
    losses: Float32Array.from(rows.flatMap((value) => [...cells(value)])),
    view: Int8Array.from(PATTERN, (value) => (isThisView ? value : -value)),
    strength: 1,
    brightness: 100,
    places: 0.8,
    move: { down: 0, right: 0 },
  };
}

/** The same embeddings as the clean ones, with what growth and loss saw beside them. */
function seen(kind: FouledRun['kind'], sights: readonly JudgedSight[], by = 0): FouledRun {
  return { ...lens(3, by, kind), sights };
}

const still = { ...clean, sights: clean.embeddings.map(() => sight(0)) };

test('growth and loss speak where the model sees nothing, and each lens gets the name that they give it', () => {
  const grown = seen(
    'tubes',
    clean.embeddings.map(() => sight(3)),
  );
  const red = seen(
    'film',
    clean.embeddings.map(() => sight(0, 0.6, 0.2)),
  );
  const { answers, clean: verdict } = drill(JUDGING, seeing, still, [grown, red]);
  expect(verdict).toMatchObject({ driftStatus: 'normal', code: 'clear' });
  expect(answers.map(({ lenses }) => lenses[0]!.driftStatus)).toEqual(['drift', 'drift']);
  expect(answers.map(({ lenses }) => lenses[0]!.code)).toEqual(['film', 'growth']);
  // Growth counts what stays in two of three snapshots.
  expect(answers[1]!.lenses[0]!.warningDelay).toBeGreaterThan(1);
});

test('what is said snapshot by snapshot is what scoring concludes of growth, loss and the learned distance', () => {
  const sights = clean.embeddings.map((_, i) => sight(i / 5, 0, 0.2 + i / 40));
  const run = seen('growth', sights, 2);
  const [answer] = drill(JUDGING, seeing, still, [run]).answers;
  const learned = new Judge(JUDGING, camera.embeddings);
  const judge = new GlassJudge(glass, {
    ...JUDGING.detector,
    persistence: NO_PERSISTENCE,
    offGlass: [],
    isOwnModel: true,
    isWarm: false,
  });
  let before: Judged | null = null;
  const told = [...still.sights.slice(-8), ...sights, ...sights].map((each, i) => {
    const fouled = i - 8;
    const facts = judge.update(each, standingAfter(before));
    const source = fouled < 0 ? clean.embeddings.at(fouled)! : run.embeddings[fouled % 14]!;
    const job = { jobStatus: 'Completed', glass: facts, ...learned.update(source) } as const;
    before = { ...job, thresholds: JUDGING.thresholds };
    return conclusionOf(before);
  });
  const levels = told.slice(8).map(({ level }) => level);
  expect(answer!.lenses[0]!.warningDelay).toBe(levels.findIndex((level) => level !== 'normal') + 1);
  expect(answer!.lenses[0]!.driftDelay).toBe(levels.indexOf('drift') + 1);
  expect(answer!.lenses[0]!.firstCode).toBe(told.slice(8)[levels.indexOf('drift')]!.code);
});

test('a model that was made for another camera raises nothing, and is not what came nearest', () => {
  const run = seen('silt', still.sights, 9);
  const [own] = drill(JUDGING, seeing, still, [run]).answers;
  const [foreign] = drill(JUDGING, { ...seeing, isOwnModel: false }, still, [run]).answers;
  expect(own!.lenses[0]).toMatchObject({ driftStatus: 'drift', code: 'fouled' });
  expect(foreign!.lenses[0]).toMatchObject({ driftStatus: 'normal', code: 'light-or-water' });
  expect(foreign!.lenses[0]!.nearest!.speaker).not.toBe('learned');
  expect(foreign!.lenses[0]!.distances.learned).toBe(own!.lenses[0]!.distances.learned);
});

test('dirt that is noticed before it can be named has its first name and the one that stays', () => {
  // The model is at its limit at once, growth after it.
  const sights = clean.embeddings.map((_, i) => sight(i < 5 ? 0 : 3));
  const [answer] = drill(JUDGING, seeing, still, [seen('growth', sights, 9)]).answers;
  expect(answer!.lenses[0]).toMatchObject({ firstCode: 'fouled', code: 'growth' });
});

test('dirt that hides the view is set aside, and the third in a row says that something covers it', () => {
  const sights = clean.embeddings.map(() => sight(0, 0, 0, false));
  const [answer] = drill(JUDGING, seeing, still, [seen('cover', sights, 9)]).answers;
  expect(answer!.lenses[0]).toMatchObject({
    driftStatus: 'warning',
    code: 'covered-or-elsewhere',
    warningDelay: 3,
    driftDelay: null,
    nearest: null,
    distances: { growth: null, loss: null, learned: null },
  });
});

test('growth and loss keep their own limits, whatever is tried for the learned distance', () => {
  const deaf = { ...JUDGING, thresholds: { warning: 1.8, drift: 1.9 } };
  const run = seen(
    'nets',
    clean.embeddings.map(() => sight(3)),
    9,
  );
  const [answer] = drill(deaf, seeing, still, [run]).answers;
  expect(answer!.lenses[0]).toMatchObject({ driftStatus: 'drift', code: 'growth', firstCode: 'growth' });
  expect(answer!.lenses[0]!.distances.growth).toBeGreaterThan(GLASS_THRESHOLDS.drift);
});

test('limits are said beforehand: pale algae on every camera, those of the fit, and a model from elsewhere', () => {
  expect(cameraLimits(null, false)).toEqual(['no-fit']);
  expect(cameraLimits({ limits: [] }, true)).toEqual(['pale-algae']);
  expect(cameraLimits({ limits: ['grey', 'no-blur'] }, true)).toEqual(['pale-algae', 'grey', 'no-blur']);
  expect(cameraLimits({ limits: ['no-texture'] }, false)).toEqual([
    'pale-algae',
    'no-texture',
    'other-model',
  ]);
});
