import type { Calibration } from '../../domain/drift/judging';
import type { CameraEvent } from '../../domain/camera/event';
import { isOfSameHistory, type CompletedJob } from '../../domain/camera/job';
import { isOfOneCycle, judgingReference, type Reference } from '../../domain/camera/reference';
import { eventNote } from '../../i18n/log-words';
import { referenceName } from '../../i18n/reference-name';
import type { JudgingModel } from '../../session/judging-models';
import { logWords } from '../../../words/log';
import { timelineWords } from '../../../words/timeline';

/** Something that happened to a camera, or to how it is judged, at a capture time in milliseconds since 1970. */
export type Flag =
  | { readonly kind: CameraEvent['kind']; readonly at: number; readonly note: string }
  | { readonly kind: 'limits'; readonly at: number; readonly version: number }
  | { readonly kind: 'model' | 'reference'; readonly at: number; readonly name: string }
  | { readonly kind: 'began'; readonly at: number };

/** Letters of a note that stands above a plot itself. */
const LONGEST_NOTE = 45;

/** A flag's name, short enough to stand above a plot. */
export function flagName(flag: Flag): string {
  const { flags } = timelineWords;
  switch (flag.kind) {
    case 'note':
      return flag.note !== '' && flag.note.length <= LONGEST_NOTE ? flag.note : flags.note(flag);
    case 'model':
    case 'reference':
      return flags[flag.kind]({ name: flag.name });
    case 'limits':
      return flags.limits({ version: flag.version });
    default:
      return flags[flag.kind](flag);
  }
}

/** Names what a person did or wrote, without its day; empty for anything else. */
export function shortName(flag: Flag): string {
  if (flag.kind === 'note') return flagName(flag);
  return flag.kind === 'cleaned' ? logWords.kinds.cleaned : '';
}

export interface Past {
  readonly events: readonly CameraEvent[];
  readonly references: readonly Reference[];
  readonly calibrations: readonly Calibration[];
  /** those that have judged it, in the order in which they came */
  readonly models: readonly JudgingModel[];
  /** about when the dirt began that the present alarm is about; null without one */
  readonly began: number | null;
}

/**
 * The flags of a timeline, in their order: what happened to the camera; where another model, reference or other settings
 * begin to judge; when settings were accepted, which are in force for the whole history; and about when the dirt began
 * that is on the glass now.
 *
 * @param line - one job for each snapshot, in capture order
 */
export function flagsOf(line: readonly CompletedJob[], past: Past): readonly Flag[] {
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last) return [];
  const flags: Flag[] = past.events.map((event) => ({
    ...{ kind: event.kind, at: event.at },
    note: eventNote(event),
  }));
  let before = first;
  for (const job of line) {
    if (!isOfSameHistory(before, job)) flags.push(...changesFrom(before, job, past));
    before = job;
  }
  const isWithin = (at: number) => at > first.capturedAt && at <= last.capturedAt;
  for (const { version, createdAt } of past.calibrations) {
    const isTold = flags.some((flag) => flag.kind === 'limits' && flag.version === version);
    if (isWithin(createdAt) && !isTold) flags.push({ kind: 'limits', at: createdAt, version });
  }
  for (const reference of past.references) {
    const { version, beganAt, createdAt } = reference;
    const name = referenceName(reference);
    const isTold = flags.some((flag) => flag.kind === 'reference' && flag.name === name);
    // That of a cycle judges from its making on.
    if (beganAt === undefined && version > 1 && isWithin(createdAt) && !isTold)
      flags.push({ kind: 'reference', at: createdAt, name });
  }
  if (past.began !== null) flags.push({ kind: 'began', at: past.began });
  return flags.sort((a, b) => a.at - b.at);
}

function changesFrom(before: CompletedJob, job: CompletedJob, past: Past): Flag[] {
  const at = job.capturedAt;
  if (before.modelSha256 !== job.modelSha256) {
    const name = past.models.find(({ sha256 }) => sha256 === job.modelSha256)?.name ?? '';
    return [{ kind: 'model', at, name }];
  }
  if (before.referenceId !== job.referenceId) {
    const [earlier, reference] = [before, job].map((each) => judgingReference(each, past.references));
    // Of more pictures of the same cycle.
    if (earlier && reference && isOfOneCycle(earlier, reference)) return [];
    return [{ kind: 'reference', at, name: referenceName(reference) }];
  }
  const version = past.calibrations.find(({ id }) => id === job.calibrationId)?.version ?? 0;
  return [{ kind: 'limits', at, version }];
}
