import { expect, test } from '@playwright/test';
import { csvParse, csvParseRows } from 'd3-dsv';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { Deployment } from '../../../src/core/domain/camera/deployment';
import type { CompletedJob, Job } from '../../../src/core/domain/camera/job';
import { QARTOD_FLAGS, oceansitesOf } from '../../../src/core/domain/camera/qartod';
import { readIfdo } from '../../../src/core/domain/files/ifdo';
import type { SpanByHand } from '../../../src/core/domain/usable/span';
import { camtrapFiles } from '../../../src/features/science/pure/files/camtrap';
import { emsoFiles } from '../../../src/features/science/pure/files/emso';
import { erddapCsv } from '../../../src/features/science/pure/files/erddap';
import { ifdoJson } from '../../../src/features/science/pure/files/ifdo';
import type { UsableSource } from '../../../src/features/science/pure/files/tables';
import { hoursCsv, spansCsv } from '../../../src/features/science/pure/files/usable-csv';
import { usableJson } from '../../../src/features/science/pure/files/usable-json';
import { usableTimeOf } from '../../../src/features/science/pure/usable/spans';
import { completed, failed, glass, HOUR, NOON } from '../../domain/camera/jobs';
import { usableProblems } from '../../usable-schema';

/** A UUID of version 4 that ends in this number. */
const uuid = (n: number) => `3f0e7c1a-5b2d-4e6f-8a9b-${String(n).padStart(12, '0')}`;

function seen(hour: number, distance: number, more: Partial<CompletedJob> = {}): CompletedJob {
  return {
    ...completed(hour, null, { glass: glass(distance, 0), driftStatus: 'warming-up' }),
    ...{ id: uuid(hour), contentSha256: hour.toString(16).padStart(64, '0'), createdAt: NOON + 40 * HOUR },
    ...more,
  };
}

const DEPLOYMENT: Deployment = {
  position: { latitude: 41.182, longitude: 1.752 },
  depth: 20,
  note: 'mind the cable',
  platform: 'OBSEA seabed station',
  sensor: 'IPC608',
  site: 'OBSEA',
  begin: NOON - 24 * HOUR,
  licence: 'CC-BY-4.0',
  creators: ['UPC', '李'],
  doi: '10.5281/zenodo.1',
};

const BY_HAND: SpanByHand = {
  id: 'a',
  cameraId: uuid(0),
  usability: 'murky',
  begin: NOON + 2 * HOUR,
  end: NOON + 5 * HOUR,
  note: '=a ship: "grey"\nwater',
  madeAt: NOON + 50 * HOUR,
};

/** Twenty clean hours, one file in them unreadable, three murky by a person's word, then an onset and a fouling. */
function source(more: Partial<UsableSource['camera']> = {}): UsableSource {
  const jobs: readonly Job[] = [
    ...Array.from({ length: 11 }, (_, hour) => seen(hour, 0)),
    { ...failed(10.5), id: uuid(32), contentSha256: '' },
    ...Array.from({ length: 9 }, (_, i) => seen(11 + i, 0)),
    ...Array.from({ length: 12 }, (_, i) => seen(20 + i, 0.01 * (i + 1))),
  ];
  const byHand = [BY_HAND];
  return {
    camera: { id: uuid(0), name: '=Reef', ...more },
    time: usableTimeOf({ jobs, events: [], byHand, references: [], silentUntil: null }),
    byHand,
    references: [{ id: 'reference', version: 3 }],
    jobs,
    madeBy: { version: '0.1.0' },
  };
}
const PLACED = source({ deployment: DEPLOYMENT });

test('each flag of QARTOD is one of OceanSITES, and what was not evaluated is unknown, never probably good', () => {
  expect(QARTOD_FLAGS.map((flag) => [flag, oceansitesOf(flag)])).toEqual([
    ...[
      [1, 1],
      [2, 0],
      [3, 3],
      [4, 4],
      [9, 9],
    ],
  ]);
});

test('intervals and hours have exactly the promised columns, flags of both schemes, and no name becomes a formula', () => {
  const [header, ...rows] = csvParseRows(spansCsv(source()));
  expect(header!.join()).toBe(
    'camera,begin,end,usability,reason,found,note,hours,effort_hours,snapshots,view,cover,times_of_limit,qartod_flag,oceansites_qc,qartod_growth,qartod_loss,qartod_view,qartod_gap,qartod_learned',
  );
  expect(rows[1]).toEqual([
    ...["'=Reef", '2023-07-30T14:00:00Z', '2023-07-30T17:00:00Z', 'murky', 'by-hand', 'usable'],
    ...['\'=a ship: "grey"\nwater', '3', '3', '3', '3', '0.125', '0', '3', '3'],
    ...['', '', '', '1', ''],
  ]);
  // A test that the reason does not name is empty, as all are where a person, or a later drift, says so.
  expect(rows.map((row) => [row[3], ...row.slice(13)])).toEqual([
    ['usable', '1', '1', '1', '1', '1', '1', ''],
    ['murky', '3', '3', '', '', '', '1', ''],
    ['usable', '1', '1', '1', '1', '1', '1', ''],
    ['suspect', '3', '3', '', '', '', '1', ''],
    ['fouled', '4', '4', '4', '', '', '1', ''],
  ]);
  const days = csvParse(hoursCsv(source(), 'day'));
  expect(days.columns.slice(0, 4)).toEqual(['camera', 'begin', 'end', 'effort_hours']);
  expect(days.map((row) => Number(row['murky_hours']))).toEqual([3, 0]);
});

test('the JSON is as its schema says, and the schema refuses what differs', () => {
  const nothing = usableTimeOf({ jobs: [], events: [], byHand: [], references: [], silentUntil: null });
  for (const each of [source(), { ...source(), time: nothing }])
    expect(usableProblems(usableJson(each))).toBe('');
  const json = JSON.parse(usableJson(PLACED)) as Record<string, object[]>;
  expect(Object.keys(json)).toEqual(['made_by', 'camera', 'spans', 'found', 'by_hand', 'onsets', 'hours']);
  expect([json['spans']!.length, json['found']!.length, json['by_hand']!.length]).toEqual([5, 3, 1]);
  expect(json['onsets']).toMatchObject([{ suspect_since: '2023-07-31T07:30:00Z', view: 3 }]);
  expect(json['camera']).toEqual({ id: uuid(0), name: '=Reef' });
  const first = json['spans']![0]!;
  for (const wrong of [
    { ...json, onsets: undefined },
    { ...json, made_by: { version: '1', deployment: { latitude: 41.182 } } },
    { ...json, spans: [{ ...first, usability: 'clean' }] },
    { ...json, spans: [{ ...first, oceansites_qc: 2 }] },
    { ...json, spans: [{ ...first, qartod_growth: 0 }] },
    { ...json, spans: [{ ...first, qartod_gap: undefined }] },
    { ...json, spans: [{ ...first, begin: '30 July 2023' }] },
  ])
    expect(usableProblems(JSON.stringify(wrong))).not.toBe('');
});

/** Required by https://www.ifdo-schema.org/schemas/v2.2.1/ifdo.json, which no registry has. */
const IFDO = {
  header: {
    texts: [
      ...['image-set-name', 'image-set-uuid', 'image-set-handle', 'image-set-ifdo-version', 'image-datetime'],
      ...['image-coordinate-reference-system', 'image-copyright', 'image-abstract'],
    ],
    numbers: [
      ...['image-latitude', 'image-longitude', 'image-altitude-meters'],
      'image-coordinate-uncertainty-meters',
    ],
    named: [
      ...['image-context', 'image-project', 'image-event', 'image-platform', 'image-sensor', 'image-pi'],
      'image-license',
    ],
  },
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i,
  dateTime: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/,
  quality: ['raw', 'processed', 'product'],
};

interface Annotation {
  readonly shape: string;
  readonly coordinates: number[][];
  readonly labels: { readonly label: string; readonly annotator: string; readonly 'created-at': string }[];
}
interface Ifdo {
  readonly 'image-set-header': Record<string, unknown> & {
    readonly 'image-annotation-labels': { readonly id: string }[];
    readonly 'image-annotation-creators': { readonly id: string; readonly name: string }[];
  };
  readonly 'image-set-items': Record<string, Record<string, string> & { 'image-annotations'?: Annotation[] }>;
}

test('the iFDO has what version 2.2 asks for: each picture once, whole-image annotations, and who made them', () => {
  const { 'image-set-header': header, 'image-set-items': items } = JSON.parse(ifdoJson(PLACED)) as Ifdo;
  for (const name of IFDO.header.texts) expect(typeof header[name], name).toBe('string');
  for (const name of IFDO.header.numbers) expect(typeof header[name], name).toBe('number');
  for (const name of IFDO.header.named)
    expect(typeof (header[name] as { name: unknown }).name, name).toBe('string');
  expect(header).toMatchObject({
    'image-set-uuid': uuid(0),
    'image-set-handle': 'https://doi.org/10.5281/zenodo.1',
    'image-set-ifdo-version': 'v2.2.0',
    'image-datetime': '2023-07-30 12:00:00.250',
    'image-set-start-datetime': '2023-07-29 12:00:00.250',
    'image-latitude': 41.182,
    'image-altitude-meters': -20,
    'image-coordinate-uncertainty-meters': 56,
    'image-platform': { name: 'OBSEA seabed station' },
    'image-sensor': { name: 'IPC608' },
    'image-event': { name: 'OBSEA' },
    'image-license': { name: 'CC-BY-4.0' },
    'image-creators': [{ name: 'UPC' }, { name: '李' }],
  });
  expect(header['image-set-uuid']).toMatch(IFDO.uuid);
  expect(Object.keys(items)).toHaveLength(32);
  const known = {
    labels: header['image-annotation-labels'].map(({ id }) => id),
    creators: header['image-annotation-creators'].map(({ id }) => id),
  };
  for (const [name, item] of Object.entries(items)) {
    expect(item['image-uuid'], name).toMatch(IFDO.uuid);
    expect(item['image-hash-sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(new URL(item['image-handle']!).protocol).toBe('urn:');
    expect(item['image-datetime']).toMatch(IFDO.dateTime);
    expect(IFDO.quality).toContain(item['image-quality']);
    for (const { shape, coordinates, labels } of item['image-annotations'] ?? []) {
      // No coordinates for the whole image.
      expect([shape, coordinates.flat()]).toEqual(['whole-image', []]);
      for (const label of labels) {
        expect(known.labels).toContain(label.label);
        expect(known.creators).toContain(label.annotator);
        expect(label['created-at']).toMatch(IFDO.dateTime);
      }
    }
  }
  expect(known.creators).toEqual(['porthole-0.1.0', 'person']);
  const label = (hour: number) => items[`${hour}.jpg`]!['image-annotations']?.[0]!.labels;
  expect(label(0)).toMatchObject([{ label: 'clear', annotator: 'porthole-0.1.0' }]);
  expect(items['3.jpg']!['image-visual-constraints']).toBe('13 % of the lens is covered');
  expect(label(3)).toEqual([
    { label: 'murky', annotator: 'person', 'created-at': '2023-08-01 14:00:00.250' },
  ]);
  expect(label(31)).toEqual([
    { label: 'fouled', annotator: 'porthole-0.1.0', 'created-at': '2023-08-01 04:00:00.250' },
  ]);
});

test('an iFDO that is read again gives the deployment that it was written from, but for the note', () => {
  const { note: _note, ...facts } = DEPLOYMENT;
  const deployment = { ...facts, end: NOON + 48 * HOUR };
  expect(readIfdo(ifdoJson(source({ deployment })))).toEqual(deployment);
  // Nothing else is made up but the times of the pictures.
  expect(readIfdo(ifdoJson(source()))).toEqual({ begin: NOON, end: NOON + 31 * HOUR });
});

test('pictures with one name are all in the iFDO, and facts that nobody said are not made up', () => {
  const twice = {
    ...source(),
    jobs: [seen(0, 0, { imageName: 'a.jpg' }), seen(1, 0, { imageName: 'a.jpg' })],
  };
  const { 'image-set-header': header, 'image-set-items': items } = JSON.parse(ifdoJson(twice)) as Ifdo;
  expect(Object.keys(items)).toEqual(['a.jpg', '00000000/a.jpg']);
  expect(header).toMatchObject({
    'image-platform': { name: '' },
    'image-creators': [],
    'image-copyright': '',
  });
  for (const name of ['image-latitude', 'image-altitude-meters', 'image-set-start-datetime'])
    expect(header).not.toHaveProperty(name);
});

test('EMSO’s files have the columns and the sections of its harmonizer’s examples, and its flags are OceanSITES’', () => {
  const blind = seen(1, 0, { glass: glass(null, null) });
  const files = emsoFiles({ ...PLACED, jobs: [seen(0, 0), blind, seen(3, 0), seen(31, 0.12)] });
  const rows = csvParse(files['lens-cover.csv']!);
  expect(rows.columns.join()).toBe('time,depth,sensor_id,LENS_COVER,LENS_COVER_QC');
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['2023-07-30 12:00:00', '20', 'IPC608', '0.125', '1'],
    ['2023-07-30 13:00:00', '20', 'IPC608', '0.125', '1'],
    ['2023-07-30 15:00:00', '20', 'IPC608', '0.125', '3'],
    ['2023-07-31 19:00:00', '20', 'IPC608', '0.125', '4'],
  ]);
  const meta = load(files['meta.yaml']!) as Record<string, Record<string, Record<string, unknown>>>;
  expect(Object.keys(meta)).toEqual(['global', 'platforms', 'sensors', 'variables']);
  expect(meta['global']).toMatchObject({
    emso_site_name: 'OBSEA',
    license: 'CC-BY-4.0',
    contributor_name: 'UPC, 李',
    doi: 'https://doi.org/10.5281/zenodo.1',
    institution: '',
  });
  expect(meta['platforms']).toEqual({
    OBSEA_seabed_station: { long_name: 'OBSEA seabed station', latitude: 41.182, longitude: 1.752 },
  });
  // Ids of the CSV are keys here, even where YAML would read a name as something else.
  for (const name of ['no', '165', '=a: "b"\n#c', '李']) {
    const deployment = { ...DEPLOYMENT, sensor: name, platform: name };
    const { 'lens-cover.csv': csv, 'meta.yaml': yaml } = emsoFiles(source({ name, deployment }));
    const { sensors, global } = load(yaml!) as typeof meta;
    expect(Object.keys(sensors!)).toEqual([csvParse(csv!)[0]!['sensor_id']]);
    expect(global!['title']).toBe(`Lens of ${name}`);
  }
});

test('a snapshot without a cover has no value in EMSO’s file, and the flag for that', () => {
  const blind = seen(1, 0, { glass: { ...glass(0, 0), growth: undefined } as never });
  const [row] = csvParse(emsoFiles({ ...PLACED, jobs: [blind] })['lens-cover.csv']!);
  expect([row!['LENS_COVER'], row!['LENS_COVER_QC']]).toEqual(['', '9']);
});

/** Of https://camtrap-dp.tdwg.org/data/#deployments, version 1.0, in its order; those with a star must have a value. */
const CAMTRAP = [
  ...['deploymentID*', 'locationID', 'locationName', 'latitude*', 'longitude*', 'coordinateUncertainty'],
  ...['deploymentStart*', 'deploymentEnd*', 'setupBy', 'cameraID', 'cameraModel', 'cameraDelay'],
  ...['cameraHeight', 'cameraDepth', 'cameraTilt', 'cameraHeading', 'detectionDistance', 'timestampIssues'],
  ...['baitUse', 'featureType', 'habitat', 'deploymentGroups', 'deploymentTags', 'deploymentComments'],
];

test('Camtrap DP’s deployments are the usable times between the failures, with all that its table asks for', () => {
  const files = camtrapFiles(PLACED);
  const deployments = csvParse(files['deployments.csv']!);
  expect(deployments.columns).toEqual(CAMTRAP.map((name) => name.replace('*', '')));
  const ids = deployments.map((row) => row['deploymentID']);
  expect(new Set(ids).size).toBe(2);
  for (const row of deployments) {
    for (const name of CAMTRAP.filter((each) => each.endsWith('*')))
      expect(row[name.slice(0, -1)]).not.toBe('');
    for (const name of ['deploymentStart', 'deploymentEnd'])
      expect(row[name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(row).toMatchObject({ latitude: '41.182', cameraDepth: '20', locationName: 'OBSEA' });
  }
  const failures = csvParse(files['failures.csv']!);
  expect(failures.columns).toEqual([
    ...['deploymentID', 'cameraID', 'failureStart', 'failureEnd', 'failureReason', 'failureComments'],
  ]);
  expect(failures.map((row) => row['failureReason'])).toEqual([
    ...['murky: by-hand', 'suspect: onset', 'fouled: growth'],
  ]);
  expect(deployments.map((row) => row['deploymentEnd'])).toEqual(
    failures.slice(0, 2).map((row) => row['failureStart']),
  );
  expect(deployments[1]!['deploymentStart']).toBe(failures[0]!['failureEnd']);
  const { resources } = JSON.parse(files['datapackage.json']!) as { resources: { path: string }[] };
  for (const { path } of resources) expect(Object.keys(files)).toContain(path);
  expect(Object.keys(camtrapFiles(source()))).toEqual(['failures.csv']);
});

test('ERDDAP’s table has its units in the second line, and a row for each snapshot from the third on', () => {
  const [names, units, ...rows] = csvParseRows(erddapCsv(PLACED));
  expect(names!.join()).toBe(
    'time,latitude,longitude,depth,camera,image_name,lens_cover,usability,reason,qartod_flag,oceansites_qc,qartod_growth,qartod_loss,qartod_view,qartod_gap,qartod_learned',
  );
  expect(units).toEqual([
    'UTC',
    'degrees_north',
    'degrees_east',
    'm',
    '',
    '',
    '1',
    ...Array<string>(9).fill(''),
  ]);
  expect(rows).toHaveLength(32);
  expect(rows[3]).toEqual([
    ...['2023-07-30T15:00:00Z', '41.182', '1.752', '20', "'=Reef", '3.jpg', '0.125', 'murky', 'by-hand'],
    ...['3', '3', '1', '1', '1', '1', ''],
  ]);
  // The entry of datasets.xml names these columns and no others.
  const entry = readFileSync('deploy/erddap-dataset.xml', 'utf8');
  const told = [...entry.matchAll(/<sourceName>(\w+)<\/sourceName>/g)].map(([, name]) => name);
  expect(told).toEqual(names);
});
