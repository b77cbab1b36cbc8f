import { strToU8, zipSync } from 'fflate';
import { download, fileNameFrom } from '../../../core/browser/download';
import type { Deployment } from '../../../core/domain/camera/deployment';
import type { Session } from '../../../core/session/session.svelte';
import { camtrapFiles } from '../pure/files/camtrap';
import { emsoFiles } from '../pure/files/emso';
import { erddapCsv } from '../pure/files/erddap';
import { ifdoJson } from '../pure/files/ifdo';
import type { UsableSource } from '../pure/files/tables';
import { hoursCsv, spansCsv } from '../pure/files/usable-csv';
import { usableJson } from '../pure/files/usable-json';
import type { Unit } from '../pure/usable/hours';
import { usableSource } from './usable-source';

interface Format {
  /** of the file, behind the camera's name */
  readonly name: string;
  /** a text, or the texts of a zip by their names */
  readonly write: (source: UsableSource, unit: Unit) => string | Readonly<Record<string, string>>;
  /** facts of the camera that its readers ask for */
  readonly needs?: readonly (keyof Deployment)[];
}

export const FORMATS = {
  spans: { name: 'usable-time.csv', write: spansCsv },
  hours: { name: 'hours.csv', write: hoursCsv },
  json: { name: 'usable-time.json', write: usableJson },
  ifdo: { name: 'ifdo.json', write: ifdoJson, needs: ['position', 'depth'] },
  emso: { name: 'emso.zip', write: emsoFiles, needs: ['position', 'depth'] },
  camtrap: { name: 'camtrap-dp.zip', write: camtrapFiles },
  erddap: { name: 'erddap.csv', write: erddapCsv },
} as const satisfies Readonly<Record<string, Format>>;
export type FormatName = keyof typeof FORMATS;

const TYPES = { csv: 'text/csv', json: 'application/json', zip: 'application/zip' } as const;

/** True if the camera's deployment says all that a format's readers ask for. */
export function isWritable(format: FormatName, deployment: Deployment = {}): boolean {
  const { needs = [] }: Format = FORMATS[format];
  return needs.every((fact) => deployment[fact] !== undefined);
}

/** Saves a file of the chosen camera. @param unit - that hours are counted by */
export async function saveUsable(session: Session, format: FormatName, unit: Unit): Promise<void> {
  await session.work.attempt(async () => {
    const source = await usableSource(session);
    if (!source) return;
    const { name, write }: Format = FORMATS[format];
    const ending = name.split('.').at(-1) as keyof typeof TYPES;
    const content = write(source, unit);
    const named = format === 'hours' ? `hours-by-${unit}.csv` : name;
    download(
      typeof content === 'string' ? content : zipped(content),
      fileNameFrom(source.camera.name, named),
      TYPES[ending],
    );
  });
}

/** The same texts give the same bytes. */
function zipped(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
  return zipSync(Object.fromEntries(entries), { mtime: new Date(1980, 0, 1) });
}
