/**
 * Tells others that the station is alive: systemd, which starts it again, and an address that raises the alarm when it is
 * no longer asked for.
 */
import { spawn } from 'node:child_process';

/** How long systemd-notify or the address may take, in milliseconds. */
const PATIENCE = 10_000;
/** As many pings may fail in a row before it is told: the network may be away for a moment. */
const MOST_FAILED = 3;

/**
 * systemd's protocol. Node has no datagrams to a unix socket, and systemd-notify is wherever systemd is.
 *
 * @param {() => boolean} isLive - without it systemd gets no sign of life, and starts the station again
 * @param {(sentence: string) => void} onProblem
 * @returns what says that the station is ready, and what says that it ends
 * @see https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
 */
export function systemdOf(isLive, onProblem, env = process.env) {
  let timer;
  const say = (word) => {
    if (env.NOTIFY_SOCKET === undefined) return;
    const child = spawn('systemd-notify', [word], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: PATIENCE,
    });
    child.once('error', (error) => onProblem(`systemd can't be told ${word}: ${error.message}`));
    child.once('exit', () => {
      if (child.killed) onProblem(`systemd did not take ${word} within ${PATIENCE / 1000} s`);
    });
  };
  const isForUs = env.WATCHDOG_PID === undefined || env.WATCHDOG_PID === String(process.pid);
  return {
    ready() {
      say('READY=1');
      const every = Number(env.WATCHDOG_USEC) / 1000 / 2;
      if (isForUs && every > 0) timer = setInterval(() => isLive() && say('WATCHDOG=1'), every).unref();
    },
    end() {
      clearInterval(timer);
      say('STOPPING=1');
    },
  };
}

/**
 * Asks for an address after good loops: a dead man's switch. The address is a secret, as whoever knows it can silence the
 * switch.
 *
 * @param {{ on: (event: string, listener: () => void) => unknown, tell: (key: string, sentence: string) => void, solve: (key: string) => void }} station
 * @param {{ url: string, every: number }} settings - seconds between two pings, at least
 */
export function pingAfterLoops(station, { url, every }) {
  const { host } = new URL(url);
  let at = -Infinity;
  let failed = 0;
  station.on('loop', () => {
    if (performance.now() - at < every * 1000) return;
    at = performance.now();
    void fetch(url, { signal: AbortSignal.timeout(PATIENCE) }).then(
      (answer) => note(answer.ok ? null : `it answered ${answer.status}`),
      (error) => note(error.cause?.code ?? error.name),
    );
  });
  const note = (why) => {
    failed = why === null ? 0 : failed + 1;
    if (why === null) station.solve('ping');
    else if (failed === MOST_FAILED)
      station.tell(
        'ping',
        `The dead man's switch at ${host} can't be reached (${why}), so it will raise the alarm though the station is at work. Is the address right?`,
      );
  };
}
