/** Says what the station would do, for a person who has written its configuration: nothing is started or asked. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../line.mjs';
import { lettingIn } from './door.mjs';
import { unguardedSentences } from './unguarded.mjs';

const { R_OK, W_OK, X_OK } = constants;

/** @param config - of `readConfig` @returns {boolean} false if something would not work, which is printed with a `!` */
export function check({ data, port, cameras, driftwatch, door, wall, backup, alerts, ...station }) {
  const { bavail, bsize } = statfsSync(existing(data));
  const free = (bavail * bsize) / 2 ** 20;
  const lines = [
    `Station: profile, logs and what was told are in ${data} (${free.toFixed(0)} MB free); the page is on port ${port}; folders are looked into every ${station.look_every} s; logs are kept ${station.keep_logs} days, ${station.most_log_mb} MB at most.`,
    ...cameras.map(cameraLine),
    ...(driftwatch
      ? [
          `DriftWatch: at ${driftwatch.address}, with the mytoken in ${driftwatch.token_file ?? 'DRIFT_MONITOR_MYTOKEN'}.`,
        ]
      : []),
    ...(door ? [`Door: ${door.host}:${door.port} for ${lettingIn(door)}.`] : []),
    ...(wall ? [`Wall: in ${wall.folder}${wall.address ? `, known as ${wall.address}` : ''}.`] : []),
    ...(backup ? [`Backup: every ${backup.every} h into ${backup.folder}; ${backup.keep} are kept.`] : []),
    ...unguardedSentences({ door, sandbox: station.sandbox }),
    `Alerts: ${waysOf(alerts).join('; ') || 'nobody is told anything'}.`,
  ];
  const wrong = [
    ...cannot(data, W_OK | X_OK),
    ...(free < alerts.least_disk_mb ? [`less than ${alerts.least_disk_mb} MB are free for ${data}`] : []),
    ...cameras.flatMap(({ folder, fetch }) => [
      ...cannot(folder, fetch ? W_OK | X_OK : R_OK | X_OK),
      ...cannot(fetch?.password_file, R_OK),
    ]),
    ...cannot(driftwatch?.token_file, R_OK),
    ...(driftwatch?.address.startsWith('/') && !process.env.DRIFT_MONITOR_URL
      ? [`${driftwatch.address} as DriftWatch's address needs DRIFT_MONITOR_URL in the environment`]
      : []),
    ...cannot(wall?.folder, W_OK | X_OK),
    ...(backup && !existsSync(backup.folder) ? [`there is no folder ${backup.folder} for backups`] : []),
    ...cannot(backup?.folder, W_OK | X_OK),
    ...cannot(alerts.mail?.password_file, R_OK),
  ];
  for (const line of [...lines, ...wrong.map((sentence) => `! ${sentence}.`)]) console.log(printable(line));
  return wrong.length === 0;
}

function cameraLine({ name, folder, fetch, reference, experiment, file_dates, ...deployed }) {
  const sends = experiment === undefined ? 'results stay here' : `results go to the experiment ${experiment}`;
  const undated = file_dates
    ? 'where a picture states no time, its file’s date counts'
    : 'a picture that states no time is set aside (file_dates)';
  return `Camera ${name}: ${fetch ? fetches(fetch, folder) : `follows the folder ${folder}`}; reference ${reference}; ${undated}; ${sends}.${deployment(deployed)}`;
}

function deployment({
  latitude,
  longitude,
  depth,
  platform,
  sensor,
  site,
  begin,
  end,
  licence,
  creators,
  doi,
}) {
  const day = (at) => at && new Date(at).toISOString().slice(0, 10);
  const facts = {
    position: latitude !== undefined && longitude !== undefined ? `${latitude}, ${longitude}` : undefined,
    depth: depth !== undefined ? `${depth} m` : undefined,
    ...{ platform, sensor, site, begin: day(begin), end: day(end), licence },
    ...{ creators: creators?.join(', '), doi },
  };
  const said = Object.entries(facts).filter(([, fact]) => fact !== undefined);
  return said.length === 0 ? '' : ` Deployed: ${said.map(([key, fact]) => `${key} ${fact}`).join('; ')}.`;
}

function fetches({ shown, every, at, user, password_file, password_env, keep_days }, folder) {
  const times = at?.map((time) => new Date(time).toISOString().slice(11, 16)).join(', ');
  const when = every === null ? `at ${times} UTC` : `every ${every} s`;
  const secret = password_file ?? `the variable ${password_env}`;
  const who = user === undefined ? '' : ` as ${user} with the password in ${secret}`;
  return `fetches ${shown} ${when}${who} into ${folder}, where pictures are kept ${keep_days} days`;
}

/** Addresses may hold secrets: of a webhook and a mail server only the host is shown. */
function waysOf({ mail, webhook, command }) {
  return [
    ...(mail ? [`mail to ${mail.to.join(', ')} by ${new URL(mail.smtp).host}`] : []),
    ...(webhook ? [`a webhook at ${new URL(webhook.url).host}`] : []),
    ...(command ? [`the command ${command.run[0]}`] : []),
  ];
}

/** @returns why this user can't do that with a file or folder; a folder to be written may be made */
function cannot(path, mode) {
  if (path === undefined) return [];
  try {
    accessSync(mode & W_OK ? existing(path) : path, mode);
    return [];
  } catch (error) {
    return [`${path} can't be ${mode & W_OK ? 'written' : 'read'} by this user (${error.code})`];
  }
}

/** The folder, or the nearest above it that is there. */
function existing(folder) {
  return existsSync(folder) ? folder : existing(dirname(folder));
}
