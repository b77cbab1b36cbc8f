/** The ways by which a station tells: e-mail, a webhook, a command. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { VERDICT } from './alerts.mjs';

/** How long one message may take, in milliseconds. */
const PATIENCE = 30_000;

/**
 * @param settings - of `[alerts]`, as `readConfig` gives them
 * @param {{ station: string, wall: string | null }} about - the station's name, and its wall's address, which each message has
 * @param {(camera: string) => Promise<Record<string, string>>} picturesOf - data URLs by the names of files; they go with a mail
 * @returns {Record<string, import('./alerts.mjs').Way>}
 */
export function alertWays({ mail, webhook, command } = {}, about, picturesOf = async () => ({})) {
  return {
    ...(mail ? { mail: byMail(mail, about, picturesOf) } : {}),
    ...(webhook ? { webhook: byWebhook(webhook, about) } : {}),
    ...(command ? { command: byCommand(command, about) } : {}),
  };
}

function byMail({ smtp, password_file, from, to }, about, picturesOf) {
  const url = new URL(smtp);
  const transport = createTransport({
    host: url.hostname,
    port: Number(url.port || (url.protocol === 'smtps:' ? 465 : 587)),
    secure: url.protocol === 'smtps:',
    ...(url.username
      ? {
          auth: {
            user: decodeURIComponent(url.username),
            pass: password_file
              ? readFileSync(password_file, 'utf8').trim()
              : decodeURIComponent(url.password),
          },
        }
      : {}),
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
  });
  return async ({ key, state, subject, text, at, camera }) => {
    const isAlarm = state === 'raised' && key === `${VERDICT} ${camera}`;
    // An alarm is told without pictures where the page is gone.
    const pictures = isAlarm ? await picturesOf(camera).catch(() => ({})) : {};
    await transport.sendMail({
      from,
      to,
      subject: `[Porthole ${about.station}] ${subject}`,
      text: `${withWall(text, about)}\n\n${about.station}, ${isoTime(at)}\n`,
      attachments: Object.entries(pictures).flatMap(([filename, path]) => (path ? { filename, path } : [])),
    });
  };
}

function byWebhook({ url, headers = {} }, about) {
  return async (message) => {
    const { subject, text } = message;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        ...factsOf(message, about),
        // Chat services show it.
        text: `${about.station}: ${subject}\n${withWall(text, about)}`,
      }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  };
}

function byCommand({ run: [program, ...args] }, about) {
  return (message) =>
    new Promise((resolve, reject) => {
      const { subject, text } = message;
      const child = spawn(program, args, {
        stdio: ['pipe', 'inherit', 'inherit'],
        timeout: PATIENCE,
        // A command may go on after another signal, and all later alerts would wait for it.
        killSignal: 'SIGKILL',
        env: { ...process.env, PORTHOLE_SUBJECT: subject, PORTHOLE_STATION: about.station },
      });
      child.once('error', reject);
      child.once('exit', (code) =>
        code === 0
          ? resolve()
          : reject(
              new Error(
                child.killed
                  ? `${program} did not end within ${PATIENCE / 1000} s`
                  : `${program} ended with ${code}`,
              ),
            ),
      );
      // A command that reads nothing is none the worse.
      child.stdin.on('error', () => undefined);
      child.stdin.end(JSON.stringify({ ...factsOf(message, about), text }));
    });
}

/** Facts for programs. Keys are those of one station; a message of an earlier version has none. */
function factsOf({ id, key = id, subject, camera = null, severity, state, at }, about) {
  return {
    ...{ id, key: `${about.station}: ${key}`, subject, camera, severity, state },
    ...{ ...about, time: isoTime(at) },
  };
}

function withWall(text, { wall }) {
  return wall === null || text.includes(wall) ? text : `${text}\n\n${wall}`;
}

function isoTime(at) {
  return new Date(at).toISOString();
}
