/** The repository of the hub's module, by what the hub asks of one. No Jenkins, no builder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import { load } from 'js-yaml';
import { MODULE, ROOT, said, shippedStage } from '../container';
import schema from '../../fixtures/ai4-metadata-2.3.0.json' with { type: 'json' };

const FOLDER = join(ROOT, 'deploy/ai4os');
const read = (path: string) => readFileSync(join(FOLDER, path), 'utf8');
const METADATA = load(read('ai4-metadata.yml')) as Record<string, unknown> & {
  links: Record<string, string>;
  resources: Record<string, object>;
};
const isValid = new Ajv().compile(schema);

test('the metadata keep to the hub’s schema, without a key that it does not know', () => {
  expect(isValid(METADATA), JSON.stringify(isValid.errors)).toBe(true);
  expect(METADATA['metadata_version']).toBe('2.3.0');
  const { properties, definitions } = schema;
  const known = (given: object, of: object) => {
    for (const key of Object.keys(given)) expect(Object.keys(of)).toContain(key);
  };
  known(METADATA, properties);
  known(METADATA.links, properties.links.properties);
  known(METADATA.resources, properties.resources.properties);
  for (const resources of Object.values(METADATA.resources))
    known(resources, definitions.resources.properties);
});

test('metadata that lack a key, or have one of schema 1 or a value of their own, are refused', () => {
  for (const wrong of [
    { ...METADATA, title: undefined },
    { ...METADATA, links: {} },
    { ...METADATA, keywords: ['reef'] },
    { ...METADATA, libraries: ['ONNX Runtime'] },
    { ...METADATA, tags: ['reef', 'reef'] },
    { ...METADATA, resources: { inference: { cpu: 0.5 } } },
  ])
    expect(isValid(JSON.parse(JSON.stringify(wrong))), JSON.stringify(wrong)).toBe(false);
});

test('the image has the arguments, ports, label and command that the hub asks of a module', () => {
  const text = read('Dockerfile');
  expect(text).toMatch(/^ARG tag=\S+\nFROM \S+-station:\$\{tag\}$/m);
  const of = (name: string) =>
    shippedStage(MODULE).flatMap(([given, text]) => (given === name ? [text] : []));
  expect(of('ARG')).toEqual([expect.stringMatching(/^branch=/)]);
  expect(of('EXPOSE')).toEqual(['5000 6006 8888']);
  expect(of('ENV').join(' ')).toContain('DISABLE_AUTHENTICATION_AND_ASSUME_AUTHENTICATED_USER=yes');
  expect(JSON.parse(said('CMD', MODULE))).toEqual(['deep-start', '--deepaas']);
  // As the station's image: root would have read the platform's volumes, and none of it is needed.
  expect(of('USER').at(-1)).toBe(said('USER'));
  expect(of('HEALTHCHECK')[0]).toContain('"deploy/probe.mjs", "live", "/data/station.toml"');
  expect(said('VOLUME')).toBe('/data');
});

test('the pipeline finds its files, and each criterion an environment of tox', () => {
  expect(read('JenkinsConstants.groovy')).toMatch(
    /^@Field def dockerfile = 'Dockerfile'$[^]*^return this;$/m,
  );
  expect(read('Jenkinsfile')).toMatch(/^@Library\(\[.*jenkins-pipeline-library/);
  expect(read('Jenkinsfile')).toContain('buildStages(pipelineConfig())');
  const { sqa_criteria: criteria } = load(read('.sqa/config.yml')) as {
    sqa_criteria: Record<
      string,
      { repos: Record<string, { container: string; tox: { tox_file: string; testenv: string[] } }> }
    >;
  };
  expect(Object.keys(criteria)).toEqual(['qc_style', 'qc_coverage', 'qc_security']);
  const { services } = load(read('.sqa/docker-compose.yml')) as {
    services: Record<string, { image: string; volumes: { target: string }[] }>;
  };
  for (const { repos } of Object.values(criteria))
    for (const { container, tox } of Object.values(repos)) {
      expect(services[container]).toMatchObject({
        image: 'ai4oshub/ci-images:python3.10',
        volumes: [{ source: './', target: '/srv' }],
      });
      for (const name of tox.testenv) expect(read(tox.tox_file)).toContain(`\n[testenv:${name}]\n`);
    }
  for (const [, words] of read('tox.ini').matchAll(/^commands = (.*)$/gm))
    for (const path of words!.split(' ').filter((word) => /^[.\w-]+\.yml$|^Dockerfile$|^\.sqa$/.test(word)))
      expect(existsSync(join(FOLDER, path)), path).toBe(true);
});

test('the module has Porthole’s version and licence, and one name', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const codemeta = JSON.parse(read('codemeta.json')) as Record<string, unknown>;
  expect(read('VERSION').trim()).toBe(version);
  expect(codemeta['version']).toBe(version);
  expect(said('LABEL', MODULE)).toContain(`version='${version}'`);
  expect(read('Dockerfile')).toContain(`ARG tag=${version}\n`);
  expect(read('LICENSE')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
  expect(METADATA.links).toMatchObject({
    source_code: codemeta['codeRepository'],
    docker_image: 'ai4oshub/porthole',
  });
});

test('the folder is a whole repository: nothing in it leads out of it but addresses and the image’s own files', () => {
  const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
  for (const name of ['README.md', 'LICENSE', 'VERSION', 'Jenkinsfile', 'tox.ini'])
    expect(names).toContain(name);
  for (const [, link] of read('README.md').matchAll(/\]\(([^)]+)\)/g))
    expect(link!.startsWith('https://') || names.includes(link!), link).toBe(true);
});
