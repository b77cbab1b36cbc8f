/** Monitoring: `/health` says if the station lives, `/metrics` is for Prometheus. */
import { readFileSync } from 'node:fs';
import { isPicture } from '../line.mjs';

const { version: VERSION } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const VERDICTS = ['normal', 'warning', 'drift', 'not-checked', 'warming-up', 'silent'];

/** Counts of a station's lines since its start. */
export class Counts {
  /** by camera */
  scored = new Map();
  failed = new Map();
  /** by camera and verdict */
  verdicts = new Map();
  /** how the cameras stood last */
  standings = [];

  /** @param {import('./station.mjs').Station} station */
  constructor(station) {
    station.on('standings', (standings) => (this.standings = standings));
    station.on('line', (camera, line) => {
      if (line.corrected) return;
      const verdicts = this.verdicts.get(camera) ?? new Map();
      this.verdicts.set(camera, verdicts);
      raise(verdicts, line.verdict);
      raise(this.scored, camera);
      if (!isPicture(line) && line.set_aside === undefined) raise(this.failed, camera);
    });
  }
}

function raise(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** True for the addresses that `health` answers. */
export function isHealth({ pathname }) {
  return /^\/health(\/live|\/ready)?$/.test(pathname);
}

/**
 * `/health/live` fails when only a new start of the station helps, `/health/ready` while the page is not open or does
 * not answer, `/health` also while a problem stands.
 *
 * @param {import('./station.mjs').Station} station
 * @param {Counts} counts
 * @param {number} now - milliseconds since 1970
 * @param {URL} asked
 * @returns {import('./door.mjs').Answer} 200 or 503
 */
export function health(station, { standings }, now, { pathname }) {
  const { isReady, isLive, lastLoop, problems, unread, skipped } = station;
  const { stand } = station.outbox;
  const answer = (isWell, more) => ({
    status: isWell ? 200 : 503,
    body: JSON.stringify({ status: isWell ? 'ok' : 'problem', ...more }),
  });
  if (pathname === '/health/live') return answer(isLive, { last_loop_s: Math.round(lastLoop) });
  if (pathname === '/health/ready') return answer(isReady, {});
  const cameras = standings.map(({ name, verdict, newestAt }) => ({
    name,
    verdict,
    last_snapshot_age_s: newestAt === null ? null : Math.round((now - newestAt) / 1000),
    unread_files: unread.get(name)?.count ?? 0,
    unread_since: timeOf(unread.get(name)?.since ?? null),
    skipped_files: skipped.get(name) ?? { link: 0, name: 0 },
    driftwatch: stand.cameras.find((camera) => camera.name === name),
  }));
  return answer(isLive && isReady && problems.size === 0, {
    live: isLive,
    ready: isReady,
    last_loop_s: Math.round(lastLoop),
    problems: [...problems.values()],
    mytoken_ends: timeOf(stand.tokenEnds),
    last_backup: timeOf(station.backup.madeAt),
    cameras,
  });
}

/**
 * @param {import('./station.mjs').Station} station
 * @param {Counts} counts
 * @param {import('./alerts.mjs').Alerts['counts']} alerts
 * @param {number} now
 * @returns {import('./door.mjs').Answer}
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metrics(station, { scored, failed, verdicts, standings }, alerts, now) {
  const {
    isReady,
    isLive,
    lastLoop,
    problems,
    waiting,
    queueAge,
    unread,
    skipped,
    overwritten,
    memory,
    room,
  } = station;
  const { cameras: sending, tokenEnds } = station.outbox.stand;
  const lines = [];
  const family = (name, type, help, samples) => {
    lines.push(`# HELP porthole_${name} ${help}`, `# TYPE porthole_${name} ${type}`);
    for (const [labels, value] of samples) {
      const inside = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
      lines.push(`porthole_${name}${inside.length > 0 ? `{${inside.join(',')}}` : ''} ${value}`);
    }
  };
  const each = (read) =>
    standings.flatMap((standing) => {
      const value = read(standing);
      return value === null ? [] : [[{ camera: standing.name }, value]];
    });
  const counted = (counts) => [...counts].map(([camera, count]) => [{ camera }, count]);
  const byWay = (counts) => [...counts].map(([way, count]) => [{ way }, count]);
  const build = { version: VERSION, node: process.versions.node };
  family('build_info', 'gauge', 'The version at work.', [[build, 1]]);
  family('ready', 'gauge', 'Whether the page is open and answers.', [[{}, Number(isReady)]]);
  family('live', 'gauge', '0 when only a new start helps.', [[{}, Number(isLive)]]);
  family('last_loop_seconds', 'gauge', 'Since the last good look into all folders, or batch.', [
    [{}, lastLoop],
  ]);
  family('free_disk_bytes', 'gauge', 'Room on the disk of the data.', [[{}, room * 2 ** 20]]);
  family('problems', 'gauge', 'Problems that stand.', [[{}, problems.size]]);
  family(
    'last_snapshot_age_seconds',
    'gauge',
    'Since the newest snapshot was taken.',
    each(({ newestAt }) => (newestAt === null ? null : (now - newestAt) / 1000)),
  );
  family(
    'verdict',
    'gauge',
    '1 for the verdict that stands.',
    standings.flatMap(({ name, verdict: stands }) =>
      VERDICTS.map((verdict) => [{ camera: name, verdict }, Number(verdict === stands)]),
    ),
  );
  family(
    'times_of_limit',
    'gauge',
    'What speaks for the verdict, in times of its drift limit.',
    each(({ times }) => times),
  );
  family(
    'cover_ratio',
    'gauge',
    'Share of the glass that growth covers.',
    each(({ latest }) => latest?.cover ?? null),
  );
  family('snapshots_total', 'counter', 'Snapshots scored since the start.', counted(scored));
  family('failures_total', 'counter', 'Files since the start that were no pictures.', counted(failed));
  family(
    'snapshots_by_verdict_total',
    'counter',
    'The same snapshots, by the verdict that each was given first.',
    [...verdicts].flatMap(([camera, counts]) =>
      [...counts].map(([verdict, count]) => [{ camera, verdict }, count]),
    ),
  );
  family('queue', 'gauge', 'Files that wait.', counted(waiting));
  family('queue_age_seconds', 'gauge', 'Since the oldest of them was found.', counted(queueAge));
  family('alerts_sent_total', 'counter', 'Alerts since the start.', byWay(alerts.sent));
  family('alerts_failed_total', 'counter', 'Tries to send one that failed.', byWay(alerts.failed));
  family('alerts_waiting', 'gauge', 'Alerts that are tried again.', [[{}, alerts.waiting]]);
  family(
    'unread_files',
    'gauge',
    "Files that can't be read now and are tried again.",
    [...unread].map(([camera, { count }]) => [{ camera }, count]),
  );
  family(
    'skipped_files',
    'gauge',
    'Links that lead out of the folder, and names that are not UTF-8.',
    [...skipped].flatMap(([camera, counts]) =>
      Object.entries(counts).map(([why, count]) => [{ camera, why }, count]),
    ),
  );
  family(
    'overwritten_total',
    'counter',
    'Pictures since the start whose file changed before it was read.',
    counted(overwritten),
  );
  family(
    'records',
    'gauge',
    'Records for DriftWatch by their state.',
    sending.flatMap(({ name, arrived, waiting, setAside, refused }) =>
      Object.entries({ arrived, waiting, set_aside: setAside, refused }).map(([at, count]) => [
        { camera: name, state: at },
        count,
      ]),
    ),
  );
  family(
    'sending_held',
    'gauge',
    '1 while nothing goes to the experiment before a person acts.',
    sending.map(({ name, held }) => [{ camera: name }, Number(held !== null)]),
  );
  if (tokenEnds !== null)
    family('mytoken_ends_seconds', 'gauge', 'Until the mytoken ends.', [[{}, (tokenEnds - now) / 1000]]);
  const { madeAt } = station.backup;
  if (madeAt !== null)
    family('backup_age_seconds', 'gauge', 'Since the last backup.', [[{}, (now - madeAt) / 1000]]);
  if (memory !== null) family('browser_bytes', 'gauge', 'Memory of the browser.', [[{}, memory * 2 ** 20]]);
  return { type: 'text/plain; version=0.0.4', body: `${lines.join('\n')}\n` };
}

function timeOf(at) {
  return at === null ? null : new Date(at).toISOString();
}

function escaped(text) {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
