import { expect, test } from '@playwright/test';
import type { Deployment } from '../../../src/core/domain/camera/deployment';
import { deploymentForm, deploymentIn } from '../../../src/features/settings/pure/deployment-form';

const WHOLE: Deployment = {
  position: { latitude: 41.182, longitude: -1.753 },
  depth: 20,
  note: 'North side.',
  ...{ platform: 'OBSEA', sensor: 'IPC608', site: 'Vilanova', licence: 'CC-BY-4.0' },
  begin: Date.UTC(2026, 2, 1, 9, 30),
  end: Date.UTC(2026, 5, 1) - 1,
  creators: ['Ada', 'UPC'],
  doi: '10.1594/PANGAEA.896157',
};

test('a form that nobody has changed gives the same deployment, to the millisecond', () => {
  expect(deploymentIn(deploymentForm(WHOLE), WHOLE)).toEqual(WHOLE);
  expect(deploymentIn(deploymentForm({}), {})).toEqual({});
});

test('saving keeps what the form does not show, and takes away what was emptied', () => {
  const newer = { ...WHOLE, heading: 90 };
  expect(deploymentIn({ ...deploymentForm(newer), site: ' Pier ' }, newer)).toEqual({
    ...newer,
    site: 'Pier',
  });
  expect(deploymentIn(deploymentForm({}), newer)).toEqual({ heading: 90 });
});

test('days are UTC, and the last day belongs to the deployment', () => {
  const form = { ...deploymentForm(WHOLE), begin: '2026-05-31', end: '2026-05-31' };
  expect(deploymentIn(form, {})).toMatchObject({
    begin: Date.UTC(2026, 4, 31),
    end: Date.UTC(2026, 4, 31, 23, 59, 59, 999),
  });
  expect(deploymentIn({ ...form, end: '2026-05-30' }, {})).toBe('end');
});

test('creators are one a line, a DOI is kept without what resolves it', () => {
  const form = {
    ...deploymentForm({}),
    creators: ' Ada\n\nUPC \n',
    doi: 'https://doi.org/10.1594/PANGAEA.1',
  };
  expect(deploymentIn(form, {})).toEqual({ creators: ['Ada', 'UPC'], doi: '10.1594/PANGAEA.1' });
});

test('a field that can’t be used is named', () => {
  const empty = deploymentForm({});
  expect(deploymentIn({ ...empty, position: '91, 0' }, {})).toBe('position');
  expect(deploymentIn({ ...empty, metres: -1 }, {})).toBe('depth');
  expect(deploymentIn({ ...empty, doi: 'PANGAEA.1' }, {})).toBe('doi');
  expect(deploymentIn({ ...empty, creators: 'A\n'.repeat(51) }, {})).toBe('creators');
});
