/** Reads `station.toml`: every mistake is named with its place, before anything is started. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { closestMatch } from 'leven';
import { parse, TomlDate, TomlError } from 'smol-toml';
import * as v from 'valibot';
import { doiIn, LAST_OF_DAY } from '../../src/core/domain/camera/deployed.js';
import { UNSEEN } from '../../src/core/domain/files/unseen.js';
import { LANGUAGES } from '../../src/core/i18n/languages.js';
import { isTimeZone } from '../time-zone.mjs';
import { hostsGiven, OWN_NAMES } from '../own-host.mjs';
import { proxiesIn } from './client.mjs';
import { stemOf } from './source.mjs';
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
/** An address is printed, so nothing secret may be in it; in a query or a path an @ may be. */
const address = v.pipe(
  text,
  v.check((given) => !/^[^/]*:\/\/[^/?#]*@/.test(given), 'must not have a user or a password before an @'),
);
const positive = v.pipe(v.number(), v.gtValue(0));
const within = (least, most) => v.pipe(v.number(), v.minValue(least), v.maxValue(most));
const fact = v.pipe(text, v.maxLength(200));
/** @returns {number} milliseconds since 1970, of a day as an end its last one */
const moment = (isEnd) =>
  v.pipe(
    v.instance(TomlDate, 'must be a day such as 2026-05-31 without quotes, or a time in UTC'),
    v.transform((date) => date.getTime() + (isEnd && date.isDate() ? LAST_OF_DAY : 0)),
    v.minValue(0, 'must be a day from 1970 on'),
  );

const SPOKEN = Object.keys(LANGUAGES);

const ADDRESS = /^https?:\/\//i;
const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
/** With other characters in user or password, a part of them would be taken for the host. */
const SMTP = /^smtps?:\/\/([^\s/?#@]+@)?[^\s/?#@]+\/?$/;
const MUST_BE_SMTP = 'must be smtp://host or smtps://user@host, with / ? # @ of the user as %2F %3F %23 %40';
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const LISTEN = /^(.+):(\d+)$/;
/** A name with or without a port, or one in any domain, which only those may know who reach the station anyway. */
const HOST = /^(\[[\da-f:]+\]|[\w-]+(\.[\w-]+)*)(:\d+)?$|^([\w-]+\.)*[\w-]{32,}\.\*$/;
const RANGE = /^[\da-f:.]+(\/\d+)?$/i;
/** Characters of the token that people tell with. */
const LEAST_TOKEN = 16;

const CAMERA = v.strictObject({
  name: v.pipe(name, v.maxLength(60)),
  source: v.optional(text),
  folder: v.optional(text),
  fetch: v.optional(
    v.strictObject({
      every: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(86_400))),
      at: v.optional(v.pipe(v.array(v.pipe(text, v.regex(TIME, 'must be hh:mm'))), v.minLength(1))),
      keep_days: v.optional(positive, 90),
      user: v.optional(text),
      password_file: v.optional(text),
      password_env: v.optional(text),
      timeout: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(3600)), 30),
      frozen_after: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2)), 6),
      patience: v.optional(positive, 60),
    }),
  ),
  reference: text,
  model: v.optional(text),
  time_zone: v.optional(v.pipe(text, v.check(isTimeZone, 'must be a time zone such as Europe/Madrid'))),
  file_dates: v.optional(v.boolean(), false),
  latitude: v.optional(within(-90, 90)),
  longitude: v.optional(within(-180, 180)),
  depth: v.optional(within(0, 12_000)),
  note: v.optional(v.pipe(text, v.maxLength(1000))),
  platform: v.optional(fact),
  sensor: v.optional(fact),
  site: v.optional(fact),
  begin: v.optional(moment(false)),
  end: v.optional(moment(true)),
  licence: v.optional(fact),
  creators: v.optional(v.pipe(v.array(fact), v.maxLength(50))),
  doi: v.optional(v.pipe(fact, v.transform(doiIn), v.string('must be a DOI such as 10.1594/PANGAEA.1'))),
  experiment: v.optional(name),
  tags: v.optional(v.array(name), []),
  corrections: v.optional(v.boolean(), false),
});

/** An unknown key is a mistake: a misspelt one would be left out without a word. */
const SETTINGS = v.strictObject({
  station: v.strictObject({
    data: text,
    name: v.optional(name, hostname()),
    port: v.optional(port, 8791),
    look_every: v.optional(positive, 5),
    most_memory: v.optional(positive, 3000),
    keep_logs: v.optional(positive, 90),
    most_log_mb: v.optional(positive, 500),
    silent_after: v.optional(positive, 45),
    restart_after: v.optional(positive, 180),
    sandbox: v.optional(v.boolean(), true),
    language: v.optional(v.picklist(SPOKEN, `must be one of ${SPOKEN.join(', ')}`), 'en'),
  }),
  driftwatch: v.optional(
    v.strictObject({
      address,
      mytoken_server: v.optional(address, 'https://mytok.eu'),
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
      open: v.optional(v.boolean(), false),
      hosts: v.optional(
        v.array(v.pipe(text, v.toLowerCase(), v.regex(HOST, 'must be a name such as wall.example.org'))),
        hostsGiven,
      ),
      proxies: v.optional(
        v.array(v.pipe(text, v.check(isRange, 'must be an address or a range such as 10.0.0.0/8'))),
        [],
      ),
      token_file: v.optional(text),
      tell_token_file: v.optional(text),
      certificate: v.optional(text),
      key: v.optional(text),
      most_mb: v.optional(positive, 32),
      per_minute: v.optional(positive, 600),
    }),
  ),
  wall: v.optional(
    v.strictObject({
      folder: text,
      address: v.optional(v.pipe(address, v.url('must be an address'))),
      pictures: v.optional(v.boolean(), true),
      reports: v.optional(v.boolean(), true),
      exports: v.optional(v.boolean(), true),
      files_every: v.optional(v.pipe(v.number(), v.minValue(0)), 10),
    }),
  ),
  backup: v.optional(
    v.strictObject({
      folder: text,
      every: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(744)), 24),
      keep: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 7),
    }),
  ),
  alerts: v.optional(
    v.strictObject({
      mail: v.optional(
        v.strictObject({
          smtp: v.pipe(text, v.regex(SMTP, MUST_BE_SMTP), v.url(MUST_BE_SMTP)),
          password_file: v.optional(text),
          from: name,
          to: v.pipe(v.array(name), v.minLength(1)),
        }),
      ),
      webhook: v.optional(
        v.strictObject({
          url: v.pipe(address, v.url('must be an address')),
          headers: v.optional(v.record(v.string(), v.string())),
        }),
      ),
      command: v.optional(v.strictObject({ run: v.pipe(v.array(text), v.minLength(1)) })),
      reminders: v.optional(v.picklist(['never', 'daily', 'weekly']), 'never'),
      dead_man: v.optional(
        v.strictObject({
          url: v.pipe(address, v.regex(/^https?:\/\//, 'must be an address'), v.url('must be an address')),
          every: v.optional(positive, 60),
        }),
      ),
      least_disk_mb: v.optional(positive, 1000),
      token_days: v.optional(positive, 14),
    }),
    {},
  ),
  /** checked alone, so that a mistake in it is told once; the cameras' tables are read with it */
  defaults: v.optional(v.partial(v.omit(CAMERA, ['name', 'source', 'folder', 'reference'])), {}),
  camera: v.pipe(v.array(CAMERA), v.minLength(1, 'at least one [[camera]] is needed')),
});

/** As much of it as is needed to tell people that the rest is wrong. */
const TOLD_BY = v.object({
  station: v.object(SETTINGS.entries.station.entries),
  wall: v.fallback(SETTINGS.entries.wall, undefined),
  alerts: SETTINGS.entries.alerts,
});

export { ConfigError };

/** True if `station.toml` can name a camera so. */
export function isCameraName(given) {
  return v.is(CAMERA.entries.name, given);
}

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
  const read = v.safeParse(SETTINGS, withDefaults(table));
  if (!read.success) {
    const ofDefaults = read.issues.filter(({ path }) => path?.[0].key === 'defaults');
    const issues = ofDefaults.length > 0 ? ofDefaults : read.issues;
    const wrong = issues.map((issue) => `  ${v.getDotPath(issue) ?? 'the file'}: ${saidOf(issue)}`);
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
    ...readSource(camera, path, from, from(settings.station.data)),
    reference: from(camera.reference),
    model: camera.model?.endsWith('.onnx') ? from(camera.model) : camera.model,
  }));
  for (const { name, reference, folder, begin, end } of cameras) {
    if (begin > end) throw new ConfigError(`${path}: ${name}: its end is before its begin.`);
    if (!existsSync(reference)) throw new ConfigError(`${path}: ${name}: there is no ${reference}.`);
    if (!hasFile(reference)) throw new ConfigError(`${path}: ${name}: there is no file in ${reference}.`);
    if (cameras.some((other) => other.name !== name && other.folder === folder))
      throw new ConfigError(`${path}: ${name} needs a folder of its own: ${folder} is another camera's.`);
  }
  const { driftwatch, door, wall, backup } = settings;
  const { mail } = settings.alerts;
  if (mail?.password_file !== undefined && !existsSync(from(mail.password_file)))
    throw new ConfigError(`${path}: alerts.mail.password_file: there is no file ${mail.password_file}.`);
  return {
    ...settings.station,
    data: from(settings.station.data),
    alerts: alertsOf(settings, from),
    wall: wall && { ...wall, folder: from(wall.folder) },
    backup: backup && { ...backup, folder: from(backup.folder) },
    door: door && readDoor(door, path, names, from),
    driftwatch: driftwatch && {
      ...driftwatch,
      token_file: driftwatch.token_file && from(driftwatch.token_file),
    },
    cameras,
  };
}

/** The cameras' tables with what `[defaults]` says and they don't; what is no table is refused later. */
function withDefaults(table) {
  const { defaults, camera } = table;
  if (!isTable(defaults) || !Array.isArray(camera)) return table;
  const { fetch, ...others } = defaults;
  const cameras = camera.map((own) => ({ ...others, ...own, ...fetchOf(fetch, own) }));
  return { ...table, camera: cameras };
}

/** Only a camera with an address is fetched, and one that names its times is not asked every so many seconds. */
function fetchOf(fetch, { source, fetch: own = {} }) {
  if (!isTable(fetch) || !ADDRESS.test(source)) return {};
  const { every, at, ...others } = fetch;
  const isTimed = own.every !== undefined || own.at !== undefined;
  return { fetch: { ...others, ...(!isTimed && { every, at }), ...own } };
}

/** True for a table of TOML. */
export function isTable(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function saidOf({ type, expected, path, message }) {
  if (type !== 'strict_object' || expected !== 'never') return message;
  let table = SETTINGS;
  for (const { key } of path.slice(0, -1)) table = unwrapped(table.item ?? table.entries[key]);
  const known = Object.keys(table.entries);
  const given = path.at(-1).key;
  // Two letters that changed places are a distance of 2.
  const nearest = closestMatch(given, known, { maxDistance: Math.max(2, Math.floor(given.length / 3)) });
  return nearest === undefined
    ? `there is no such key; there are ${known.join(', ')}`
    : `there is no such key; is ${nearest} meant?`;
}

function unwrapped(schema) {
  return schema.wrapped ? unwrapped(schema.wrapped) : schema;
}

/** A camera's folder; with an address, the one that its pictures are put into, and how they are fetched. */
function readSource({ name, source, folder, fetch, time_zone, reference }, path, from, data) {
  const wrong = (why) => new ConfigError(`${path}: ${name}: ${why}`);
  for (const [key, given = ''] of Object.entries({ source, folder })) {
    const [scheme] = SCHEME.exec(given) ?? [];
    if (scheme && (key === 'folder' || !ADDRESS.test(scheme)))
      throw wrong(`${key} can't begin with ${scheme}. ${recipeFor(scheme)}`);
    if (!given.startsWith('/') && /:.*@/.test(given))
      throw wrong(
        `${key} has a password in it, before an @. Put user and password_file under [camera.fetch] instead; an @ of a path or a query is written %40.`,
      );
  }
  if (source === undefined || !ADDRESS.test(source)) {
    if ((source === undefined) === (folder === undefined))
      throw wrong(
        'it needs a folder, or a source: a folder or an address that begins with http:// or https://.',
      );
    if (fetch) throw wrong('fetch is for a source that begins with http:// or https://.');
    return { source: undefined, folder: from(source ?? folder) };
  }
  if (!URL.canParse(source)) throw wrong('source is no address.');
  const url = new URL(source);
  const { every, at, user, password_file, password_env, ...limits } = fetch ?? {};
  if ((every === undefined) === (at === undefined))
    throw wrong('under [camera.fetch] either every (seconds) or at (["06:00", "12:00"], UTC) is needed.');
  const passwords = [password_file, password_env].filter((each) => each !== undefined).length;
  if (passwords > 1 || (user !== undefined) !== (passwords === 1))
    throw wrong('a user needs a password_file or a password_env, and these a user.');
  if (password_file !== undefined && !existsSync(from(password_file)))
    throw wrong(`password_file: there is no file ${from(password_file)}.`);
  if (password_env !== undefined && !process.env[password_env])
    throw wrong(`password_env: ${password_env} is not in the environment.`);
  return {
    source: undefined,
    folder: folder === undefined ? join(data, 'pictures', stemOf(name)) : from(folder),
    fetch: {
      ...limits,
      address: source,
      // A query may hold what nobody else should read.
      shown: `${url.origin}${url.pathname}`,
      every: every ?? null,
      at: at?.map((time) => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000) ?? null,
      user,
      password_file: password_file && from(password_file),
      password_env,
      zone: statesZone(time_zone, from(reference)) ? 'Z' : '',
    },
  };
}

/** A way to a folder, or to an address that can be followed. */
function recipeFor(scheme) {
  if (/^rt(sp|mp)s?:/i.test(scheme))
    return 'Let ffmpeg put pictures into a folder, as deploy/rtsp-picture.sh does.';
  if (/^onvif:/i.test(scheme))
    return 'Take the address that the camera answers to GetSnapshotUri: it begins with http:// or https://.';
  if (ADDRESS.test(scheme)) return 'Such an address is a source.';
  return 'Let the camera, or a timer, put its pictures into a folder of this computer.';
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

function hasFile(path) {
  if (!statSync(path).isDirectory()) return true;
  return readdirSync(path, { recursive: true }).some((name) =>
    statSync(join(path, String(name)), { throwIfNoEntry: false })?.isFile(),
  );
}

/** True if times in names without a zone may be no UTC. */
function statesZone(zone, reference) {
  if (zone !== undefined) return zone !== 'UTC';
  if (!existsSync(reference)) return false;
  const names = statSync(reference).isDirectory() ? readdirSync(reference) : [reference];
  return names.some((name) => name.endsWith('.toml'));
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

function isRange(given) {
  try {
    return RANGE.test(given) && proxiesIn([given]) !== null;
  } catch {
    return false;
  }
}

function readDoor({ listen, camera, ...door }, path, names, from) {
  const { token_file, tell_token_file, certificate, key, ...limits } = door;
  const [, host, port] = LISTEN.exec(listen);
  if (camera !== undefined && !names.includes(camera))
    throw new ConfigError(`${path}: door.camera: there is no camera ${camera}.`);
  if (limits.open && token_file !== undefined)
    throw new ConfigError(`${path}: door: an open door asks for no token: leave out open or token_file.`);
  if (!OWN_NAMES.includes(host) && token_file === undefined && !limits.open) {
    throw new ConfigError(
      `${path}: door.listen: ${host} can be reached from other machines, so a token_file is needed.`,
    );
  }
  const [token, tell_token] = [token_file, tell_token_file].map((file) =>
    file === undefined ? null : readToken(from(file)),
  );
  if (tell_token !== null && (tell_token.length < LEAST_TOKEN || tell_token === token))
    throw new ConfigError(
      `${path}: door.tell_token_file: a token of its own, of at least ${LEAST_TOKEN} characters, must be in it, such as openssl rand -hex 32 prints.`,
    );
  return {
    ...limits,
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
    camera: camera ?? names[0],
    token,
    tell_token,
    tls: certificate === undefined && key === undefined ? null : readTls({ certificate, key }, path, from),
  };
}

function readTls({ certificate = '', key = '' }, path, from) {
  try {
    const tls = { cert: readFileSync(from(certificate), 'utf8'), key: readToken(from(key)) };
    createSecureContext(tls);
    return tls;
  } catch ({ message }) {
    throw new ConfigError(`${path}: door: certificate and key are needed and can't be used: ${message}`);
  }
}
