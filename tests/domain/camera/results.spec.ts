import { expect, test } from '@playwright/test';
import { csvParseRows } from 'd3-dsv';
import { completed, failed, glass, HOUR, NOON, otherView } from './jobs';
import { wholeReference } from '../../storage/whole-rows';
import { resultsCsv, resultsJson, toResult } from '../../../src/core/domain/camera/results';
import { summarise } from '../../../src/core/domain/camera/summary';
import { trackOf } from '../../../src/core/domain/usable/track';
import { detailInEnglish } from '../../../src/core/i18n/in-english';
import { driftText } from '../../../src/features/driftwatch/remote/driftwatch-record';
import { scoredLine } from '../../../src/scripting/lines';

const CAMERA = { name: 'OBSEA 165' };

test('the CSV has exactly the promised columns, full precision, and CRLF after each line', () => {
  expect(
    resultsCsv(
      [completed(0, 0.1 + 0.2), completed(1, -0.001), completed(2, null, { referenceId: 'gone' }), failed(3)],
      { ...CAMERA, references: [wholeReference('reference', { beganAt: Date.UTC(2023, 6, 4) })] },
    ),
  ).toBe(
    [
      'image_name,captured_at,camera,distance,threshold_warning,threshold_drift,verdict,window_size,sigma,model_sha256,qartod_flag,conclusion,growth,loss,cover,view,qartod_flag_since_onset,oceansites_qc,cycle,qartod_growth,qartod_loss,qartod_view,qartod_gap,qartod_learned',
      `0.jpg,2023-07-30T12:00:00Z,OBSEA 165,0.30000000000000004,0.05,0.1,drift,12,0.3,${'a'.repeat(64)},4,fouled,,,,,,4,2023-07-04T00:00:00Z,,,1,1,4`,
      `1.jpg,2023-07-30T13:00:00Z,OBSEA 165,-0.001,0.05,0.1,normal,12,0.3,${'a'.repeat(64)},1,clear,,,,,,1,2023-07-04T00:00:00Z,,,1,1,1`,
      `2.jpg,2023-07-30T14:00:00Z,OBSEA 165,,0.05,0.1,warming-up,12,0.3,${'a'.repeat(64)},2,warming-up,,,,,,0,,2,2,1,1,`,
      '3.jpg,2023-07-30T15:00:00Z,OBSEA 165,,,,not-checked,,,,9,not-checked,,,,,,9,,9,9,9,9,9',
      '',
    ].join('\r\n'),
  );
});

/** Texts, and how they stand in a cell. */
const CELLS = [
  ['=1+1.jpg', "'=1+1.jpg"],
  ['+a.jpg', "'+a.jpg"],
  ['-a.jpg', "'-a.jpg"],
  ['-0.5', "'-0.5"],
  ['@SUM(A1).jpg', "'@SUM(A1).jpg"],
  ['＝1.jpg', "'＝1.jpg"],
  ['﹣1', "'﹣1"],
  ['\t=1.jpg', "'\t'=1.jpg"],
  ['\tplain', "'\tplain"],
  ['\r', "'\r"],
  ['\n=1', "'\n'=1"],
  ['   =1', "   '=1"],
  ['\u00a0\u3000=1', "\u00a0\u3000'=1"],
  ['\u200b=1', "\u200b'=1"],
  ['\ufeff=1', "\ufeff'=1"],
  ['\u202e=1', "\u202e'=1"],
  ['\u0000=1', "\u0000'=1"],
  ['"=1"', `"'=1"`],
  ['a;=cmd|calc', "a;'=cmd|calc"],
  ['a; -1;@b;c', "a; '-1;'@b;c"],
  ['a;"=1"', `a;"'=1"`],
  ['a\t+1', "a\t'+1"],
  ['a\r\n=1', "a\r\n'=1"],
  ['a;＝1', "a;'＝1"],
  ["'=1", "'=1"],
  ['20230730-083036-IPC608_8B64_165.jpg', '20230730-083036-IPC608_8B64_165.jpg'],
  ['a=b, c-d @ e; f', 'a=b, c-d @ e; f'],
  ['', ''],
] as const;

test('no text becomes a formula in a spreadsheet, wherever it splits the line, and numbers stay numbers', () => {
  for (const [name, expected] of CELLS) {
    const csv = resultsCsv([completed(0, -0.5, { imageName: name })], { name });
    const [, row] = csvParseRows(csv);
    expect(row?.slice(0, 4), JSON.stringify(name)).toEqual([
      expected,
      '2023-07-30T12:00:00Z',
      expected,
      '-0.5',
    ]);
    // As a spreadsheet with other settings cuts it up: none of the pieces begins a formula but the number itself.
    const pieces = csv
      .split(/[;\t\r\n]|(?<=Z),/)
      .flatMap((piece) => [piece, piece.replace(/^[\p{Z}\p{C}"]+/u, '')]);
    expect(
      pieces.filter((piece) => /^[=+\-@＝＋－＠﹦﹢﹣﹫]/.test(piece)),
      JSON.stringify(name),
    ).toEqual([]);
  }
});

test('commas, quotes and line breaks in a name stay in their cell', () => {
  const name = 'a,"b"\r\nc.jpg';
  const csv = resultsCsv([completed(0, 0, { imageName: name })], CAMERA);
  expect(csv).toContain('"a,""b""\r\nc.jpg",');
  expect(csvParseRows(csv.trimEnd())).toHaveLength(2);
  expect(csvParseRows(csv)[1]?.[0]).toBe(name);
});

test('a verdict follows the thresholds in force then, strictly above', () => {
  expect(toResult(completed(0, 0.05), CAMERA).verdict).toBe('normal');
  expect(toResult(completed(0, 0.1), CAMERA).verdict).toBe('warning');
  expect(toResult(completed(0, 0.1, { thresholds: { warning: 0, drift: 0.09 } }), CAMERA).verdict).toBe(
    'drift',
  );
});

test('the JSON says the detail of a failure in English', () => {
  const detail = { code: 'file-size', size: 2003, most: 320 } as const;
  const text = resultsJson([{ ...failed(1), detail }], new Map(), CAMERA, detailInEnglish);
  expect(text).toContain('"detail":"2003 MB, at most 320 MB"');
});

test('the JSON carries embeddings exactly, and errors only for failed jobs', () => {
  const embedding = Float32Array.of(0.1, -2.5);
  const text = resultsJson(
    [completed(0, 0.2), failed(1)],
    new Map([['job-0', embedding]]),
    CAMERA,
    detailInEnglish,
  );
  const { jobs, summary } = JSON.parse(text) as { jobs: Record<string, unknown>[]; summary: unknown };
  expect(jobs).toEqual([
    { ...toResult(completed(0, 0.2), CAMERA), embedding: Array.from(embedding) },
    { ...toResult(failed(1), CAMERA), embedding: null, error: { code: 'not-an-image', detail: 'GIF' } },
  ]);
  expect(Object.keys(jobs[0] ?? {}).at(-1)).toBe('embedding');
  expect(summary).toEqual({
    jobs: 2,
    verdicts: { 'warming-up': 0, normal: 0, warning: 0, drift: 1, 'not-checked': 1 },
    failed: 1,
    first_captured_at: '2023-07-30T12:00:00Z',
    last_captured_at: '2023-07-30T13:00:00Z',
    max_distance: 0.2,
    highest: { of: 'learned', distance: 0.2, limit: 0.1 },
    drift_episodes: 1,
    first_drift_at: '2023-07-30T12:00:00Z',
  });
});

test('drift episodes are counted in capture order, across failed jobs and warnings, and end where a window begins to fill', () => {
  const jobs = [
    completed(0, null),
    completed(1, 0.2),
    failed(2),
    completed(3, 0.3),
    completed(4, 0.07),
    completed(5, 0.11),
    completed(6, null),
    completed(7, 0.5),
    failed(8),
  ];
  const summary = summarise([...jobs].reverse());
  expect(summary).toEqual({
    jobs: 9,
    verdicts: { 'warming-up': 2, normal: 0, warning: 1, drift: 4, 'not-checked': 2 },
    failed: 2,
    firstCapturedAt: NOON,
    lastCapturedAt: NOON + 8 * HOUR,
    maxDistance: 0.5,
    highest: { speaker: 'learned', distance: 0.5, thresholds: { warning: 0.05, drift: 0.1 } },
    driftEpisodes: 2,
    firstDriftAt: NOON + HOUR,
  });
});

test('no jobs make an empty summary', () => {
  expect(summarise([])).toMatchObject({
    jobs: 0,
    firstCapturedAt: null,
    maxDistance: null,
    highest: null,
    firstDriftAt: null,
  });
  expect(summarise([completed(0, -0.01)]).maxDistance).toBe(-0.01);
});

test('a summary names who spoke highest against its own limit, and a learned distance that has no say is never that', () => {
  const thresholds = { warning: 0.5, drift: 1 };
  const jobs = [
    completed(0, 0.9, { thresholds, glass: glass(0.02, 0.01) }),
    completed(1, 0.8, { thresholds, glass: glass(0.16, 0.12) }),
    completed(2, null, { thresholds, glass: otherView() }),
  ];
  const growth = { speaker: 'growth', distance: 0.16, thresholds: { warning: 0.05, drift: 0.1 } };
  expect(summarise(jobs)).toMatchObject({ maxDistance: 0.9, highest: growth, driftEpisodes: 1 });
  expect(summarise(jobs.slice(2))).toMatchObject({ maxDistance: null, highest: null });
  const own = jobs.map((job) => ({ ...job, glass: { ...job.glass!, isOwnModel: true, visible: 0.5 } }));
  expect(summarise([own[0]!]).highest).toEqual({ speaker: 'learned', distance: 0.9, thresholds });
});

test('with most of the picture left out every line says so, and none that the lens is clear', () => {
  const job = completed(0, 0.01, { glass: glass(null, null, { masked: 0.75, cover: 0 }) });
  const said = { verdict: 'not-checked', conclusion: 'masked', growth: null };
  expect(toResult(job, CAMERA)).toMatchObject({ ...said, qartod_flag: 2 });
  expect(scoredLine(job, () => '')).toMatchObject({ ...said, reason: 'too much left out' });
  expect(trackOf([job], []).marks).toMatchObject([{ usability: 'unknown', reason: 'masked' }]);
  const context = { camera: 'Reef', tags: [], model: 'none', reference: null, reason: null };
  expect(JSON.parse(driftText(job, context))).toMatchObject({
    ...{ drift_detected: false, tags: ['not-checked'] },
    parameters: { conclusion: 'masked' },
  });
});
