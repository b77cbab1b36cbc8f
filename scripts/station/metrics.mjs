/** What watches machines: `/health` for those who ask whether it lives, `/metrics` for Prometheus. */

const VERDICTS = ['normal', 'warning', 'drift', 'not-checked', 'warming-up', 'silent'];

/**
 * @param {object} state
 * @param {boolean} state.isReady
 * @param {ReadonlyMap<string, string>} state.problems
 * @param {readonly object[]} state.standings
 * @param {number} now - milliseconds since 1970
 * @returns {import('./door.mjs').Answer} 503 while the page is not open or a problem stands
 */
export function health({ isReady, problems, standings }, now) {
  const isWell = isReady && problems.size === 0;
  const cameras = standings.map(({ name, verdict, newestAt }) => ({
    name,
    verdict,
    last_snapshot_age_s: newestAt === null ? null : Math.round((now - newestAt) / 1000),
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
export function metrics({ isReady, problems, standings, scored, failed, waiting, memory }, now) {
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
  if (memory !== null) family('browser_bytes', 'gauge', 'Memory of the browser.', [[{}, memory * 2 ** 20]]);
  return { type: 'text/plain; version=0.0.4', body: `${lines.join('\n')}\n` };
}

function escaped(text) {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
