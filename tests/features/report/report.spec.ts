import { expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import type { Camera } from '../../../src/core/domain/camera/camera';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { Job } from '../../../src/core/domain/camera/job';
import type { Reference } from '../../../src/core/domain/camera/reference';
import { alarmsOf } from '../../../src/core/domain/camera/verdict';
import { reportFacts, picturedJobs, type ReportSource } from '../../../src/features/report/facts';
import { html, plain } from '../../../src/core/domain/files/markup';
import { writeReport } from '../../../src/features/report/page';
import { referenceSha256, textSha256 } from '../../../src/core/domain/files/provenance';
import type { Provenance } from '../../../src/features/report/report-provenance';
import { summarise } from '../../../src/core/domain/camera/summary';
import { completed, failed, glass, HOUR, NOON, otherView } from '../../domain/camera/jobs';

const DAY = 24 * HOUR;
const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202Egpj.\'&\u0000\ud800';

const camera: Camera = {
  id: 'camera',
  name: 'Reef',
  modelSha256: 'a'.repeat(64),
  transform: { resize: { height: 216, width: 384 }, mean: [0, 0, 0], std: [1, 1, 1] },
  referenceId: 'reference',
  calibrationId: null,
  warmUp: 'none',
  configToml: null,
  isDemo: false,
  createdAt: 0,
  detector: { name: 'mmd', windowSize: 12, sigma: 0.3 },
  thresholds: { warning: 0.05, drift: 0.1 },
  persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
};
const reference: Reference = {
  id: 'reference',
  cameraId: 'camera',
  version: 1,
  modelSha256: camera.modelSha256,
  transform: camera.transform,
  names: ['a.jpg', 'é.jpg'],
  embeddings: [Float32Array.of(0.1, -2), Float32Array.of(3, 0.25)],
  warmUpEmbeddings: [],
  capturedAt: [NOON - 3 * DAY, NOON - 2 * DAY],
  createdAt: 0,
};
const provenance: Provenance = {
  version: '0.0.0',
  commit: 'c0ffee',
  runtime: '1.0.0',
  modelName: 'Model',
  modelSha256: camera.modelSha256,
  referenceSha256: referenceSha256(reference),
  configSha256: textSha256('x'),
  encoder: null,
  browser: 'Node',
};

function source(jobs: readonly Job[], change: Partial<ReportSource> = {}): ReportSource {
  return {
    camera,
    jobs,
    aside: [],
    events: [],
    references: [reference],
    calibrations: [],
    calibration: null,
    models: [{ sha256: camera.modelSha256, name: 'Model' }],
    now: NOON + 400 * DAY,
    ...change,
  };
}

function cleaned(at: number, note = ''): CameraEvent {
  return { id: `event-${at}`, cameraId: 'camera', kind: 'cleaned', at, note };
}

function seen(who: string): CameraEvent {
  const note = `${who}: a soft brush`;
  return { ...cleaned(NOON + HOUR, note), id: 'seen', kind: 'seen', who, until: NOON + 420 * DAY };
}

const tags = (text: string) => text.match(/<\/?[a-z][^>]*>/g) ?? [];

test('values are escaped wherever they stand, and only markup is not', () => {
  expect(html`<p title="${`"'<&`}">${`"'<&`}${html`<b>${'>'}</b>`}${null}${[1, 'x']}</p>`.text).toBe(
    '<p title="&quot;&#39;&lt;&amp;">&quot;&#39;&lt;&amp;<b>&gt;</b>1x</p>',
  );
  expect(html`${'a\u0000b\ud800c\t\n😀'}`.text).toBe('a\ufffdb\ufffdc\t\n😀');
  expect(plain('a\u202Egpj.b\u2066')).toBe('agpj.b');
});

test('no name, note or detail becomes markup, and none turns the text about it around', () => {
  const jobs: Job[] = [
    completed(0, 0.2, { imageName: HOSTILE }),
    { ...failed(1), imageName: HOSTILE, detail: HOSTILE, code: 'unexpected' },
  ];
  const hostile = source(jobs, {
    camera: {
      ...camera,
      name: HOSTILE,
      deployment: { platform: HOSTILE, creators: [HOSTILE], note: 'for the diver' },
    },
    models: [{ sha256: camera.modelSha256, name: HOSTILE }],
    references: [{ ...reference, names: [HOSTILE, HOSTILE] }],
    events: [
      cleaned(NOON - HOUR, HOSTILE),
      { ...cleaned(NOON, HOSTILE), id: 'note', kind: 'note' },
      seen(HOSTILE),
    ],
  });
  const text = writeReport(
    reportFacts(hostile, 'all'),
    { ...provenance, modelName: HOSTILE, browser: HOSTILE },
    new Map(),
  );
  const found = tags(text);
  expect(found.filter((tag) => /script|onerror/.test(tag))).toEqual([]);
  expect(found.filter((tag) => tag.startsWith('<img'))).toEqual([]);
  expect(text).not.toContain('\u0000');
  // Each override stands inside an element that isolates it.
  const outside = text.replace(/<bdi>[^<]*<\/bdi>/g, '').replace(/<dd>[^<]*<\/dd>/g, '');
  expect(outside).not.toContain('\u202E');
  expect(text.match(/<bdi>/g)?.length).toBe(text.match(/<\/bdi>/g)?.length);
});

test('an alarm that rests on hours which the reference does not show says so, and no other does', () => {
  const told = (distance: number, hour: number) => {
    const jobs = Array.from({ length: 12 }, (_, day) => completed(hour + 24 * day, distance));
    return writeReport(reportFacts(source(jobs, { now: NOON + 12 * DAY }), 'all'), provenance, new Map());
  };
  // The reference is of noon.
  expect(told(0.2, 6)).toContain('12 of the 12 newest pictures were taken at hours');
  for (const text of [told(0.2, 0), told(0.01, 6)]) expect(text).not.toContain('taken at hours');
});

test('an alarm that somebody has seen stands in the report with who comes and when', () => {
  const told = (events: CameraEvent[]) =>
    writeReport(reportFacts(source([completed(0, 0.2)], { events }), 'all'), provenance, new Map());
  const said = /Diver booked for \w{3} \d+ \w+ 2024: Dive team\. Dive team: a soft brush<\/bdi><\/p>/;
  expect(told([seen('Dive team')])).toMatch(said);
  expect(told([])).not.toMatch(said);
});

test('a report of 100,000 jobs, three models, 2,000 cleanings and large pictures is below 5 MB @long', () => {
  const name = '<é>'.repeat(90);
  const jobs: Job[] = Array.from({ length: 100_000 }, (_, i): Job => {
    const hour = i * 7;
    if (i % 50 === 7) return { ...failed(hour), id: `failed-${i}`, imageName: name, detail: name };
    const distance = 0.08 + 0.08 * Math.sin(i * 12.9898);
    return completed(hour, distance, {
      id: `job-${i}`,
      imageName: name,
      modelSha256: 'abc'[Math.floor(i / 33_400)]!.repeat(64),
      thresholds: { warning: 0.05 + (i % 9) / 1000, drift: 0.1 },
    });
  });
  const events = Array.from({ length: 2000 }, (_, i) => cleaned(NOON + i * 300 * HOUR, name));
  const facts = reportFacts(source(jobs, { events, now: jobs.at(-1)!.capturedAt + HOUR }), 'all');
  const picture = 'A'.repeat(300_000);
  const pictures = new Map(picturedJobs(facts).map(({ id }) => [id, picture]));
  const started = performance.now();
  const text = writeReport(facts, provenance, pictures);
  const size = new TextEncoder().encode(text).length;
  console.log(`${(size / 1e6).toFixed(2)} MB, written in ${(performance.now() - started).toFixed(0)} ms`);
  expect(size).toBeLessThan(5_000_000);
  expect(text.match(/points drawn/g)).toHaveLength(3);
  for (const [, points] of text.matchAll(/(\d+) points drawn/g)) expect(Number(points)).toBeLessThan(3000);
  expect(text).toContain('picture left out to keep this file small');
  expect(text).toContain('1900 older left out.');
});

test('the summary counts each snapshot once, by day, with the flags', () => {
  const jobs = [
    completed(0, null),
    completed(1, 0.01),
    completed(2, 0.07),
    failed(3),
    completed(24, 0.3),
    completed(25, 0.2),
  ];
  const { histories, counts } = reportFacts(source(jobs), 'all');
  expect(counts).toEqual({ jobs: 6, scored: 5, failed: 1 });
  expect(histories).toHaveLength(1);
  expect(histories[0]?.rows).toEqual([
    {
      period: '2023-07-30',
      snapshots: 4,
      worstDistance: 0.07,
      worstVerdict: 'warning',
      flags: { 1: 1, 2: 1, 3: 1, 4: 0, 9: 1 },
    },
    {
      period: '2023-07-31',
      snapshots: 2,
      worstDistance: 0.3,
      worstVerdict: 'drift',
      flags: { 1: 0, 2: 0, 3: 0, 4: 2, 9: 0 },
    },
  ]);
  expect(histories[0]?.worst.map(({ distance }) => distance)).toEqual([0.3, 0.07]);
  expect(histories[0]?.driftStarts.map(({ id }) => id)).toEqual(['job-24']);
});

test('two models never share a chart, and the present one comes first', () => {
  const earlier = { modelSha256: 'b'.repeat(64) };
  const jobs = [
    completed(0, 0.2, earlier),
    completed(0, 0.01),
    completed(1, 0.3, earlier),
    completed(1, 0.02),
  ];
  const facts = reportFacts(source(jobs), 'all');
  expect(facts.histories.map(({ isPresent, jobs }) => [isPresent, jobs.length])).toEqual([
    [true, 2],
    [false, 2],
  ]);
  expect(facts.verdict.verdict).toBe('normal');
  const text = writeReport(facts, provenance, new Map());
  expect(Array.from(text.matchAll(/(\d+) points drawn/g), ([, points]) => points)).toEqual(['2', '2']);
});

test('one fouling is one event: snapshots of another view, and few clear ones, within it begin no other', () => {
  const jobs = [0.01, 0.2, 0.2, null, 0.2, 0.01, 0.2].map((growth, hour) =>
    completed(hour, null, { glass: growth === null ? otherView() : glass(growth, 0) }),
  );
  const [history] = reportFacts(source(jobs), 'all').histories;
  expect(history).toMatchObject({ driftEvents: 1 });
  expect(history!.driftStarts.map(({ id }) => id)).toEqual(['job-1']);
  expect(alarmsOf(jobs)).toHaveLength(1);
  expect(summarise(jobs)).toMatchObject({ driftEpisodes: 1, firstDriftAt: jobs[1]!.capturedAt });
});

test('the method is that of the detectors that the verdicts rest on', () => {
  const method = (jobs: readonly Job[]) => {
    const text = writeReport(reportFacts(source(jobs), 'all'), provenance, new Map());
    return /<h2 id="method">.*?<\/section>/s.exec(text)![0];
  };
  const learned = 'an ONNX autoencoder turns it into an embedding';
  const growth = 'fine structure that the clean reference does not have';
  const alone = method([completed(0, 0.2)]);
  expect(alone).toContain(learned);
  expect(alone).not.toContain(growth);
  const other = method([completed(0, 0.2, { glass: glass(0.2, 0) })]);
  expect(other).toContain(growth);
  expect(other).toContain('limits 0.05 and 0.10');
  expect(other).toContain('its model was not made for this camera');
  expect(other).not.toContain(learned);
  const both = method([completed(0, 0.2, { glass: glass(0.2, 0, { isOwnModel: true }) })]);
  expect(both).toContain(growth);
  expect(both).toContain(learned);
});

test('the span leaves out what is older, and the verdict stays that of now', () => {
  const jobs = [completed(0, 0.3), completed(24 * 40, 0.01), completed(24 * 41, 0.02)];
  const events = [cleaned(NOON + 40.5 * DAY)];
  const of = (span: 'all' | 'month' | 'cleaning') =>
    reportFacts(source(jobs, { events, now: NOON + 42 * DAY }), span);
  expect(of('all').counts.jobs).toBe(3);
  expect(of('month').counts.jobs).toBe(2);
  expect(of('cleaning').counts.jobs).toBe(1);
  expect(of('cleaning').cleanings).toHaveLength(1);
  for (const span of ['all', 'month', 'cleaning'] as const) {
    expect(of(span).verdict).toMatchObject({
      verdict: 'normal',
      run: { lasting: 2 },
      since: NOON + 40 * DAY,
    });
  }
});

test('a cleaning since the newest snapshot makes the verdict one that warms up', () => {
  const facts = reportFacts(
    source([completed(0, 0.3)], { events: [cleaned(NOON + DAY)], now: NOON + 2 * DAY }),
    'all',
  );
  expect(facts.verdict).toMatchObject({ verdict: 'warming-up', cleanedAt: NOON + DAY });
  expect(writeReport(facts, provenance, new Map())).toContain('warming up 0/12');
});

test('a verdict that is old is told as silence, with what was said last; an alarm stands', () => {
  const text = (distance: number) =>
    writeReport(reportFacts(source([completed(0, distance)]), 'all'), provenance, new Map());
  expect(text(0.01)).toContain('data-verdict="silent"');
  expect(text(0.01)).toContain('the verdict was “Lens is clear” then');
  expect(text(0.3)).toContain('data-verdict="drift"');
});

test('a camera without a snapshot, or with one only, has a report', () => {
  expect(writeReport(reportFacts(source([]), 'all'), provenance, new Map())).toContain('not checked');
  const one = writeReport(reportFacts(source([completed(0, 0.2)]), 'cleaning'), provenance, new Map());
  expect(one).toContain('1 point drawn');
  expect(one).not.toContain('NaN');
  expect(one).toContain('not calibrated for this camera');
});

test('the hash of a reference is of its numbers and names as Python lays them out', () => {
  const numbers = Buffer.from(new Uint8Array(Float32Array.of(0.1, -2, 3, 0.25).buffer));
  const whole = createHash('sha256').update(numbers).update('a.jpg\né.jpg\n').digest('hex');
  expect(referenceSha256(reference)).toBe(whole);
  expect(referenceSha256({ ...reference, names: ['a.jpg', 'e.jpg'] })).not.toBe(whole);
});

test('the deployment stands in the report, without the note for the diver, and without one there is no such part', () => {
  const position = { latitude: 41.182, longitude: 1.753 };
  const deployment = {
    position,
    sensor: 'IPC608',
    begin: NOON,
    doi: '10.1594/PANGAEA.1',
    note: 'Bring a brush.',
  };
  const jobs = [completed(0, 0.01)];
  const placed = source(jobs, { camera: { ...camera, deployment } });
  const text = writeReport(reportFacts(placed, 'all'), provenance, new Map());
  for (const part of [
    'Deployment',
    '41.182, 1.753',
    'IPC608',
    '30 July 2023, 12:00 UTC',
    '10.1594/PANGAEA.1',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('Bring a brush.');
  expect(writeReport(reportFacts(source(jobs), 'all'), provenance, new Map())).not.toContain('Deployment');
});
