/** Monitoring: `/health` says if the station lives, `/metrics` is for Prometheus. */

const VERDICTS = ['normal', 'warning', 'drift', 'not-checked', 'warming-up', 'silent'];

/**
 * @param {object} state
 * @param {boolean} state.isReady
 * @param {ReadonlyMap<string, string>} state.problems
 * @param {readonly object[]} state.standings
 * @param {ReadonlyMap<string, { count: number, since: number | null }>} state.unread - files that can't be read now, by camera
 * @param {ReadonlyMap<string, { link: number, name: number }>} state.skipped - files that are passed over, by camera
 * @param {number} now - milliseconds since 1970
 * @returns {import('./door.mjs').Answer} 503 while the page is not open or a problem stands
 */
export function health({ isReady, problems, standings, unread, skipped }, now) {
  const isWell = isReady && problems.size === 0;
  const cameras = standings.map(({ name, verdict, newestAt }) => ({
    name,
    verdict,
    last_snapshot_age_s: newestAt === null ? null : Math.round((now - newestAt) / 1000),
    unread_files: unread.get(name)?.count ?? 0,
    unread_since: timeOf(unread.get(name)?.since ?? null),
    skipped_files: skipped.get(name) ?? { link: 0, name: 0 },
  }));
  return {
    status: isWell ? 200 : 503,
    body: JSON.stringify({ status: isWell ? 'ok' : 'problem', problems: [...problems.values()], cameras }),
  };
}

/**
 * @param {object} state - as `health` takes it, and
 * @param {ReadonlyMap<string, number>} state.scored - snapshots that were scored since the start, by camera
 * @param {ReadonlyMap<string, number>} state.failed - those of them that could not be read
 * @param {ReadonlyMap<string, number>} state.waiting - files that were found and are not scored yet, by camera
 * @param {number | null} state.memory - megabytes of the browser
 * @param {number} now
 * @returns {import('./door.mjs').Answer}
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metrics(state, now) {
  const { isReady, problems, standings, scored, failed, waiting, unread, skipped, memory } = state;
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
  family('ready', 'gauge', 'Whether the page is open.', [[{}, Number(isReady)]]);
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
  family('queue', 'gauge', 'Files that wait.', counted(waiting));
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
  if (memory !== null) family('browser_bytes', 'gauge', 'Memory of the browser.', [[{}, memory * 2 ** 20]]);
  return { type: 'text/plain; version=0.0.4', body: `${lines.join('\n')}\n` };
}

function timeOf(at) {
  return at === null ? null : new Date(at).toISOString();
}

function escaped(text) {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
