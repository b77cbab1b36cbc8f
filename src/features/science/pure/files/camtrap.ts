import { isoSeconds } from '../../../../core/domain/camera/summary';
import { tableCsv } from '../../../../core/domain/files/csv';
import type { Span } from '../../../../core/domain/usable/span';
import { INTERVALS, type UsableSource } from './tables';

const SCHEMA = 'https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.2/deployments-table-schema.json';

/** The times that can't be used, in the terms of Camtrap DP. */
const FAILURES = {
  deploymentID: (_: Span, { camera }: UsableSource) => camera.id,
  cameraID: INTERVALS.camera,
  failureStart: INTERVALS.begin,
  failureEnd: INTERVALS.end,
  failureReason: ({ usability, reason }: Span) =>
    usability === reason ? usability : `${usability}: ${reason}`,
  failureComments: INTERVALS.note,
};

const nothing = () => null;

/** All columns of Camtrap DP 1.0 in its order: `frictionless` asks for each. */
const DEPLOYMENTS = {
  deploymentID: ({ begin }: Span, { camera }: UsableSource) => `${camera.id}-${isoSeconds(begin)}`,
  locationID: nothing,
  locationName: (_: Span, { camera }: UsableSource) => camera.deployment?.site ?? null,
  latitude: (_: Span, { camera }: UsableSource) => camera.deployment?.position?.latitude ?? null,
  longitude: (_: Span, { camera }: UsableSource) => camera.deployment?.position?.longitude ?? null,
  coordinateUncertainty: nothing,
  deploymentStart: INTERVALS.begin,
  deploymentEnd: INTERVALS.end,
  setupBy: nothing,
  cameraID: INTERVALS.camera,
  cameraModel: nothing,
  cameraDelay: nothing,
  cameraHeight: nothing,
  cameraDepth: (_: Span, { camera }: UsableSource) => camera.deployment?.depth ?? null,
  cameraTilt: nothing,
  cameraHeading: nothing,
  detectionDistance: nothing,
  timestampIssues: nothing,
  baitUse: nothing,
  featureType: nothing,
  habitat: nothing,
  /** `deploymentID` of the failures */
  deploymentGroups: (_: Span, { camera }: UsableSource) => `deployment:${camera.id}`,
  deploymentTags: (_: Span, { camera }: UsableSource) =>
    Object.entries({ platform: camera.deployment?.platform, sensor: camera.deployment?.sensor })
      .flatMap(([name, said]) => (said === undefined ? [] : [`${name}:${said}`]))
      .join(' | '),
  deploymentComments: INTERVALS.note,
};

/**
 * The times that can't be used in the terms of Camtrap DP, as CSV. Version 1.0 of that standard has no table of failures: it
 * divides a deployment at them, so that `failureStart` is a `deploymentEnd`, and `failureEnd` the next `deploymentStart`.
 */
function failuresCsv(source: UsableSource): string {
  const failures = source.time.spans.filter(({ usability }) => usability !== 'usable');
  return tableCsv(FAILURES, failures, source);
}

/** A package of two tables: failures, and the usable times between them as deployments, which need a position. */
export function camtrapFiles(source: UsableSource): Readonly<Record<string, string>> {
  const failures = { 'failures.csv': failuresCsv(source) };
  if (!source.camera.deployment?.position) return failures;
  const usable = source.time.spans.filter(({ usability }) => usability === 'usable');
  const resource = { format: 'csv', mediatype: 'text/csv', encoding: 'utf-8' };
  const resources = [
    { name: 'deployments', path: 'deployments.csv', profile: 'tabular-data-resource', schema: SCHEMA },
    { name: 'failures', path: 'failures.csv' },
  ].map((each) => ({ ...each, ...resource }));
  return {
    ...failures,
    'deployments.csv': tableCsv(DEPLOYMENTS, usable, source),
    'datapackage.json': `${JSON.stringify({ name: 'porthole', resources }, null, 2)}\n`,
  };
}
