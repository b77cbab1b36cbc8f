import { reachFacts } from '../../core/domain/camera/outlook-facts';
import { appWords } from '../../core/i18n/app-words';
import { causeOf, instructionThen, verdictWord } from '../../core/session/history/verdict-now';
import { conclusionWords } from '../../words/conclusion';
import { wallWords } from '../../words/wall';
import type { Tile } from './wall.svelte';

export function wallTitle(tiles: readonly Tile[]): string {
  return wallWords.title({
    all: tiles.length,
    needing: tiles.filter(({ shown }) => shown === 'drift').length,
    silent: tiles.filter(({ shown }) => shown === 'silent').length,
  });
}

/** The cause on its glass, or the last verdict of a camera that is silent. */
export function causeSentence(tile: Tile): string {
  const { latest, silence, conclusion } = tile.now;
  if (!latest) return waitingOf(tile) || appWords.verdict.noneSentence;
  if (silence) {
    const { newestAt, usualStep } = silence;
    return wallWords.was({ word: instructionThen(tile.now), at: newestAt, step: usualStep });
  }
  return (conclusion && causeOf(latest, conclusion, tile.run)) ?? verdictWord(tile.now);
}

/** Which of its files are in no verdict; empty for none, and where nothing else is said of it. */
export function waitingSentence(tile: Tile): string {
  return tile.now.latest ? waitingOf(tile) : '';
}

/** How long ago it was cleaned, and how long that will last. */
export function careSentence(tile: Tile, now: number): string {
  const { cleanedAt, verdict } = tile.now;
  const cleaned = cleanedAt === null ? wallWords.neverCleaned : wallWords.cleaned({ age: now - cleanedAt });
  if (verdict === 'drift') return `${cleaned}, ${wallWords.due}`;
  const days = daysLeft(tile, now);
  return days === null ? cleaned : `${cleaned}, ${wallWords.left({ days })}`;
}

/** How old its newest snapshot is. */
export function ageWords(tile: Tile, now: number): string {
  if (tile.newestAt === null) return '';
  const age = Math.max(0, now - tile.newestAt);
  if (!tile.now.silence) return conclusionWords.ago({ age });
  return tile.now.silence.isNews ? wallWords.silentFor({ age }) : wallWords.old({ age });
}

function waitingOf({ waiting: { aside, failed } }: Tile): string {
  const said = [
    ...(aside > 0 ? [wallWords.waiting.aside({ count: aside })] : []),
    ...(failed > 0 ? [wallWords.waiting.failed({ count: failed })] : []),
  ];
  return said.join(' ');
}

/** About how many days are left until a camera has to be cleaned; null where that can't be told. */
function daysLeft({ outlook }: Pick<Tile, 'outlook'>, now: number): number | null {
  if (outlook?.trend?.kind !== 'rising') return null;
  const left = outlook.trend.reaches.at - now;
  return left > 0 ? reachFacts(outlook.trend, now, now).likely : null;
}

/** The camera that will have to be cleaned next, of those that need no diver yet. */
export function nextCleaningDue(
  tiles: readonly Tile[],
  now: number,
): { readonly tile: Tile; readonly days: number } | null {
  const due = tiles.flatMap((tile) => {
    const days = tile.shown === 'drift' ? null : daysLeft(tile, now);
    return days === null ? [] : [{ tile, days }];
  });
  return due.sort((a, b) => a.days - b.days)[0] ?? null;
}
