import { isoInstant } from '../../../../core/domain/instant';
import { tableCsv } from '../../../../core/domain/files/csv';
import { snapshotsOf, type Snapshot, type UsableSource } from './tables';

/** Flag of OceanSITES for a value that is not there. */
const MISSING = 9;

interface Meta {
  readonly [name: string]: string | number | Meta;
}

/** As the examples of EMSO's metadata harmonizer have them; times are in UTC. */
const COLUMNS = {
  time: ({ job }: Snapshot) => isoInstant(job.capturedAt).slice(0, 19).replace('T', ' '),
  depth: (_: Snapshot, { camera }: UsableSource) => camera.deployment?.depth ?? null,
  sensor_id: (_: Snapshot, { camera }: UsableSource) => idOf(camera.deployment?.sensor ?? camera.name),
  LENS_COVER: ({ cover }: Snapshot) => cover,
  LENS_COVER_QC: ({ cover, oceansites }: Snapshot) => (cover === null ? MISSING : oceansites),
};

/**
 * A row for each snapshot, and the metadata that its harmonizer makes a NetCDF file with.
 *
 * @see https://github.com/emso-eric/metadata-harmonizer
 */
export function emsoFiles(source: UsableSource): Readonly<Record<string, string>> {
  return {
    'lens-cover.csv': tableCsv(COLUMNS, snapshotsOf(source), source),
    'meta.yaml': `# Empty texts are what Porthole can't know: the data manager's to fill in.\n${yaml(metaOf(source))}`,
  };
}

function metaOf({ camera, madeBy }: UsableSource): Meta {
  const {
    platform = '',
    sensor,
    site = '',
    position,
    licence = '',
    creators = [],
    doi,
  } = camera.deployment ?? {};
  return {
    global: {
      title: `Lens of ${camera.name}`,
      summary: `Share of the glass of ${camera.name} that is grown over, and how far its pictures can be used. Made by Porthole ${madeBy.version}.`,
      Conventions: 'OceanSITES EMSO CF-1.8',
      institution: '',
      institution_edmo_code: '',
      institution_ror_uri: '',
      update_interval: 'void',
      emso_site_name: site,
      emso_regional_facility_name: '',
      source: '',
      data_type: 'OceanSITES time-series data',
      format_version: '1.4',
      network: 'EMSO',
      principal_investigator: '',
      principal_investigator_email: '',
      contributor_name: creators.join(', '),
      license: licence,
      ...(doi !== undefined && { doi: `https://doi.org/${doi}` }),
    },
    platforms: {
      [JSON.stringify(idOf(platform || site || camera.name))]: {
        long_name: platform || site || camera.name,
        ...(position && { latitude: position.latitude, longitude: position.longitude }),
      },
    },
    sensors: {
      [JSON.stringify(idOf(sensor ?? camera.name))]: {
        long_name: camera.name,
        sensor_serial_number: sensor ?? '',
      },
    },
    variables: {
      LENS_COVER: {
        long_name: 'share of the camera glass that is grown over',
        sdn_uom_uri: 'http://vocab.nerc.ac.uk/collection/P06/current/UUUU/',
        comment:
          'LENS_COVER_QC says how far the pictures can be used, not how well the cover was measured: 1 usable, 3 suspect or murky, 4 fouled, 0 not evaluated, 9 no cover.',
      },
    },
  };
}

/** An id for columns and keys: letters, digits and underscores. */
function idOf(name: string): string {
  return name.replace(/\W+/g, '_');
}

/** As YAML: blocks, with each text as JSON has it, which YAML 1.2 reads as it is. */
function yaml(meta: Meta, indent = ''): string {
  return Object.entries(meta)
    .map(([name, value]) =>
      typeof value === 'object'
        ? `${indent}${name}:\n${yaml(value, `${indent}  `)}`
        : `${indent}${name}: ${JSON.stringify(value)}\n`,
    )
    .join('');
}
