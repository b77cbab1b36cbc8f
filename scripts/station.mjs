/** `npm run station -- --config station.toml`: cameras followed unattended, by the page in a headless browser. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from './command-line.mjs';
import { placeOf } from './folder.mjs';
import { textOf } from './line.mjs';
import { build, prepare, stop } from './prepare.mjs';

const USAGE = `npm run station -- --config station.toml
npm run station -- restore BACKUP --config station.toml    takes a backup into a new station, and ends
npm run station -- remove CAMERA --config station.toml     deletes a camera with everything known of it, and ends
npm run station -- rename CAMERA NAME --config station.toml
npm run station -- reference CAMERA FOLDER --config station.toml    learns its present view from clean snapshots, and ends
npm run station -- tell CAMERA … --config station.toml     tells a station at work what a person did or saw (tell --help)

  --config      cameras with their folders and references; docs/station-reference.md has an example with comments
  --check       prints what the station would do, without starting it or its browser, and ends with 0 if all is well
  --serve       serves the page on the station's port, so that a person can look into its profile; scores nothing
  --test-alerts sends one alert of each kind by each way, and ends
  --help        this

It scores what is in the folders and what comes, a line each, until SIGTERM or Ctrl+C.
Exit code 0 when it was asked to end, 2 when the configuration can't be used, 1 for anything else and with --check.`;

const OPTIONS = {
  config: { type: 'string' },
  check: { type: 'boolean' },
  serve: { type: 'boolean' },
  'test-alerts': { type: 'boolean' },
};

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];
/** SIGHUP comes also from a terminal that is closed, and ends the station there. */
const ENDING = process.stdout.isTTY ? SIGNALS : SIGNALS.slice(0, 2);

/** Words that a command needs. */
const COMMANDS = new Map([
  ['restore', 1],
  ['remove', 1],
  ['rename', 2],
  ['reference', 2],
]);

if (process.argv[2] === 'tell') {
  prepare();
  const { tell } = await import('./station/tell.mjs');
  await tell(process.argv.slice(3));
  process.exit(0);
}
const needed = COMMANDS.get(process.argv[2]);
const [command = null, ...given] = needed === undefined ? [] : process.argv.splice(2, 1 + needed);
const options = commandLine(OPTIONS, USAGE);
if (needed > given.filter((word) => !word.startsWith('--')).length) stop(USAGE, 2);
if (options.config === undefined) stop(`--config is missing.\n\n${USAGE}`, 2);
prepare();
const { ConfigError, readConfig } = await import('./station/config.mjs');
const config = await orStop(() => readConfig(placeOf(options.config)), tellBroken);
if (options.check) {
  const { check } = await import('./station/check.mjs');
  process.exit(check(config) ? 0 : 1);
}
build();
const { serveDist } = await import('./serve.mjs');
const { driftwatchRoot } = await import('./driftwatch-path.mjs');
const { Deepaas } = await import('./station/deepaas.mjs');
const { HttpError, lettingIn, openDoor } = await import('./station/door.mjs');
const { Log } = await import('./station/log.mjs');
const { pageSettings, reload } = await import('./station/reload.mjs');
const { Sources } = await import('./station/source.mjs');
const { Counts, health, isHealth, metrics } = await import('./station/metrics.mjs');
const { pingAfterLoops, systemdOf } = await import('./station/notify.mjs');
const { Station } = await import('./station/station.mjs');
const { StaticWall } = await import('./station/static-wall.mjs');
const { Telling } = await import('./station/telling.mjs');
const { unguarded, unguardedSentences } = await import('./station/unguarded.mjs');

mkdirSync(config.data, { recursive: true });
const log = new Log(join(config.data, 'log'), config.keep_logs, config.most_log_mb);
// There is no station yet when old alerts are sent again.
let pictures = async () => ({});
const { alerts, ways } = await alertsOf(
  config,
  (sentence) => log.write('alert-failed', { sentence }, `! ${sentence}`),
  (camera) => pictures(camera),
);
if (options['test-alerts']) {
  const names = Object.keys(ways);
  if (names.length === 0)
    stop(
      `${options.config} names no way to tell anybody: [alerts.mail], [alerts.webhook] or [alerts.command].`,
      2,
    );
  const failed = await alerts.test();
  for (const sentence of failed) console.error(sentence);
  if (failed.length === 0) console.log(`Sent by ${names.join(', ')}. See whether all of them arrived.`);
  process.exit(failed.length > 0 ? 1 : 0);
}
const server = await serveDist({ port: config.port, driftwatch: driftwatchRoot() }).catch((error) =>
  stop(
    error.code === 'EADDRINUSE'
      ? `Port ${config.port} is in use: is this station running already? The cameras' data belong to the port; another station needs another \`port\` and another \`data\`.`
      : `The page can't be served: ${error.message}`,
  ),
);
if (options.serve) {
  console.log(`The page is at ${server.address} until Ctrl+C, and the station's cameras are in its profile:
chromium --user-data-dir=${join(config.data, 'profile')} ${server.address}`);
  await new Promise((resolve) => {
    for (const signal of SIGNALS) process.once(signal, resolve);
  });
  await server.close();
  process.exit(0);
}
if (command !== null) {
  const { restore } = await import('./station/backup.mjs');
  const { changeCameras } = await import('./station/cameras.mjs');
  const isDone = await orStop(() =>
    command === 'restore'
      ? restore(placeOf(given[0]), server.address, config)
      : changeCameras(command, given, server.address, config),
  );
  process.exit(isDone ? 0 : 1);
}
const station = new Station(config, server.address, {
  ...log.recall(),
  problems: alerts.problems,
  reminding: () => ({ every: config.alerts.reminders, told: alerts.told }),
});
pictures = async (camera) => (config.wall?.pictures === false ? {} : station.stays(camera));
const names = config.cameras.map(({ name }) => name);
log.write(
  'started',
  { cameras: names },
  `Follows ${names.join(', ')} until Ctrl+C; the log is in ${join(config.data, 'log')}.`,
);
station.on('line', (camera, line) =>
  log.write('snapshot', { camera, ...line }, `${camera}\t${textOf(line)}`),
);
station.on('note', (sentence) => log.write('note', { sentence }, sentence));
station.on('news', (sentence) => {
  log.write('note', { sentence }, sentence);
  alerts.news('memory', sentence);
});
station.on('problem', (key, sentence) => {
  log.write('problem', { key, sentence }, `! ${sentence}`);
  alerts.problem(key, sentence);
});
station.on('solved', (key) => {
  log.write('solved', { key }, `Over: ${key}.`);
  alerts.solved(key);
});
station.on('standings', (standings) => {
  log.standings(standings);
  alerts.standings(standings);
});

const newWall = () =>
  config.wall &&
  new StaticWall(
    config.wall,
    config.cameras.map(({ name }) => name),
    unguarded(config),
    station,
  );
let wall = newWall();
station.on('line', (camera) => wall?.changed(camera));
station.on('heard', (camera, said) => {
  log.write('told', { camera, said }, `${camera}: a person told ${said.kind}.`);
  wall?.changed(camera);
});
station.on('standings', (all) => void wall?.write(all));

const counts = new Counts(station);
const door = config.door && (await orStop(() => open(config.door)));
if (door)
  log.write(
    'door',
    { address: door.address, hosts: config.door.hosts, proxies: config.door.proxies },
    `DEEPaaS, /health, /metrics and /usable.json are at ${door.address}, for ${lettingIn(config.door)}.`,
  );

const sayUnguarded = () => {
  for (const sentence of unguardedSentences(config)) log.write('note', { sentence }, sentence);
};
sayUnguarded();

const sources = new Sources(station);
sources.follow(config.cameras);
let reloading = Promise.resolve();
if (!ENDING.includes('SIGHUP')) process.on('SIGHUP', () => (reloading = reloading.then(reloadNow)));
const systemd = systemdOf(
  () => station.isLive,
  (sentence) => log.write('note', { sentence }, sentence),
);
if (config.alerts.dead_man) pingAfterLoops(station, config.alerts.dead_man);
station.once('started', () => systemd.ready());
for (const signal of ENDING) {
  process.once(signal, () => {
    void (async () => {
      sources.end();
      systemd.end();
      wall?.end();
      await door?.close();
      await station.end();
      await server.close();
      await alerts.end();
      process.exit(0);
    })();
  });
}
// Only a configuration that can be used comes so far.
station.solve('config');
await orStop(
  () => station.run(),
  (error) => tellWith(alerts, error),
);

/** Takes over what the file says by now, or says why the station goes on as before. */
async function reloadNow() {
  try {
    const { changed, later } = await reload(placeOf(options.config), config, async (before) => {
      const { alertWays } = await import('./station/alert-ways.mjs');
      const { about } = config.alerts;
      const ways = alertWays(config.alerts, about, (camera) => pictures(camera));
      await station.follow(pageSettings(before) !== pageSettings(config));
      alerts.use(ways, about.wall);
    });
    log.keepDays = config.keep_logs;
    log.mostMb = config.most_log_mb;
    sources.follow(config.cameras);
    wall?.end();
    wall = newWall();
    station.solve('config');
    const said = `The configuration was read again: ${changed.join(', ') || 'nothing changed'}.`;
    const waits = later.length > 0 ? ` From the next start on: ${later.join(', ')}.` : '';
    log.write('reloaded', { changed, later }, `${said}${waits}`);
    sayUnguarded();
  } catch (error) {
    const why = error.message.replace(/\s*\n\s*/g, ' ');
    station.tell('config', `The configuration can't be used and stays as it was before: ${why}`);
  }
}

/** Opens the HTTP door: DEEPaaS's addresses, and what those ask who watch machines. */
async function open({ model, camera, ...limits }) {
  const deepaas = new Deepaas({
    model,
    incoming: join(config.data, 'incoming'),
    metadata: () => station.metadata(),
    predict: (file, args) => station.predict(camera, file, args),
  });
  const telling = new Telling(config, station);
  const onGuessing = (sentence) => {
    log.write('note', { sentence }, sentence);
    alerts.news('guessing', sentence);
  };
  const answer = async (asked) => {
    if (telling.knows(asked.url)) return telling.answer(asked);
    if (deepaas.knows(asked.url)) return deepaas.answer(asked);
    if (isHealth(asked.url)) return health(station, counts, Date.now(), asked.url);
    if (asked.url.pathname === '/metrics') return metrics(station, counts, alerts.counts, Date.now());
    if (asked.url.pathname === '/usable.json') return usable(asked.url);
    throw new HttpError(404, 'Not Found');
  };
  return openDoor(limits, answer, onGuessing);
}

/** A camera's usable time; the only camera needs no name. */
async function usable({ searchParams }) {
  const names = config.cameras.map(({ name }) => name);
  const asked = searchParams.get('camera') ?? (names.length === 1 ? names[0] : null);
  if (asked === null) throw new HttpError(400, 'Name a camera: /usable.json?camera=…');
  if (!names.includes(asked)) throw new HttpError(404, 'There is no such camera');
  try {
    return { body: await station.usable(asked) };
  } catch {
    throw new HttpError(503, 'The page does not answer now', { 'retry-after': '10' });
  }
}

async function alertsOf({ data, alerts: settings }, onProblem, picturesOf) {
  const { alertWays } = await import('./station/alert-ways.mjs');
  const { Alerts } = await import('./station/alerts.mjs');
  const ways = alertWays(settings, settings.about, picturesOf);
  return { ways, alerts: new Alerts(data, ways, onProblem, settings.about.wall) };
}

/** Tells of a file that can't be used by the ways that it names all the same. */
async function tellBroken(error) {
  const { alertsDespite } = await import('./station/config.mjs');
  const despite = alertsDespite(placeOf(options.config));
  if (!despite || options.check || options.serve || options['test-alerts']) return;
  mkdirSync(despite.data, { recursive: true });
  const { alerts } = await alertsOf(despite, (sentence) => console.error(sentence));
  await tellWith(alerts, error);
}

async function tellWith(alerts, { message }) {
  alerts.problem('config', `The configuration can't be used, and the station does not run. ${message}`);
  await alerts.end();
}

/** @param tell - tells people what they have to put right */
async function orStop(work, tell = async () => undefined) {
  try {
    return await work();
  } catch (error) {
    const { SetUpError } = await import('./station/station.mjs');
    if (!(error instanceof ConfigError || error instanceof SetUpError)) stop(error.message);
    await tell(error).catch((why) => console.error(why.message));
    stop(error.message, options.check ? 1 : 2);
  }
}
