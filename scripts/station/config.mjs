/** Reads `station.toml`: every mistake is named with its place, before anything is started. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import * as v from 'valibot';
import { UNSEEN } from '../../src/core/domain/files/unseen.js';
import { LANGUAGES } from '../../src/core/i18n/languages.js';
import { isTimeZone } from '../time-zone.mjs';
import { OWN_NAMES } from '../own-host.mjs';
import { ConfigError, DRIFT_MONITOR_MYTOKEN, readToken } from './token-file.mjs';

const text = v.pipe(v.string(), v.trim(), v.nonEmpty('must not be empty'));
/** A name as the page keeps it: it stands in lines, in subjects and in the environment of a command. */
const name = v.pipe(
  text,
  v.check(
    (given) => given.search(UNSEEN) === -1,
    'must not have a line break or another character that can’t be seen',
  ),
);
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const positive = v.pipe(v.number(), v.gtValue(0));
const within = (least, most) => v.pipe(v.number(), v.minValue(least), v.maxValue(most));

const SPOKEN = Object.keys(LANGUAGES);

const LISTEN = /^(.+):(\d+)$/;

/** An unknown key is a mistake: a misspelt one would be left out without a word. */
const SETTINGS = v.strictObject({
  station: v.strictObject({
    data: text,
    name: v.optional(name, hostname()),
    port: v.optional(port, 8791),
    look_every: v.optional(positive, 5),
    most_memory: v.optional(positive, 3000),
    keep_logs: v.optional(positive, 90),
    silent_after: v.optional(positive, 45),
    restart_after: v.optional(positive, 180),
    sandbox: v.optional(v.boolean(), true),
    language: v.optional(v.picklist(SPOKEN, `must be one of ${SPOKEN.join(', ')}`), 'en'),
  }),
  driftwatch: v.optional(
    v.strictObject({
      address: text,
      mytoken_server: v.optional(text, 'https://mytok.eu'),
      token_file: v.optional(text),
      check_every: v.optional(positive, 600),
      timeout: v.optional(positive, 20),
    }),
  ),
  door: v.optional(
    v.strictObject({
      listen: v.optional(v.pipe(text, v.regex(LISTEN, 'must be host:port')), '127.0.0.1:5000'),
      model: v.optional(v.pipe(text, v.regex(/^[\w.-]+$/, 'may have letters, digits, _ . -')), 'porthole'),
      camera: v.optional(text),
      token_file: v.optional(text),
      most_mb: v.optional(positive, 32),
      per_minute: v.optional(positive, 600),
    }),
  ),
  wall: v.optional(
    v.strictObject({
      folder: text,
      address: v.optional(v.pipe(text, v.url('must be an address'))),
      pictures: v.optional(v.boolean(), true),
      reports: v.optional(v.boolean(), true),
      exports: v.optional(v.boolean(), true),
      files_every: v.optional(v.pipe(v.number(), v.minValue(0)), 10),
    }),
  ),
  alerts: v.optional(
    v.strictObject({
      mail: v.optional(
        v.strictObject({
          smtp: v.pipe(text, v.regex(/^smtps?:\/\/\S+$/, 'must be smtp://host or smtps://user@host')),
          password_file: v.optional(text),
          from: name,
          to: v.pipe(v.array(name), v.minLength(1)),
        }),
      ),
      webhook: v.optional(
        v.strictObject({
          url: v.pipe(text, v.url('must be an address')),
          headers: v.optional(v.record(v.string(), v.string())),
        }),
      ),
      command: v.optional(v.strictObject({ run: v.pipe(v.array(text), v.minLength(1)) })),
      reminders: v.optional(v.picklist(['never', 'daily', 'weekly']), 'never'),
      dead_man: v.optional(
        v.strictObject({
          url: v.pipe(text, v.regex(/^https?:\/\//, 'must be an address'), v.url('must be an address')),
          every: v.optional(positive, 60),
        }),
      ),
      least_disk_mb: v.optional(positive, 1000),
      token_days: v.optional(positive, 14),
    }),
    {},
  ),
  camera: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(name, v.maxLength(60)),
        folder: text,
        reference: text,
        model: v.optional(text),
        time_zone: v.optional(v.pipe(text, v.check(isTimeZone, 'must be a time zone such as Europe/Madrid'))),
        latitude: v.optional(within(-90, 90)),
        longitude: v.optional(within(-180, 180)),
        depth: v.optional(within(0, 12_000)),
        note: v.optional(v.pipe(text, v.maxLength(1000))),
        experiment: v.optional(name),
        tags: v.optional(v.array(name), []),
        corrections: v.optional(v.boolean(), false),
      }),
    ),
    v.minLength(1, 'at least one [[camera]] is needed'),
  ),
});

/** As much of it as is needed to tell people that the rest is wrong. */
const TOLD_BY = v.object({
  station: v.object(SETTINGS.entries.station.entries),
  wall: v.fallback(SETTINGS.entries.wall, undefined),
  alerts: SETTINGS.entries.alerts,
});

export { ConfigError };

/**
 * @param {string} path
 * @returns its settings, every path in it absolute: those of the file are meant from where it lies
 * @throws {ConfigError} that names the key
 */
export function readConfig(path) {
  if (!existsSync(path)) throw new ConfigError(`There is no file ${path}.`);
  let table;
  try {
    table = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ConfigError(`${path}, line ${error.line}: ${error.message.split('\n')[0]}`);
  }
  const read = v.safeParse(SETTINGS, table);
  if (!read.success) {
    const wrong = read.issues.map((issue) => `  ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
    throw new ConfigError(`${path} can't be used:\n${wrong.join('\n')}`);
  }
  const settings = read.output;
  const names = settings.camera.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ConfigError(`${path}: two cameras are called ${twice}.`);
  const sends = settings.camera.find(({ experiment }) => experiment !== undefined);
  if (sends && !settings.driftwatch)
    throw new ConfigError(`${path}: ${sends.name} has an experiment, but there is no [driftwatch].`);

  if (settings.driftwatch && settings.driftwatch.token_file === undefined && !DRIFT_MONITOR_MYTOKEN)
    throw new ConfigError(`${path}: driftwatch: a token_file or DRIFT_MONITOR_MYTOKEN is needed.`);

  const from = (other) => resolve(dirname(path), other);
  const cameras = settings.camera.map((camera) => ({
    ...camera,
    folder: from(camera.folder),
    reference: from(camera.reference),
    model: camera.model?.endsWith('.onnx') ? from(camera.model) : camera.model,
  }));
  for (const { name, reference } of cameras) {
    if (!existsSync(reference)) throw new ConfigError(`${path}: ${name}: there is no ${reference}.`);
  }
  const { driftwatch, door, wall } = settings;
  const { mail } = settings.alerts;
  if (mail?.password_file !== undefined && !existsSync(from(mail.password_file)))
    throw new ConfigError(`${path}: alerts.mail.password_file: there is no file ${mail.password_file}.`);
  return {
    ...settings.station,
    data: from(settings.station.data),
    alerts: alertsOf(settings, from),
    wall: wall && { ...wall, folder: from(wall.folder) },
    door: door && readDoor(door, path, names, from),
    driftwatch: driftwatch && {
      ...driftwatch,
      token_file: driftwatch.token_file && from(driftwatch.token_file),
    },
    cameras,
  };
}

function alertsOf({ alerts, wall, station }, from) {
  const { mail } = alerts;
  return {
    ...alerts,
    mail: mail && { ...mail, password_file: mail.password_file && from(mail.password_file) },
    about: {
      station: station.name,
      wall: wall ? (wall.address ?? join(from(wall.folder), 'index.html')) : null,
    },
  };
}

/** @returns where and how to tell that a file can't be used; null where it doesn't say even that */
export function alertsDespite(path) {
  try {
    const tables = readFileSync(path, 'utf8').split(/^(?=[ \t]*\[)/m);
    const own = tables.filter((table) => /^\s*\[\s*(station|alerts|wall)\b/.test(table));
    const settings = v.parse(TOLD_BY, parse(own.join('')));
    const from = (other) => resolve(dirname(path), other);
    return { data: from(settings.station.data), alerts: alertsOf(settings, from) };
  } catch {
    return null;
  }
}

function readDoor({ listen, camera, token_file, ...limits }, path, names, from) {
  const [, host, port] = LISTEN.exec(listen);
  if (camera !== undefined && !names.includes(camera))
    throw new ConfigError(`${path}: door.camera: there is no camera ${camera}.`);
  if (!OWN_NAMES.includes(host) && token_file === undefined) {
    throw new ConfigError(
      `${path}: door.listen: ${host} can be reached from other machines, so a token_file is needed.`,
    );
  }
  return {
    ...limits,
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
    camera: camera ?? names[0],
    token: token_file === undefined ? null : readToken(from(token_file)),
  };
}
