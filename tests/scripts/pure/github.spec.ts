/** Workflows and issue forms, as far as they can be checked without GitHub. CI has actionlint beside this. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { load } from 'js-yaml';

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  uses?: string;
  needs?: string | string[];
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  strategy?: { matrix: Record<string, string[]> };
  steps?: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency: { group: string };
  jobs: Record<string, Job>;
}
interface Field {
  type: string;
  id?: string;
  attributes: { label?: string; value?: string; options?: (string | { label: string })[] };
  validations?: { required: boolean };
}
interface Form {
  name: string;
  description: string;
  body: Field[];
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const { engines, scripts } = JSON.parse(read('package.json')) as {
  engines: { node: string };
  scripts: Record<string, string>;
};
/** The oldest version of each part of the range. */
const OLDEST = engines.node.match(/\d+(\.\d+)?/g)!;
/** Major versions of November 2026. */
const LEAST = {
  checkout: 6,
  'setup-node': 6,
  'configure-pages': 6,
  'upload-pages-artifact': 5,
  'deploy-pages': 5,
};

const WORKFLOWS = yaml<Workflow>('workflows');
const FORMS = yaml<Form>('ISSUE_TEMPLATE').filter(({ name }) => name !== 'config.yml');
const JOBS = WORKFLOWS.flatMap(({ name, content }) =>
  Object.entries(content.jobs).map(([id, job]) => ({ at: `${name} ${id}`, job, steps: job.steps ?? [] })),
);

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function yaml<T>(folder: string): { name: string; text: string; content: T }[] {
  return readdirSync(join(ROOT, '.github', folder)).map((name) => {
    const text = read(`.github/${folder}/${name}`);
    return { name, text, content: load(text) as T };
  });
}

test('workflows run commands that package.json has, on files that there are', () => {
  expect(WORKFLOWS.map(({ name }) => name).sort()).toEqual(['ci.yml', 'pages.yml', 'release.yml']);
  for (const { at, job, steps } of JOBS) {
    if (job.uses) expect(existsSync(join(ROOT, job.uses)), `${at} ${job.uses}`).toBe(true);
    for (const { run = '' } of steps) {
      for (const [, name] of run.matchAll(/npm run ([\w:-]+)/g)) expect(scripts, at).toHaveProperty([name!]);
      // The files of a release are in release.spec.ts.
      const paths = run.split(/\s+/).filter((word) => /^(?!release\/)\w[\w.-]*\/[\w./-]+$/.test(word));
      for (const path of paths) expect(existsSync(join(ROOT, path)), `${at} ${path}`).toBe(true);
    }
  }
  const runs = JOBS.flatMap(({ steps }) => steps.map(({ run }) => run));
  for (const command of ['npm test', 'npm run test:long', 'npm run firefox']) expect(runs).toContain(command);
});

test('npm test runs on the oldest Node.js and on each major that package.json admits', () => {
  const tested = JOBS.find(({ at }) => at === 'ci.yml test')!.job.strategy!.matrix.node!;
  expect(tested[0]).toBe(OLDEST[0]);
  expect(tested.map((version) => version.split('.')[0])).toEqual(
    OLDEST.map((version) => version.split('.')[0]),
  );
  for (const { at, steps } of JOBS)
    for (const { uses, with: given } of steps)
      if (uses?.startsWith('actions/setup-node@'))
        expect(['${{ matrix.node }}', ...tested], at).toContain(given!['node-version']);
});

test('actions are GitHub’s own, of this year’s major versions or newer', () => {
  const used = JOBS.flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
  const others = used.filter((action) => {
    const [, name, major] = /^actions\/([\w-]+)@v(\d+)$/.exec(action) ?? [];
    return !(Number(major) >= LEAST[name as keyof typeof LEAST]);
  });
  expect(others).toEqual([expect.stringMatching(/^docker:\/\/rhysd\/actionlint:\d+\.\d+\.\d+$/)]);
});

test('a workflow has no rights, secrets or time that it does not need', () => {
  for (const { name, text, content } of WORKFLOWS) {
    expect(content.permissions, name).toEqual({ contents: 'read' });
    expect(content.concurrency.group, name).toBeTruthy();
    expect(text, name).not.toMatch(/secrets\b|pull_request_target/);
  }
  const writes = JOBS.flatMap(({ at, job }) =>
    Object.entries(job.permissions ?? {}).flatMap(([scope, right]) =>
      right === 'write' ? `${at}: ${scope}` : [],
    ),
  );
  expect(writes.sort()).toEqual([
    'pages.yml deploy: id-token',
    'pages.yml deploy: pages',
    'release.yml image: packages',
    'release.yml release: contents',
  ]);
  for (const { at, job, steps } of JOBS) {
    if (!job.uses) expect(job['timeout-minutes'], at).toBeGreaterThan(0);
    for (const { uses, run = '', with: given } of steps) {
      // A tag's or a branch's name would be read as part of the command.
      expect(run, at).not.toContain('${{');
      if (uses?.startsWith('actions/checkout@')) expect(given, at).toEqual({ 'persist-credentials': false });
    }
  }
});

test('a job waits for jobs, and refers to steps, that its workflow has', () => {
  for (const { name, text, content } of WORKFLOWS) {
    const jobs = Object.values(content.jobs);
    for (const { needs = [] } of jobs)
      for (const id of [needs].flat()) expect(content.jobs, name).toHaveProperty([id]);
    const steps = jobs.flatMap((job) => job.steps ?? []);
    for (const [, id] of text.matchAll(/\bsteps\.([\w-]+)/g))
      expect(
        steps.map((step) => step.id),
        name,
      ).toContain(id);
  }
  expect(WORKFLOWS.find(({ name }) => name === 'ci.yml')!.content.on).toHaveProperty('workflow_call');
});

test('an issue form has fields that GitHub draws, each with a label and a name of its own', () => {
  expect(FORMS.map(({ name }) => name).sort()).toEqual([
    'bug.yml',
    'unsupported-camera.yml',
    'wrong-verdict.yml',
  ]);
  for (const { name, content } of FORMS) {
    const known = ['name', 'description', 'title', 'labels', 'body'];
    expect(known, name).toEqual(expect.arrayContaining(Object.keys(content)));
    expect(content.name && content.description, name).toBeTruthy();
    const asked = content.body.filter(({ type }) => type !== 'markdown');
    expect(new Set(asked.map(({ id }) => id)).size, name).toBe(asked.length);
    expect(new Set(asked.map(({ attributes }) => attributes.label)).size, name).toBe(asked.length);
    for (const { type, id, attributes } of content.body) {
      expect(['markdown', 'input', 'textarea', 'dropdown', 'checkboxes'], name).toContain(type);
      expect(type === 'markdown' ? attributes.value : attributes.label, name).toBeTruthy();
      if (type !== 'markdown') expect(id, name).toMatch(/^[\w-]+$/);
      // An unquoted yes or 24 would not be a text.
      const options = (attributes.options ?? []).map((option) =>
        typeof option === 'string' ? option : option.label,
      );
      expect(options.length > 0, `${name} ${id ?? type}`).toBe(type === 'dropdown' || type === 'checkboxes');
      expect(new Set(options).size, `${name} ${id ?? type}`).toBe(options.length);
      for (const option of options) expect(option, name).toEqual(expect.any(String));
    }
  }
});

test('pages that templates and the code of conduct send to are there', () => {
  const templates = [...FORMS, ...WORKFLOWS].map(({ text }) => text);
  const texts = [...templates, read('.github/pull_request_template.md'), read('CODE_OF_CONDUCT.md')];
  const named = new Set(texts.flatMap((text) => text.match(/\b[A-Z_]+\.md\b/g) ?? []));
  expect(named.size).toBeGreaterThan(2);
  for (const path of named) expect(existsSync(join(ROOT, path)), path).toBe(true);
  expect(read('docs/hosting.md')).toContain('](../.github/workflows/pages.yml)');
});
