import { AppError } from '../../src/domain/errors';

/** Facts that the sentences are made of, with numbers that are easy to find again. */

const AT = Date.UTC(2026, 4, 17, 13, 37);
const DAY = 86_400_000;

const thresholds = { warning: 0.05, drift: 0.11 };
const persistence = { raiseAfter: 3, clearAfter: 4, clearBelow: 0.8 };
const evidence = { snapshots: 417, windows: 231, days: 19, heldOutDays: 23, heldOutEvents: 5 };
const detector = { name: 'mmd-streaming', windowSize: 12, sigma: 0.31 };
const job = {
  jobStatus: 'Completed',
  distance: 0.0777,
  windowFill: 7,
  thresholds,
  persistence,
  detector,
  modelSha256: 'model',
  referenceId: 'reference',
  calibrationId: null,
};
const calibration = {
  id: 'calibration',
  thresholds,
  persistence,
  detector,
  modelSha256: 'model',
  referenceId: 'reference',
  version: 6,
  isImported: false,
  evidence,
};
const calibrated = { ...job, calibrationId: 'calibration' };

const measure = { kind: 'veiled', value: 0.37 };
const lens = { kind: 'film', severity: 2, measure, warningDelay: 4, driftDelay: 9, highest: 0.234 };
const noticed = { kind: 'film', lenses: [lens, lens], noticed: lens, drifted: lens, hasBlindSpot: true };
const HOUR = 3_600_000;
const KINDS = ['film', 'silt', 'growth', 'droplets', 'defocus', 'cover'];

const rising = (latest: number | null, earliest = AT + 9 * DAY) => ({
  newestAt: AT,
  since: null,
  cleanedAt: AT - 21 * DAY,
  distances: 33,
  span: 14 * DAY,
  trend: { kind: 'rising', perDay: 0.0043, reaches: { at: AT + 13 * DAY, earliest, latest } },
});
const silent = (because: string, since: unknown = null) => ({
  ...rising(null),
  since,
  trend: { kind: 'silent', because },
});
const OUTLOOKS = [
  rising(AT + 27 * DAY),
  rising(null),
  rising(AT + 27 * DAY, AT),
  ...['too-few', 'too-short', 'not-rising', 'too-uncertain', 'too-far', 'above-limit'].map((because) =>
    silent(because),
  ),
  silent('too-few', { kind: 'moved' }),
  silent('too-few', { kind: 'cleaned' }),
].flatMap((outlook) => [
  [outlook, AT + HOUR],
  [outlook, AT + 40 * DAY],
]);

const report = {
  daysSincePrevious: 17,
  before: 0.234,
  after: 0.0123,
  recovery: { kind: 'confirmed', snapshots: 14 },
  wasInAlarm: true,
  relapseAt: AT,
};
const failure = { code: 'server-failed', detail: '503' };
const findings = [
  ...['darker', 'brighter', 'blurrier', 'greener', 'bluer', 'redder', 'lower-contrast', 'hazier'].map(
    (kind) => ({ kind, property: 'brightness', value: 0.234, usual: 0.567 }),
  ),
  { kind: 'worse-rebuilt', property: 'reconstructionError', value: 0.234, usual: 0.567 },
  { kind: 'frozen', since: AT, count: 14 },
  { kind: 'other-camera', because: 'name', got: 'Kappa4', usual: 'Kappa5' },
  {
    kind: 'other-camera',
    because: 'size',
    got: { width: 640, height: 480 },
    usual: { width: 1920, height: 1080 },
  },
  { kind: 'moved', right: 0.13, down: -0.24 },
  { kind: 'moved', right: -0.13, down: 0.24 },
];
const opinion = (kinds: readonly string[], days: number | null = null) => ({
  findings: kinds.map((kind) => ({ kind, property: 'brightness' })),
  placed: 'in-place',
  hasUsual: true,
  days,
});
const performance = {
  aboveWarning: 3,
  aboveDrift: 2,
  highestClean: 0.0789,
  dirtyDelay: 7,
  dirtyLast: 0.456,
};
const adapted = { after: performance, keptOut: 57, keptOutDays: 9, fitted: 143, fittedDays: 16 };
const rebuilding = { before: 0.0345, after: 0.0234, meanPicture: 0.0567, keptOut: 57, keptOutDays: 9 };
const comparison = {
  sigma: 0.31,
  numExtreme: 37,
  numPermutations: 998,
  isExhaustive: false,
  pValue: 0.038,
  distance: 0.0777,
  histogram: { from: -0.0123, to: 0.0456 },
};
const set = { source: 'jobs', version: 3, span: [AT - 9 * DAY, AT], count: 431, used: 217 };

const VERDICTS = ['normal', 'warning', 'drift'];
const AGED = ['originals', 'thumbnails', 'snapshots'];
const counts = { jobs: 431, scored: 417, failed: 14 };
const planned = { name: 'Kappa1', isNew: false, differs: true, snapshots: 1714, here: 23, others: 5 };
const plan = {
  exportedAt: '2026-05-17T13:37:00Z',
  app: 'Kappa1',
  cameras: [planned, { ...planned, name: 'Kappa2', isNew: true }],
  models: [{}, {}, {}],
};

const claimed = {
  lane: 'x#1',
  address: 'https://kappa1.example/',
  experiment: 'Kappa2',
  cameras: ['Kappa3'],
};
const unusable = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ path: 'Kappa1', row: 41 + i, field: 'Kappa2' }));

/**
 * What a sentence is called with, by its table and its place in it; other sentences take numbers, or else strings.
 */
export const SAMPLES: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'delete.records.told': [
    [{ unsent: 14, arrived: 17, unsettled: 23, beyond: 31 }],
    [{ unsent: 1, arrived: 1, unsettled: 1, beyond: 1 }],
  ],
  'judging.problem': [
    [{ kind: 'range', field: 'sigma', range: { least: 17, most: 43 }, isWhole: false }],
    [{ kind: 'range', field: 'windowSize', range: { least: 17, most: 43 }, isWhole: true }],
    [{ kind: 'order', warning: 0.31, drift: 0.17 }],
  ],
  'messages.errors.detector-blind': [['saturated'], ['empty'], ['no-spread'], ['out-of-reach']],
  'messages.app.ignored': [
    [['Kappa1.txt']],
    [['Kappa1', 'Kappa2', 'Kappa3', 'Kappa4', 'Kappa5', 'Kappa6', 'K7']],
  ],
  'messages.app.unreadable': [[['Kappa1.txt']], [['Kappa1', 'Kappa2']]],
  'messages.app.left.some': [
    [14, 23],
    [0, 23],
    [14, 0],
  ],
  'messages.verdict.sentence': ['normal', 'warning', 'drift'].flatMap((status) =>
    [0.02, 0.07, 0.23].map((distance) => [status, { ...job, distance }, 14]),
  ),
  'messages.verdict.early': [
    [5, 0.04, 0.11],
    [5, 0.23, 0.11],
  ],
  'messages.verdict.calibrated': [
    [6, evidence],
    [6, { ...evidence, heldOutDays: null }],
  ],
  'messages.verdict.confirmed': [[6, evidence]],
  'messages.verdict.imported': [[evidence]],
  'messages.verdict.ring': [
    ['Kappa1', 'Kappa2'],
    ['Kappa1', null],
  ],
  'messages.chart.history': [
    [3, 0.31, 12, 'Kappa1'],
    [3, 0.31, 12, null],
  ],
  'messages.log.logged': [['cleaned', AT]],
  'messages.log.removed': [['moved', AT]],
  'messages.log.undoOf': [
    [true, 'note', AT],
    [false, 'cleaned', AT],
  ],
  'messages.log.report': [
    [report],
    [{ ...report, wasInAlarm: false, relapseAt: null, after: null }],
    [{ ...report, recovery: { kind: 'not-yet', snapshots: 14 }, before: null }],
    [{ ...report, recovery: { kind: 'filling', windowFill: 4, windowSize: 12 }, daysSincePrevious: null }],
    [{ ...report, recovery: { kind: 'no-snapshot' } }],
  ],
  'messages.setUp.configNotice': [[{ kind: 'default', key: 'Kappa1' }], [{ kind: 'unused', key: 'Kappa1' }]],
  'messages.setUp.matchProblem': ['in-both', 'missing', 'duplicate-name', 'duplicate-file', 'unlisted'].map(
    (kind) => [{ kind, name: 'Kappa1' }],
  ),
  'messages.setUp.leftOut': [
    [{ kind: 'unreadable', name: 'Kappa1', code: 'image-too-large', detail: '90000×90000' }],
    [{ kind: 'duplicate', name: 'Kappa1', as: 'Kappa2' }],
  ],
  'messages.setUp.chosen': [
    [41, 17, 31],
    [41, 0, 0],
  ],
  'messages.settings.persistenceHint': [['Kappa1'], [null]],
  'messages.settings.deleteConfirm': [
    ['Kappa1', 84, 17],
    ['Kappa1', 84, 1],
    ['Kappa1', 84, 0],
  ],
  'messages.jobs.plot.ofModel': [
    ['Kappa1', 0],
    ['Kappa1', 1],
    ['Kappa1', 14],
  ],
  'adapt.better': [[adapted], [{ after: { aboveWarning: 0 } }]],
  'adapt.refused': [
    [{ because: 'clean-alarms' }],
    [{ because: 'overlooks', kinds: KINDS }],
    [{ because: 'overlooks-dirty' }],
    [{ because: 'no-gain' }],
  ],
  'adapt.chosen': [
    [61, 14, 0],
    [61, 14, 7],
  ],
  'adapt.tooFew': [
    [17, 5],
    [70, 2],
  ],
  'adapt.left': [[77], [null]],
  'adapt.cleanRow': [[adapted]],
  'adapt.clean': [
    [performance, 57],
    [{ ...performance, aboveDrift: 0 }, 57],
  ],
  'adapt.dirtRow': KINDS.map((kind) => [kind]),
  'adapt.dirt': [
    [2, 4],
    [2, null],
  ],
  'adapt.dirty': [[performance], [{ ...performance, dirtyDelay: null }]],
  'adapt.fitted': [[adapted]],
  'adapt.suspicions.kinds.cover': [[{ value: 0.37 }]],
  'adapt.train.picture': [[17, [{ loss: 0.234 }, { loss: 0.123 }]]],
  'adapt.train.rebuildsRow': [[rebuilding]],
  'adapt.train.rebuilds': [[0.0234, rebuilding]],
  'adapt.train.errorMap': [[true], [false]],
  'adapt.train.best': [
    [{ step: 77, rebuilding, evidence: { after: { aboveWarning: 0 } } }],
    [{ step: 77, rebuilding, evidence: { after: { aboveWarning: 3 } } }],
    [{ step: 77, rebuilding: { ...rebuilding, after: 0.3 }, evidence: { after: { aboveWarning: 0 } } }],
  ],
  'adapt.train.refused': [
    [{ step: 77, refusal: { because: 'clean-alarms' } }],
    [{ step: 77, refusal: { because: 'overlooks', kinds: ['silt', 'film'] } }],
    [{ step: 77, refusal: { because: 'overlooks-dirty' } }],
    [{ step: 77, refusal: { because: 'no-gain' } }],
  ],
  'adapt.train.acceptHint': [[true], [false]],
  'alerts.title': [
    ['Kappa1', { latest: {}, verdict: 'drift' }, 'Kappa2'],
    ['Kappa1', { latest: {}, verdict: 'warming-up' }, 'Kappa2'],
    ['Kappa1', { latest: null, verdict: 'not-checked' }, 'Kappa2'],
  ],
  'alerts.changed': VERDICTS.map((verdict) => ['Kappa1', verdict]),
  'alerts.heading': VERDICTS.map((verdict) => [verdict]),
  'alerts.failed': [[new AppError('server-failed', '503')], [new Error('Kappa1')]],
  'alerts.notTold': [[['sound-silent', 'vibration-failed']]],
  'calibrate.failed': [[new AppError('server-failed', '503')], [new Error('Kappa1')]],
  'calibrate.calibrate.limits': [[thresholds]],
  'calibrate.calibrate.rests': [
    [{ highest: 0.0456, effectiveWindows: 7.89, measured: null, thresholds }, 231],
    [{ highest: 0.0456, effectiveWindows: 7.89, measured: { warning: 0.03, drift: 0.07 }, thresholds }, 231],
    [{ highest: 0.0456, effectiveWindows: 7.89, measured: { warning: 0.3, drift: 0.7 }, thresholds }, 231],
  ],
  'calibrate.calibrate.splitRun': [[84, 12, 31, 7]],
  'calibrate.calibrate.heldOut': [
    [null],
    [{ events: 0, days: 19, daysInAlarm: 0 }],
    [{ events: 5, days: 19, daysInAlarm: 4 }],
  ],
  'calibrate.calibrate.independent': [
    [0.04, { events: 0, days: 19, daysInAlarm: 0 }],
    [0.04, { events: 5, days: 19, daysInAlarm: 4 }],
  ],
  'calibrate.calibrate.dirtyRun': [
    [{ distances: [0.1, 0.234], delay: 7, warningDelay: 5, recovery: 9 }],
    [{ distances: [0.1, 0.234], delay: 7, warningDelay: 7, recovery: null }],
    [{ distances: [0.1, 0.234], delay: null, warningDelay: null, recovery: null }],
  ],
  'calibrate.calibrate.acceptHint': [['run'], ['present']],
  'calibrate.coverage.facts': [
    [{ snapshots: 417, days: 19, brightness: [0.23, 0.78] }, 7.89],
    [{ snapshots: 417, days: 19, brightness: null }, 7.89],
  ],
  'calibrate.versions.facts': [
    [calibration, 3],
    [{ ...calibration, evidence: null }, 3],
  ],
  'calibrate.replay.summary': [
    [5, 5],
    [5, 7],
  ],
  'calibrate.replay.changed': [
    [0, 84],
    [17, 84],
  ],
  'bundle.looking': [
    [{ at: 'entries', done: 1714 }],
    [{ at: 'cameras', done: 17, total: 431 }],
    [{ at: 'cameras', done: 0, total: 1 }],
  ],
  'bundle.goes.says': [[claimed], [{ ...claimed, cameras: Array.from('1234567', (n) => `Kappa3${n}`) }]],
  'bundle.unusable': [
    [unusable(1), 1],
    [unusable(3), 3],
    [unusable(7), 1714],
  ],
  'care.export.last': [[0], [14]],
  'care.open.from': [[plan]],
  'care.open.adds': [
    [plan],
    [{ ...plan, cameras: [{ ...planned, here: 0 }] }],
    [{ ...plan, models: [], cameras: [{ ...planned, isNew: true, snapshots: 0, here: 0 }] }],
    [{ ...plan, models: [], cameras: [{ ...planned, snapshots: 0, others: 0 }] }],
    [{ ...plan, models: [{}], cameras: [{ ...planned, snapshots: 1, here: 1, others: 1 }] }],
  ],
  'care.open.camera': [
    [planned],
    [{ ...planned, isNew: true, here: 0, differs: false }],
    [{ ...planned, snapshots: 1, here: 1 }],
  ],
  'care.open.missingModel': [
    [['Kappa1']],
    [['Kappa1', 'Kappa2']],
    [Array.from('123456789', (digit) => `Kappa${digit}`)],
  ],
  'care.open.damaged': [[['Kappa1']], [Array.from('123456789', (digit) => `Kappa${digit}`)]],
  'care.open.leftOut': [
    [['Kappa1']],
    [['Kappa1', 'Kappa2']],
    [Array.from('123456789', (digit) => `Kappa${digit}`)],
  ],
  'care.open.done': [
    [{ cameras: 3, snapshots: 1714, models: 5, here: 23, unkept: 31 }],
    [{ cameras: 1, snapshots: 1, models: 1, here: 1, unkept: 1 }],
    [{ cameras: 1, snapshots: 17, models: 0, here: 0, unkept: 0 }],
  ],
  'care.open.problem': [
    ...['not-a-zip', 'not-an-export', 'lost'].map((kind) => [{ kind }]),
    [{ kind: 'newer', format: 7 }],
    [{ kind: 'damaged', detail: 'Kappa1' }],
  ],
  'care.delete.question': AGED.flatMap((kind) => [
    [kind, 1714],
    [kind, 1],
  ]),
  'care.delete.done': AGED.flatMap((kind) => [
    [kind, 1714],
    [kind, 1],
  ]),
  'clock.shift': [
    [3, -9 * DAY],
    [1, 9 * DAY],
    [3, 0],
    [1, 0],
  ],
  'clock.ahead': [
    [1, AT, AT],
    [17, AT - 9 * DAY, AT],
  ],
  'clock.impossible': [
    [1, AT, AT],
    [17, AT - 9 * DAY, AT],
  ],
  'clock.doubted': [
    [1, AT, AT - 9 * DAY],
    [17, AT, AT - 9 * DAY],
  ],
  'clock.skew': [[5 * HOUR]],
  'clock.corrected': [
    [1, -9 * DAY],
    [17, 9 * DAY],
  ],
  'clock.stated': [[AT]],
  'compare.from': [['a']],
  'compare.to': [['b']],
  'compare.chooseFiles': [['a']],
  'compare.chooseFolder': [['b']],
  'compare.leftOut': [['a']],
  'compare.tooSmall': [
    ['a', 14],
    ['b', 0],
  ],
  'compare.verdict': [[comparison], [{ ...comparison, isExhaustive: true, pValue: 0.38 }]],
  'compare.meaning': [
    [0.0777, 0.05],
    [0.0777, null],
  ],
  'compare.overlap': [
    [14, { used: 14 }, { used: 14 }],
    [14, { used: 31 }, { used: 14 }],
  ],
  'compare.set': [
    [set],
    [{ ...set, source: 'reference', span: null }],
    [{ ...set, source: 'files', used: 431 }],
  ],
  'compare.facts': [[comparison, 31]],
  'compare.picture': [[comparison]],
  'compare.ks.newest': [['Kappa1', { statistic: 0.456, pValue: 0.037 }]],
  'deck.since': [...VERDICTS, 'warming-up', 'not-checked'].map((verdict) => [verdict, AT]),
  'deck.newest': [
    [AT, AT + 5 * HOUR],
    [AT, AT + 9 * DAY],
  ],
  'drill.used': [
    [48, 140, 3],
    [48, 51, 3],
  ],
  'drill.pace': [
    [5 * HOUR, true],
    [3.8 * HOUR, false],
  ],
  'drill.clean': [[{ driftStatus: 'normal', highest: 0.0234 }], [{ driftStatus: 'drift', highest: 0.234 }]],
  'drill.answer': [
    ...KINDS.map((kind) => {
      const own = { ...lens, kind };
      return [{ ...noticed, kind, lenses: [own], noticed: own }, job, 5 * HOUR];
    }),
    [{ ...noticed, noticed: { ...lens, driftDelay: null } }, job, null],
    [{ ...noticed, noticed: { ...lens, driftDelay: null }, drifted: null, hasBlindSpot: false }, job, null],
    [{ ...noticed, noticed: { ...lens, driftDelay: 4 } }, job, null],
    ...['veiled', 'covered', 'blurred'].map((kind) => [
      { ...noticed, noticed: null, lenses: [{ ...lens, measure: { kind, value: 0.0005 } }] },
      job,
      null,
    ]),
    [{ ...noticed, noticed: null, lenses: [{ ...lens, highest: 0.0234 }] }, job, null],
  ],
  'drill.measure': [[measure], [{ ...measure, value: 0.0005 }]],
  'drill.table.delay': [[lens], [{ warningDelay: null, driftDelay: null }]],
  'drill.table.open': [['film', 3]],
  'drill.dialog.title': KINDS.map((kind) => [kind, 3]),
  'drill.dialog.delay': [
    [14, 5 * HOUR],
    [null, null],
  ],
  'drill.pictures.fouled': [['Kappa1', 'growth', measure]],
  'fleet.access.level': [['Read'], ['Edit'], ['Manage'], [null]],
  'fleet.head.latest': [[true], [false]],
  'fleet.plot.axis': [[{ of: 'captured' }], [{ of: 'created' }], [{ of: 'parameter', path: 'Kappa1' }]],
  'fleet.plot.span': [[{ of: 'captured' }, AT - 9 * DAY, AT]],
  'fleet.plot.scope': [
    [14, true],
    [14, false],
  ],
  'fleet.problem': [[new AppError('not-permitted')], [new AppError('server-failed', '503')]],
  'intake.left': [
    'encrypted',
    'too-large',
    'too-many',
    'nested',
    'damaged',
    'not-a-zip',
    'is-bundle',
  ].flatMap((refusal) => [
    [{ archive: 'Kappa1.zip', refusal, names: ['Kappa2'] }],
    [{ archive: 'Kappa1.zip', refusal, names: ['Kappa2', 'Kappa3', 'Kappa4', 'Kappa5', 'Kappa6'] }],
  ]),
  'shared.refused': [[['Kappa1', 'Kappa2']]],
  'intake.watch.givenUp': [['Kappa1', ['Kappa2']]],
  'intake.watch.state': [['Kappa1', 1714, AT]],
  'intake.watch.lastLook': [[AT]],
  'outlook.forecast': OUTLOOKS,
  'outlook.remark': OUTLOOKS,
  'report.month': [[AT]],
  'report.lead': [[{ source: { now: AT }, counts }, 'Kappa1']],
  'report.span': ['all', 'month', 'cleaning'].flatMap((kind) => [
    [{ span: { kind, from: AT, to: AT + DAY } }],
    [{ span: { kind, from: null, to: null } }],
  ]),
  'report.verdict.since': [[AT, 'Kappa1']],
  'report.verdict.newest': [[AT]],
  'report.chart.settings': [[job, 'Kappa1', 7]],
  'report.calibration.inForce': [[{ ...calibration, createdAt: AT }, 3]],
  'report.coverage.facts': [[{ snapshots: 417, days: 19 }], [{ snapshots: 1, days: 1 }]],
  'report.summary.caption': [['Kappa1.']],
  'report.summary.flag': [1, 2, 3, 4, 9].map((flag) => [flag]),
  'report.worst.driftEvents': [
    [0, 0],
    [23, 23],
    [23, 16],
  ],
  'report.worst.distance': [[job], [{ ...job, distance: null }]],
  'report.method.sentences': [
    ['mmd-streaming', 12, 0.31],
    ['Kappa1', 12, 0.31],
  ],
  'report.provenance.transformOf': [
    [{ resize: { height: 240, width: 320 }, mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] }],
  ],
  'report.provenance.backendOf': [[{ encoder: { backend: 'wasm' } }], [{ encoder: null }]],
  'report.provenance.selfTestOf': [
    [{ encoder: null }],
    [{ encoder: { backend: 'wasm', selfTest: { difference: 0.00012, tolerance: 0.001 } } }],
    [{ encoder: { backend: 'wasm', selfTest: null } }],
  ],
  'report.provenance.countsOf': [[{ counts }], [{ counts: { jobs: 1, scored: 1, failed: 1 } }]],
  'sync.connection.registered': [['Kappa1@example.org'], ['']],
  'sync.token.facts': [
    [{ isValid: false, expiresAt: null, usesLeft: null }],
    [{ isValid: true, expiresAt: AT, usesLeft: 14 }],
    [{ isValid: true, expiresAt: null, usesLeft: null }],
  ],
  'sync.outbox.step': [
    [{ kind: 'progress' }],
    [{ kind: 'done' }],
    [{ kind: 'rest', until: AT, isForAudit: true }],
    [{ kind: 'rest', until: AT, isForAudit: false }],
    [{ kind: 'wait', until: AT, failure }],
    [{ kind: 'held', until: null, failure }],
    [{ kind: 'held', until: AT, failure }],
  ],
  'sync.outbox.reason': [[failure], [null]],
  'sync.outbox.summary': [
    [0, 14, 0],
    [17, 14, 3],
  ],
  'sync.outbox.skew': [[5 * HOUR], [-5 * HOUR]],
  'table.page': [
    [1001, 1100, 1714],
    [1, 1, 1],
  ],
  'table.range': [['Kappa1', 'Kappa2']],
  'table.instant': [[AT]],
  'why.failed': [[new AppError('server-failed', '503')], [new Error('Kappa1')]],
  'why.distance': [null, 0.02, 0.07, 0.23, -0.01].map((distance) => [{ ...job, distance }]),
  'why.persistence': [
    [{ ...job, driftStatus: 'normal' }],
    [{ ...job, distance: 0.02, driftStatus: 'drift' }],
    [{ ...job, distance: 0.02, driftStatus: 'drift', persistence: { ...persistence, clearAfter: 1 } }],
    [{ ...job, driftStatus: 'warning' }],
  ],
  'why.limits': [
    [{ ...job, calibrationId: undefined }, []],
    [job, []],
    [{ ...job, thresholds: { warning: 0.1, drift: 0.125 } }, []],
    [calibrated, []],
    [calibrated, [calibration]],
    [calibrated, [{ ...calibration, evidence: null }]],
    [calibrated, [{ ...calibration, isImported: true }]],
  ],
  'why.picture.cleanAlt': [['Kappa1'], ['']],
  'why.picture.nearest': [
    ['Kappa1', AT, 0.234, 0.31],
    ['', null, 0.234, 0.31],
  ],
  'why.map.error': [
    [0.000342, 0.00214],
    [0.0342, null],
  ],
  'why.opinion.finding': findings.map((finding) => [finding]),
  'why.opinion.hint': [['frozen'], ['hazier'], ['darker'], ['worse-rebuilt'], []].map((kinds) => [
    { ...job, driftStatus: 'drift' },
    opinion(kinds),
  ]),
  'why.opinion.hedge': [[{}, 5]].map(() => [opinion(['darker'], 5)]),
};
