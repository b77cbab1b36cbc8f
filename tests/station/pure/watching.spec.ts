/** Dashboard and alert rules name only metrics, labels and values that a station prints, and its page on metrics all of them. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Counts, metrics } from '../../../scripts/station/metrics.mjs';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Everything that a station may have to say. */
function printed(): string {
  const by = <T>(value: T) => new Map([['Pier', value]]);
  const station = Object.assign(new EventEmitter(), {
    ...{ isReady: true, isLive: true, lastLoop: 1, problems: new Map(), memory: 400, room: 5000 },
    ...{ waiting: by(1), queueAge: by(1), skipped: by({ link: 1, name: 1 }), overwritten: by(1) },
    unread: by({ count: 1, since: 1, first: 'a.jpg' }),
    backup: { madeAt: 1 },
    outbox: {
      stand: {
        tokenEnds: 2,
        cameras: [{ name: 'Pier', arrived: 1, waiting: 1, setAside: 1, refused: 1, held: null }],
      },
    },
  });
  const counts = new Counts(station as never);
  station.emit('standings', [
    { name: 'Pier', verdict: 'normal', newestAt: 1, times: 0.5, latest: { cover: 0.1 } },
  ]);
  const line = { verdict: 'not-checked', distance: null };
  station.emit('line', 'Pier', { ...line, conclusion: 'not-checked' });
  // Pictures, of which these can't be judged.
  for (const conclusion of ['few-clean', 'elsewhere', 'masked'])
    station.emit('line', 'Pier', { ...line, conclusion });
  station.emit('line', 'Pier', { ...line, conclusion: 'not-checked', set_aside: 'time-unknown' });
  const ways = new Map([['mail', 1]]);
  const alerts = { sent: ways, failed: ways, waiting: 0 };
  return String(metrics(station as never, counts, alerts, 3).body);
}

/** The labels of each metric, and the values of each label. */
function said(text: string) {
  const labels = new Map<string, Set<string>>();
  const values = new Map<string, Set<string>>();
  for (const [, name, inside = ''] of text.matchAll(/^(porthole_\w+)(?:\{(.*)\})? /gm)) {
    const own = labels.get(name!) ?? new Set();
    labels.set(name!, own);
    for (const [, label, value] of inside.matchAll(/(\w+)="([^"]*)"/g)) {
      own.add(label!);
      values.set(label!, (values.get(label!) ?? new Set()).add(value!));
    }
  }
  return { labels, values };
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const { panels } = JSON.parse(read('deploy/grafana-dashboard.json')) as { panels: readonly Panel[] };
const rules = [...read('deploy/prometheus-rules.yml').matchAll(/^ +expr: (.*)$/gm)].map(([, expr]) => expr!);

test('dashboard and rules ask for nothing that a station doesn’t print', () => {
  const { labels, values } = said(printed());
  const queries = [...rules, ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];
  expect(rules.length).toBeGreaterThan(10);
  for (const query of queries) {
    for (const [name] of query.matchAll(/porthole_\w+/g)) expect([...labels.keys()], query).toContain(name);
    for (const [, name, inside] of query.matchAll(/(porthole_\w+)\{([^}]*)\}/g)) {
      for (const [, label, value] of inside!.matchAll(/(\w+)(?:=~|!=|=)"([^"]*)"/g)) {
        // Prometheus gives the first two to each metric.
        expect(['job', 'instance', ...labels.get(name!)!], query).toContain(label);
        if (!value!.startsWith('$'))
          for (const each of value!.split('|')) expect([...values.get(label!)!], query).toContain(each);
      }
    }
  }
});

test('only what is no picture is counted as a failure', () => {
  expect(printed()).toContain('porthole_failures_total{camera="Pier"} 1\n');
});

test('what a station prints stands in its reference', () => {
  const docs = read('docs/station-reference.md');
  for (const [name, labels] of said(printed()).labels)
    expect(docs).toContain(labels.size > 0 ? `\`${name}{${[...labels].join(',')}}\`` : `\`${name}\``);
});

test('the dashboard’s panels have ids and places of their own, and the data source that is chosen', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Set<string>();
  for (const { title, gridPos, datasource, targets } of panels) {
    for (const { uid } of [datasource, ...targets.map((target) => target.datasource)])
      expect(uid, title).toBe('${datasource}');
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        if (taken.has(`${x} ${y}`)) throw new Error(`${title} lies over another panel`);
        taken.add(`${x} ${y}`);
      }
  }
});
