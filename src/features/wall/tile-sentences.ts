import { positionText } from '../../core/domain/camera/deployment';
import type { Camera } from '../../core/domain/camera/camera';
import type { CompletedJob } from '../../core/domain/camera/job';
import { verdictOf } from '../../core/domain/camera/verdict';
import { isQuiet } from '../../core/domain/camera/seen';
import { seenSentence } from '../../core/i18n/conclusion-words';
import { cycleSentence } from '../../core/i18n/cycle-words';
import { questionSentence } from '../../core/i18n/question-words';
import { capital } from '../../core/i18n/wording';
import {
  causeOf,
  instructionOf,
  instructionThen,
  maskedSentence,
  verdictWord,
} from '../../core/session/history/verdict-now';
import { wallWords } from '../../words/wall';
import { groupOf, type Tile, type TileGroup } from './tile';

/** More names than these are a number. */
const MOST_NAMED = 4;

/** A group's title, with the number of its cameras first, and the sentence that all of it share. */
export function groupWords({ group, tiles }: TileGroup) {
  const title = wallWords.groups[group]({ count: tiles.length });
  return { title, shared: group === 'silent' ? wallWords.groups.said : '' };
}

/** How many need a diver that nobody has booked yet. */
export function wallTitle(tiles: readonly Tile[], now: number): string {
  const needing = tiles.filter(({ shown, seen }) => shown === 'drift' && !isQuiet(seen, now)).length;
  return wallWords.title({ all: tiles.length, needing });
}

export function wallLead(tiles: readonly Tile[], now: number): string {
  const { lead } = wallWords;
  const seen = tiles.flatMap((tile) => (isQuiet(tile.seen, now) ? (tile.seen ?? []) : []));
  const booked = seen.filter(({ who = '' }) => who !== '').length;
  const counts = {
    booked,
    seen: seen.length - booked,
    silent: tiles.filter(({ shown }) => shown === 'silent').length,
  };
  const kinds = ['booked', 'seen', 'silent'] as const;
  const said = kinds.flatMap((kind) => (counts[kind] > 0 ? lead[kind]({ count: counts[kind] }) : []));
  return [...said, neverCleanedSentence(tiles)].filter((sentence) => sentence !== '').join(' ');
}

/** The verdict in a few words, as it stands on the picture. */
export function signWords({ now }: Tile): string {
  return now.silence ? capital(verdictWord(now)) : instructionOf(now);
}

/** Facts on a camera: of one that needs somebody the reason and the last cleaning, of others those that its group does not share. */
export function tileSentences(tile: Tile): readonly string[] {
  return [...saidOf(tile).filter((sentence) => sentence !== ''), ...waitingOf(tile)];
}

function saidOf(tile: Tile): readonly string[] {
  const { latest, cleanedAt, cycle, question } = tile.now;
  const reason = maskedOf(latest);
  const learning = cycle?.kind === 'learning' ? cycleSentence(cycle) : '';
  switch (groupOf(tile)) {
    case 'clear':
      return [reason, learning];
    case 'waiting':
      return [`${signWords(tile)}.`, reason];
    case 'silent':
      if (latest && verdictOf(latest) === 'normal') return [];
      return [wallWords.saidThen({ word: instructionThen(tile.now) })];
    case null: {
      const cleaned = cleanedAt === null ? '' : wallWords.cleaned({ at: cleanedAt });
      const asked = question?.isAlone ? questionSentence(question) : causeWords(tile);
      return [asked ?? reason, learning, cleaned];
    }
  }
}

function maskedOf(latest: CompletedJob | undefined): string {
  return (latest?.glass ? maskedSentence(latest.glass) : null) ?? '';
}

/** Names the cameras with news and without a logged cleaning; empty if there are none. */
function neverCleanedSentence(tiles: readonly Tile[]): string {
  const never = tiles.filter(({ now }) => now.latest && !now.silence && now.cleanedAt === null);
  const { some, many } = wallWords.neverCleaned;
  if (never.length === 0) return '';
  if (never.length > MOST_NAMED) return many({ count: never.length });
  return some({ names: never.map(({ name }) => name) });
}

/** The cause on the glass, without when it began; null where only the learned distance speaks. */
function causeWords({ now: { latest, conclusion }, run }: Tile): string | null {
  if (!latest || !conclusion || conclusion.speaker === 'learned') return null;
  return causeOf(latest, conclusion, { ...run, began: null });
}

function waitingOf({ waiting: { aside, failed } }: Tile): readonly string[] {
  return [
    ...(aside > 0 ? [wallWords.waiting.aside({ count: aside })] : []),
    ...(failed > 0 ? [wallWords.waiting.failed({ count: failed })] : []),
  ];
}

/** Facts of the place for a diver, and what was said of the alarm. */
export function diverSentences({ camera, seen }: Tile): readonly string[] {
  const said = [placeOf(camera), camera.deployment?.note ?? '', seen ? seenSentence(seen) : ''];
  return said.filter((sentence) => sentence !== '');
}

function placeOf({ deployment: { depth, position } = {} }: Camera): string {
  const parts = [
    ...(depth === undefined ? [] : [wallWords.trip.depth({ depth })]),
    ...(position ? [positionText(position)] : []),
  ];
  return parts.join(', ');
}

/** About when a camera that needs no diver yet has to be cleaned; null where that can't be told. */
export function dueAt({ outlook, shown, next }: Tile, now: number): number | null {
  if (shown === 'drift') return null;
  if (outlook?.trend?.kind === 'rising') {
    const { at } = outlook.trend.reaches;
    return at > now ? at : null;
  }
  if (!next || shown === 'warning') return null;
  const likely = (next.earliestAt + next.latestAt) / 2;
  return likely > now ? likely : next.latestAt;
}

/** The next trip by its day, where one is known. */
export function tripTitle(taken: readonly Tile[], now: number): string {
  const days = taken.flatMap(({ seen }) => (seen && isQuiet(seen, now) ? [seen.until] : []));
  return days.length > 0 ? wallWords.trip.titleOn({ at: Math.min(...days) }) : wallWords.trip.title;
}
