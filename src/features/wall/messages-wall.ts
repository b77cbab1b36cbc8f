import { reachFacts } from '../../core/domain/camera/outlook-facts';
import { inLanguage } from '../../core/i18n/language';
import { t } from '../../core/i18n/messages';
import { cn } from '../../core/i18n/messages-conclusion';
import { causeOf, instructionThen, verdictWord } from '../../core/session/history/verdict-now';
import en from '../../words/wall.en.js';
import type { Tile } from './wall.svelte';

const catalog = inLanguage('wall', en);

/** Every sentence of the wall, in the language of the page. */
export const wl = {
  ...catalog,
  title: (tiles: readonly Tile[]) =>
    catalog.title({
      all: tiles.length,
      needing: tiles.filter(({ shown }) => shown === 'drift').length,
      silent: tiles.filter(({ shown }) => shown === 'silent').length,
    }),
  /** the cause on its glass, or the last verdict of a camera that is silent */
  what: (tile: Tile): string => {
    const { latest, silence, conclusion } = tile.now;
    if (!latest) return waitingOf(tile) || t.verdict.noneSentence;
    if (silence) {
      const { newestAt, usualStep } = silence;
      const word = instructionThen(tile.now);
      return catalog.was({ word, at: newestAt, hasStep: usualStep !== null, step: usualStep ?? 0 });
    }
    return (conclusion && causeOf(latest, conclusion, tile.run)) ?? verdictWord(tile.now);
  },
  /** which of its files are in no verdict; empty for none, and where nothing else is said of it */
  waiting: (tile: Tile): string => (tile.now.latest ? waitingOf(tile) : ''),
  /** how long ago it was cleaned, and how long that will last */
  care: (tile: Tile, now: number): string => {
    const { cleanedAt, verdict } = tile.now;
    const cleaned = cleanedAt === null ? catalog.neverCleaned : catalog.cleaned({ age: now - cleanedAt });
    if (verdict === 'drift') return `${cleaned}, ${catalog.due}`;
    const days = daysLeft(tile, now);
    return days === null ? cleaned : `${cleaned}, ${catalog.left({ days })}`;
  },
  age: (tile: Tile, now: number): string => {
    if (tile.newestAt === null) return '';
    const age = Math.max(0, now - tile.newestAt);
    if (!tile.now.silence) return cn.ago({ age });
    return tile.now.silence.isNews ? catalog.silentFor({ age }) : catalog.old({ age });
  },
};

function waitingOf({ waiting: { aside, failed } }: Tile): string {
  const said = [
    ...(aside > 0 ? [catalog.waiting.aside({ count: aside })] : []),
    ...(failed > 0 ? [catalog.waiting.failed({ count: failed })] : []),
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
