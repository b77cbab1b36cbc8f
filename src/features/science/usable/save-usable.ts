import { download, fileNameFrom } from '../../../core/browser/download';
import type { Unit } from '../pure/usable/hours';
import { madeByOf, type ProvenanceParts } from '../../../core/session/provenance-facts';
import {
  camtrapFailuresCsv,
  hoursCsv,
  spansCsv,
  usableJson,
  type UsableSource,
} from '../pure/usable/usable-files';
import type { UsablePart } from './usable-part.svelte';
import type { Session } from '../../../core/session/session.svelte';

export type UsableFile = 'spans' | 'camtrap' | 'json' | Unit;

type Parts = ProvenanceParts & Pick<Session, 'work' | 'history'>;

export async function saveUsable(parts: Parts, part: UsablePart, file: UsableFile): Promise<void> {
  const { work, history, cameras } = parts;
  await work.attempt(async () => {
    await history.whole;
    const { chosen: camera, references } = cameras;
    if (!camera) return;
    const source = { camera, time: part.time, byHand: part.byHand, references };
    const [name, content] = contentOf(parts, source, file);
    const type = name.endsWith('.json') ? 'application/json' : 'text/csv';
    download(content, fileNameFrom(camera.name, name), type);
  });
}

function contentOf(
  parts: ProvenanceParts,
  source: UsableSource,
  file: UsableFile,
): readonly [string, string] {
  switch (file) {
    case 'spans':
      return ['usable-time.csv', spansCsv(source)];
    case 'camtrap':
      return ['camtrap-failures.csv', camtrapFailuresCsv(source)];
    case 'json':
      return ['usable-time.json', usableJson(source, madeByOf(parts) ?? {})];
    default:
      return [`hours-by-${file}.csv`, hoursCsv(source, file)];
  }
}
