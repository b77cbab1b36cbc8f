import { testColumns, testFlagsOf } from '../../../../core/domain/camera/qartod';
import { isoSeconds } from '../../../../core/domain/camera/summary';
import { csvLines, tableCsv } from '../../../../core/domain/files/csv';
import { snapshotsOf, type Snapshot, type UsableSource } from './tables';

const COLUMNS = {
  time: ({ job }: Snapshot) => isoSeconds(job.capturedAt),
  latitude: (_: Snapshot, { camera }: UsableSource) => camera.deployment?.position?.latitude ?? null,
  longitude: (_: Snapshot, { camera }: UsableSource) => camera.deployment?.position?.longitude ?? null,
  depth: (_: Snapshot, { camera }: UsableSource) => camera.deployment?.depth ?? null,
  camera: (_: Snapshot, { camera }: UsableSource) => camera.name,
  image_name: ({ job }: Snapshot) => job.imageName,
  lens_cover: ({ cover }: Snapshot) => cover,
  usability: ({ usability }: Snapshot) => usability,
  reason: ({ reason }: Snapshot) => reason,
  qartod_flag: ({ qartod }: Snapshot) => qartod,
  oceansites_qc: ({ oceansites }: Snapshot) => oceansites,
  ...testColumns(({ job }: Snapshot) => testFlagsOf(job)),
};

/** Units of those columns that have one. */
const UNITS: Readonly<Partial<Record<string, string>>> = {
  time: 'UTC',
  latitude: 'degrees_north',
  longitude: 'degrees_east',
  depth: 'm',
  lens_cover: '1',
};

/**
 * A row for each snapshot as CSV, below a row of names and one of units, as ERDDAP itself writes CSV.
 * deploy/erddap-dataset.xml is the entry of `datasets.xml` that reads it (`EDDTableFromAsciiFiles`).
 */
export function erddapCsv(source: UsableSource): string {
  const table = tableCsv(COLUMNS, snapshotsOf(source), source);
  const rows = table.indexOf('\r\n') + 2;
  const units = Object.keys(COLUMNS).map((name) => UNITS[name] ?? '');
  return table.slice(0, rows) + csvLines([units]) + table.slice(rows);
}
