/** Which files are a station's backups, which of them may go, and which cameras have lost their history. */
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js';
import { strToU8, zipSync } from 'fflate';
import { Backup } from '../../../scripts/station/backup.mjs';
import { BackupFiles, camerasIn, fullest } from '../../../scripts/station/backup-files.mjs';
import { Identity } from '../../../scripts/station/identity.mjs';
import { zipTexts } from '../../../scripts/station/zip-texts.mjs';

let data: string;
let folder: string;
let identity: Identity;
test.beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'porthole-backups-'));
  folder = join(data, 'backups');
  mkdirSync(folder);
  identity = new Identity(data);
});
test.afterEach(() => {
  rmSync(data, { recursive: true });
});

interface Made {
  readonly jobs?: number;
  readonly events?: number;
  /** of the station; absent as in 1.0.0 */
  readonly id?: string;
  /** of its camera called Pier */
  readonly camera?: string;
  /** jobs of a second camera; absent without one */
  readonly beside?: number;
}

/** A backup as far as a station reads it. */
function backup({ jobs = 5, events = 0, id, camera = 'pier-1', beside }: Made): Buffer {
  const cameras = [
    { id: camera, name: 'Pier', folder: 'cameras/Pier', snapshots: jobs },
    ...(beside === undefined
      ? []
      : [{ id: 'reef', name: 'Reef', folder: 'cameras/Reef', snapshots: beside }]),
  ];
  return Buffer.from(
    zipSync({
      'cameras/Pier/jobs.jsonl': strToU8('x\n'.repeat(jobs)),
      'cameras/Pier/events.jsonl': strToU8('{}\n'.repeat(events)),
      'porthole.json': strToU8(JSON.stringify({ ...(id && { station: id }), cameras })),
    }),
  );
}

/** Its name. @param day - of May */
const nameOf = (day: number, id = `${identity.id}-`) =>
  `porthole-REEF-${id}2026-05-${String(day).padStart(2, '0')}T12-00-00Z.zip`;

function put(day: number, made: Made, id?: string) {
  writeFileSync(join(folder, nameOf(day, id)), backup({ id: identity.id, ...made }));
}

/** The line that `sha256sum` prints of one. */
function sumOf(name: string): string {
  const bytes = readFileSync(join(folder, name));
  return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
}

/** Writes the checksum of one into the file for it. */
const vouch = (day: number) => writeFileSync(join(folder, `${nameOf(day)}.sha256`), sumOf(nameOf(day)));

/** Lets a station whose page exports this make a backup. */
function make(exported: Made, keep: number) {
  const path = join(data, 'download.zip');
  writeFileSync(path, backup({ id: identity.id, ...exported }));
  const told: string[] = [];
  const page = {
    evaluate: (_: unknown, id?: string) => Promise.resolve(id === undefined ? 0 : { value: id }),
    waitForEvent: () =>
      Promise.resolve({ path: () => Promise.resolve(path), delete: () => Promise.resolve() }),
  };
  const station = Object.assign(new EventEmitter(), {
    ...{ identity, room: 5000, problems: new Map<string, string>(), solve: () => undefined },
    ask: (question: (of: unknown) => unknown) => question(page),
    tell: (key: string, sentence: string) => told.push(`${key}: ${sentence}`),
  });
  const config = { name: 'Reef', backup: { folder, every: 24, keep }, alerts: { least_disk_mb: 1 } };
  const { madeAt } = new Backup(config, station as never);
  expect(madeAt).toBeNull();
  const noted = new Promise((resolve) => station.once('note', resolve));
  station.emit('loop');
  const made = noted.then((note) => /^Backup: (.+)\.$/.exec(String(note))![1]!);
  return { path, told, made };
}

/** Days of all but one of this year, with one that has a checksum marked. */
function days(but = '') {
  const names = readdirSync(folder).filter((name) => name.endsWith('.zip') && name !== but);
  return names
    .map((name) => `${name.slice(-16, -14)}${existsSync(join(folder, `${name}.sha256`)) ? '*' : ''}`)
    .sort();
}

test('own backups are those with the station’s id, and those of 1.0.0; all others are told by why', async () => {
  put(1, { jobs: 7, events: 3 });
  writeFileSync(join(folder, nameOf(2, '')), backup({ jobs: 6 }));
  put(3, { id: '00000000' }, '00000000-');
  put(4, { id: '00000000' });
  put(5, { id: '00000000' }, '');
  writeFileSync(join(folder, nameOf(6)), '');
  writeFileSync(join(folder, nameOf(7)), backup({ id: identity.id }).subarray(0, -30));
  writeFileSync(join(folder, nameOf(8)), zipSync({ 'notes.txt': strToU8('x') }));
  writeFileSync(join(folder, 'porthole-REEF-2-2026-05-01T12-00-00Z.zip'), '');
  writeFileSync(join(folder, 'holiday.zip'), '');
  const files = await new BackupFiles({ name: 'Reef' }, identity).look(folder);
  expect(files.map(({ name, wrong }) => [name.slice(-16, -14), wrong])).toEqual([
    ['08', 'broken'],
    ['07', 'broken'],
    ['06', 'empty'],
    ['05', 'of another station'],
    ['04', 'of another station'],
    ['03', 'of another station'],
    ['02', null],
    ['01', null],
  ]);
  expect(files.at(-1)).toMatchObject({
    cameras: [{ counts: [7, 0, 3, 0, 0] }],
    at: Date.UTC(2026, 4, 1, 12),
  });
  expect(files.at(-2)).toMatchObject({ cameras: [{ id: 'pier-1', name: 'Pier', counts: [6, 0, 0, 0, 0] }] });
});

test('a backup that has more than the newest stays whatever its age, and what is none is told and left', async () => {
  put(1, { jobs: 900 });
  put(2, { jobs: 3, events: 4 });
  for (const day of [3, 4, 5]) put(day, { jobs: 3 });
  writeFileSync(join(folder, nameOf(6)), '');
  put(7, { id: '00000000' }, '00000000-');
  const { path, told, made } = make({ jobs: 4 }, 2);
  const name = await made;
  await expect.poll(() => days(name)).toEqual(['01', '02', '05', '06', '07']);
  expect(readFileSync(join(folder, name))).toEqual(readFileSync(path));
  expect(told).toEqual([
    expect.stringMatching(/^backup files: .*07T12-00-00Z\.zip \(of another station\) and 1 more\./),
  ]);
});

test('a backup goes only if for each of its cameras a newer one has as much and is on the disk as it was written', async () => {
  /** Pier is lost, set up anew under its name, and like Reef has grown. */
  const grown = { jobs: 900, events: 9, camera: 'pier-2', beside: 900 };
  const putAll = () => {
    // It goes last, so that no other goes after a look that finds it gone.
    put(1, { ...grown, jobs: 1 });
    put(2, { jobs: 5, beside: 1 });
    put(3, { jobs: 6, beside: 2 });
    put(4, grown);
  };
  putAll();
  vouch(3);
  let name = await make(grown, 1).made;
  await expect.poll(() => days(name)).toEqual(['03*']);
  expect(readFileSync(join(folder, `${name}.sha256`), 'utf8')).toBe(sumOf(name));

  const damage = () => {
    const path = join(folder, nameOf(3));
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('jobs.jsonl') + 'jobs.jsonl'.length]! ^= 0xff;
    writeFileSync(path, bytes);
  };
  for (const spoil of [damage, () => rmSync(join(folder, `${nameOf(3)}.sha256`))]) {
    for (const each of readdirSync(folder)) rmSync(join(folder, each));
    putAll();
    vouch(3);
    spoil();
    name = await make(grown, 1).made;
    await expect.poll(() => days(name).map((day) => day.slice(0, 2))).toEqual(['02', '03']);
  }
});

test('a backup that the disk gives back otherwise than it was written is told and is none', async () => {
  put(1, { jobs: 5 });
  // It stands for a bad disk: the station calls it to empty the system's memory of the file.
  writeFileSync(join(data, 'dd'), '#!/bin/sh\nprintf x >> "${1#if=}"\n', { mode: 0o755 });
  const { PATH } = process.env;
  process.env['PATH'] = `${data}:${PATH}`;
  try {
    const { told } = make({ jobs: 6 }, 1);
    await expect
      .poll(() => told)
      .toEqual([expect.stringMatching(/^backup: .* The disk gave back .*tried again\.$/)]);
    expect(readdirSync(folder)).toEqual([nameOf(1)]);
  } finally {
    process.env['PATH'] = PATH;
  }
});

test('a known camera in whose place a new one is has lost its history, until it is restored, renamed or removed', async () => {
  const none = new Map<string, string>();
  const is = (id: string, name = 'Pier') => new Map([[name, id]]);
  expect(identity.follow(['Pier'], is('pier-1'), none)).toEqual(none);
  const later = new Identity(data);
  expect(later.id).toBe(identity.id);
  for (let starts = 2; starts > 0; starts -= 1)
    expect(later.follow(['Pier'], is('pier-2'), none)).toEqual(is('pier-1'));
  expect(later.follow(['Pier'], is('pier-1'), none)).toEqual(none);
  // It is there under another name, and a new one has its old name.
  const both = new Map([...is('pier-1', 'Reef'), ...is('pier-3')]);
  expect(later.follow(['Reef', 'Pier'], both, none)).toEqual(none);
  later.forget('Pier');
  expect(new Identity(data).follow(['Pier'], is('pier-4'), is('pier-3'))).toEqual(none);
  // With the whole folder its backups are what knows it.
  rmSync(join(data, 'station.json'));
  put(1, { jobs: 900 });
  put(2, { jobs: 5, beside: 2000 });
  put(3, { jobs: 6, camera: 'pier-2' });
  const fresh = new Identity(data);
  const files = await new BackupFiles({ name: 'Reef' }, fresh).look(folder);
  expect(fresh.follow(['Pier'], is('pier-5'), camerasIn(files))).toEqual(is('pier-2'));
  expect(fullest(files, 'pier-1')?.name).toBe(nameOf(1));
  expect(fullest(files, 'pier-9')).toBeNull();
  // Who restores one goes on as the station that made it.
  fresh.become({ station: identity.id, cameras: [{ id: 'pier-2', name: 'Pier' }] });
  expect(new Identity(data).id).toBe(identity.id);
  expect(new Identity(data).follow(['Pier'], is('pier-2'), none)).toEqual(none);
});

test('texts of a zip with numbers of 64 bits are read, and one with a damaged text is refused', async () => {
  const zip = new ZipWriter(new BlobWriter(), { zip64: true });
  for (const [name, text] of [
    ['a.txt', 'one '.repeat(999)],
    ['b.txt', 'two'],
  ] as const)
    await zip.add(name, new TextReader(text));
  const bytes = Buffer.from(await (await zip.close()).arrayBuffer());
  const path = join(data, 'a.zip');
  writeFileSync(path, bytes);
  const read = () => zipTexts(path, (name) => name === 'a.txt');
  expect([...(await read())]).toEqual([['a.txt', 'one '.repeat(999)]]);
  bytes[bytes.indexOf('a.txt') + 40]! ^= 0xff;
  writeFileSync(path, bytes);
  await expect(read()).rejects.toThrow();
});
