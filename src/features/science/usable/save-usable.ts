import { download, fileNameFrom } from '../../../core/browser/download';
import type { Unit } from '../pure/usable/hours';
import { madeByOf, type Makers } from '../../../core/session/making';
import type { Work } from '../../../core/session/work.svelte';
import type { History } from '../../../core/session/scoring/history.svelte';
import {
  camtrapFailuresCsv,
  hoursCsv,
  spansCsv,
  usableJson,
  type UsableSource,
} from '../pure/usable/usable-files';
import type { UsablePart } from './usable-part.svelte';

export type UsableFile = 'spans' | 'camtrap' | 'json' | Unit;

interface Parts extends Makers {
  readonly work: Work;
  readonly history: History;
}

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

function contentOf(makers: Makers, source: UsableSource, file: UsableFile): readonly [string, string] {
  switch (file) {
    case 'spans':
      return ['usable-time.csv', spansCsv(source)];
    case 'camtrap':
      return ['camtrap-failures.csv', camtrapFailuresCsv(source)];
    case 'json':
      return ['usable-time.json', usableJson(source, madeByOf(makers) ?? {})];
    default:
      return [`hours-by-${file}.csv`, hoursCsv(source, file)];
  }
}
