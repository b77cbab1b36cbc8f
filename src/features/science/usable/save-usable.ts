import { download, fileNameFrom } from '../../../core/browser/download';
import type { Unit } from '../pure/usable/hours';
import { madeByOf } from '../../../core/session/making';
import type { Session } from '../../../core/session/session.svelte';
import {
  camtrapFailuresCsv,
  hoursCsv,
  spansCsv,
  usableJson,
  type UsableSource,
} from '../pure/usable/usable-files';
import type { UsablePart } from './usable-part.svelte';

export type UsableFile = 'spans' | 'camtrap' | 'json' | Unit;

export async function saveUsable(session: Session, part: UsablePart, file: UsableFile): Promise<void> {
  await session.work.attempt(async () => {
    await session.history.whole;
    const { chosen: camera, references } = session.cameras;
    if (!camera) return;
    const source = { camera, time: part.time, byHand: part.byHand, references };
    const [name, content] = contentOf(session, source, file);
    const type = name.endsWith('.json') ? 'application/json' : 'text/csv';
    download(content, fileNameFrom(camera.name, name), type);
  });
}

function contentOf(session: Session, source: UsableSource, file: UsableFile): readonly [string, string] {
  switch (file) {
    case 'spans':
      return ['usable-time.csv', spansCsv(source)];
    case 'camtrap':
      return ['camtrap-failures.csv', camtrapFailuresCsv(source)];
    case 'json':
      return ['usable-time.json', usableJson(source, madeByOf(session) ?? {})];
    default:
      return [`hours-by-${file}.csv`, hoursCsv(source, file)];
  }
}
