import { v5 } from 'uuid';
import {
  isSaidBy,
  momentIn,
  settingsTold,
  TOLD_KINDS,
  toldIn,
  type ToldWord,
} from '../../domain/camera/told';
import { canCallClean, cleanChoices, likelyChoice } from '../../domain/camera/called-clean';
import type { Job } from '../../domain/camera/job';
import { AppError } from '../../domain/errors';
import { cellGrid } from '../../domain/glass/cells';
import { GROWTH_CELL } from '../../domain/glass/growth';
import { QUESTION_ANSWERS } from '../../domain/glass/scene-answer';
import { Misfit } from '../../domain/row';
import { explainError } from '../../i18n/failures';
import { logWords } from '../../../words/log';
import { wallWords } from '../../../words/wall';
import type { CameraOverview } from '../camera-overview';
import type { ChangedJob } from '../scoring/known-jobs';
import type { Session } from '../session.svelte';
import { fitOfReference } from '../glass/fit-of-reference';
import { changeCamera, leaveOut } from './change-camera';
import { changedWhile } from './changed-while';
import { logEvent } from './log-event';
import { answerEvent } from './scene-question';
import { scoredBy } from './history';
import { isPressing } from './verdict-now';

/** Ids of events are made of those that people give, within this name. */
const IDS = 'd0b05f4e-6d0c-4c55-9a35-0f4d3f5a7b11';

/** Why nothing was changed, for who said it. */
export interface Refusal {
  readonly problem: string;
  /** of HTTP: 400 for what was said, 409 for an id of something else, 503 for what may go well another time */
  readonly status: 400 | 409 | 503;
}

/** The outcome of a word that was taken. */
export interface TellOutcome {
  /** false if it was said before, and is so already */
  readonly isNew: boolean;
  /** stored jobs that were written or read again, as they were and as they are */
  readonly changed: readonly ChangedJob<Job>[];
}

class Refused extends Error {
  constructor(
    message: string,
    readonly status: Refusal['status'] = 400,
  ) {
    super(message);
  }
}

/** Does for the chosen camera what the page does when a person says so at its buttons. */
export async function takeTold(
  session: Session,
  overview: CameraOverview,
  given: unknown,
): Promise<TellOutcome | Refusal> {
  const { history, work } = session;
  try {
    await history.whole;
    const act = await actFor(session, overview, toldIn(given));
    if (!act) return { isNew: false, changed: [] };
    const changed = await changedWhile(history, async () => {
      if (!(await act())) throw work.problem ?? new AppError('busy');
    });
    return { isNew: true, changed };
  } catch (error) {
    if (error instanceof Misfit) return { problem: misfitSentence(error.path), status: 400 };
    if (error instanceof Refused) return { problem: error.message, status: error.status };
    if (!(error instanceof AppError)) throw error;
    return { problem: explainError(error), status: error.code.startsWith('detector-') ? 400 : 503 };
  }
}

/** @returns null if all is so already */
async function actFor(
  session: Session,
  { now: standing, seen }: CameraOverview,
  told: ToldWord,
): Promise<(() => Promise<boolean>) | null> {
  const { cameras } = session;
  const { chosen: camera, events, reference } = cameras;
  const { refused } = wallWords.tell;
  const id = told.id === undefined ? undefined : v5(JSON.stringify([camera?.id, told.id]), IDS);
  const before = events.find((event) => event.id === id);
  if (before && !isSaidBy(before, told)) throw new Refused(refused.usedId, 409);
  if (before) return null;
  const now = cameras.now();
  switch (told.kind) {
    case 'cleaned': {
      const [at, note] = [told.at === undefined ? now : momentIn(told.at), told.note?.trim() ?? ''];
      if (at > now) throw new Refused(logWords.future);
      if (events.some((event) => event.kind === 'cleaned' && event.at === at && event.note === note))
        return null;
      return () => logEvent(session, { kind: 'cleaned', at, note }, id);
    }
    case 'clean': {
      const canCall = camera && canCallClean(camera, reference);
      const choices = canCall
        ? cleanChoices(camera, events, scoredBy(camera.modelSha256, session.history.jobs))
        : [];
      const likely = likelyChoice(choices);
      if (!likely) throw new Refused(refused.keepsView);
      const { until } = likely;
      const [at, note] = [told.at === undefined ? likely.at : momentIn(told.at), told.note?.trim() ?? ''];
      if (at > until) throw new Refused(refused.noPicture);
      const isSaid = events.some(
        (event) => event.kind === 'clean' && event.at === at && event.until === until && event.note === note,
      );
      return isSaid ? null : () => logEvent(session, { kind: 'clean', at, until, note }, id);
    }
    case 'seen': {
      const [until, note, who] = [momentIn(told.until), told.note?.trim() ?? '', told.who?.trim() ?? ''];
      if (seen?.until === until && seen.note === note && seen.who === who) return null;
      if (until <= now) throw new Refused(refused.past);
      if (!isPressing(standing.verdict)) throw new Refused(refused.noAlarm);
      return () => logEvent(session, { kind: 'seen', at: now, who, until, note }, id);
    }
    case 'scene': {
      const { question } = standing;
      if (!question) throw new Refused(refused.notAsked);
      return () => logEvent(session, answerEvent(question, told.answer), id);
    }
    case 'mask': {
      const fit = reference && (await fitOfReference(session.sources, reference.id));
      if (!fit) throw new Refused(refused.noGlass);
      const { width, height } = cellGrid(fit, GROWTH_CELL);
      const cells = [...new Set(told.cells)].sort((a, b) => a - b);
      if ((cells.at(-1) ?? 0) >= width * height) throw new Misfit('cells');
      return isSame(cells, reference.offGlass) ? null : () => leaveOut(session, cells);
    }
    case 'settings': {
      if (!camera) return null;
      const changes = settingsTold(told, camera);
      return isSame({ ...camera, ...changes }, camera) ? null : () => changeCamera(session, changes);
    }
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function misfitSentence(path: string): string {
  const { misfit, oneOf, time } = wallWords.tell.refused;
  const field = path === '' ? 'kind' : path;
  const names: Partial<Record<string, readonly string[]>> = { kind: TOLD_KINDS, answer: QUESTION_ANSWERS };
  const known = names[field];
  const hint = known ? oneOf({ known: known.join(', ') }) : ['at', 'until'].includes(field) ? time : null;
  return misfit({ field, hint });
}
