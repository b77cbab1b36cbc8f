/** Says what the station would do, for a person who has written its configuration: nothing is started or asked. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../line.mjs';

const { R_OK, W_OK, X_OK } = constants;

/** @param config - of `readConfig` @returns {boolean} false if something would not work, which is printed with a `!` */
export function check(config) {
  const wrong = [];
  const need = (path, mode, sentence) => {
    try {
      accessSync(path, mode);
    } catch (error) {
      wrong.push(`${sentence} (${error.code}).`);
    }
  };
  const needWritable = (folder) =>
    need(existing(folder), W_OK | X_OK, `${folder} can't be written by this user`);
  const { data, cameras, driftwatch, door, wall, alerts } = config;

  needWritable(data);
  const { bavail, bsize } = statfsSync(existing(data));
  const free = (bavail * bsize) / 2 ** 20;
  if (free < alerts.least_disk_mb) wrong.push(`Only ${free.toFixed(0)} MB are free for ${data}.`);
  const lines = [
    `Station: profile, logs and what was told are in ${data} (${(free / 1024).toFixed(1)} GB free); the page is on port ${config.port}; folders are looked into every ${config.look_every} s; logs are kept ${config.keep_logs} days, ${config.most_log_mb} MB at most.`,
  ];
  for (const camera of cameras) {
    const { name, folder, fetch, reference, experiment } = camera;
    if (fetch) needWritable(folder);
    else need(folder, R_OK | X_OK, `${name}: the folder ${folder} can't be read`);
    if (fetch?.password_file)
      need(fetch.password_file, R_OK, `${name}: ${fetch.password_file} can't be read`);
    const sends = experiment === undefined ? 'its results stay here' : `sends its results to “${experiment}”`;
    lines.push(
      `Camera ${name}: ${fetch ? fetches(fetch, folder) : `follows the folder ${folder}`}; reference ${reference}; ${sends}.`,
    );
  }
  if (driftwatch) {
    need(driftwatch.token_file, R_OK, `The mytoken ${driftwatch.token_file} can't be read`);
    if (driftwatch.address.startsWith('/') && !process.env.DRIFT_MONITOR_URL)
      wrong.push(`driftwatch.address ${driftwatch.address} needs DRIFT_MONITOR_URL in the environment.`);
    lines.push(`DriftWatch: at ${driftwatch.address}, with the mytoken in ${driftwatch.token_file}.`);
  }
  if (door)
    lines.push(
      `Door: ${door.host}:${door.port} ${door.token === null ? 'for this computer' : 'with a token'}; predict is for ${door.camera}.`,
    );
  if (wall) {
    needWritable(wall.folder);
    lines.push(`Wall: in ${wall.folder}${wall.address ? `, known as ${wall.address}` : ''}.`);
  }
  const ways = waysOf(alerts, need);
  lines.push(ways.length > 0 ? `Alerts: ${ways.join('; ')}.` : 'Alerts: nobody is told anything.');

  for (const line of lines) console.log(printable(line));
  for (const sentence of wrong) console.log(`! ${printable(sentence)}`);
  return wrong.length === 0;
}

function fetches({ shown, every, at, user, password_file, password_env, keep_days }, folder) {
  const times = at?.map((time) => new Date(time).toISOString().slice(11, 16)).join(', ');
  const when = every === null ? `at ${times} UTC` : `every ${every} s`;
  const who =
    user === undefined
      ? ''
      : ` as ${user} with the password in ${password_file ?? `the variable ${password_env}`}`;
  return `fetches ${shown} ${when}${who} into ${folder}, where pictures are kept ${keep_days} days`;
}

/** Addresses may hold secrets: of a webhook and a mail server only the host is shown. */
function waysOf({ mail, webhook, command, reminders }, need) {
  if (mail?.password_file)
    need(mail.password_file, R_OK, `The mail's password ${mail.password_file} can't be read`);
  const ways = [
    ...(mail ? [`mail to ${mail.to.join(', ')} by ${new URL(mail.smtp).host}`] : []),
    ...(webhook ? [`a webhook at ${new URL(webhook.url).host}`] : []),
    ...(command ? [`the command ${command.run[0]}`] : []),
  ];
  return ways.length > 0 && reminders !== 'never' ? [...ways, `again ${reminders}`] : ways;
}

/** The folder, or the nearest above it that is there. */
function existing(folder) {
  return existsSync(folder) ? folder : existing(dirname(folder));
}
