import { inLanguage } from '../../../core/i18n/language';
import { USABILITIES, type Usability } from '../../../core/domain/usable/span';
import en from '../../../words/counts.en.js';
import type { Totals } from '../pure/counts/mask';
import type { Problem } from '../pure/counts/understand';
import type { Delimiter } from '../pure/counts/records';

const catalog = inLanguage('counts', en);
const HOUR = 3_600_000;
const { delimiters } = catalog.questions;
const DELIMITER_WORDS: Readonly<Record<Delimiter, string>> = {
  ',': delimiters.comma,
  ';': delimiters.semicolon,
  '\t': delimiters.tab,
  '|': delimiters.pipe,
};

/** Every sentence about tables of counts, in the language of the page. */
export const ct = {
  ...catalog,
  delimiter: (delimiter: string) => DELIMITER_WORDS[delimiter as Delimiter],
  problem: ({ code, line }: Problem) => {
    const sentence = catalog.problems[code];
    return typeof sentence === 'string' ? sentence : sentence({ line: line ?? 0 });
  },
  /** What was set aside, in one sentence. */
  told: ({ rows, rowsAside, counts, countsAside, time, timeAside, by }: Totals) => {
    const isTimed = time > 0;
    const parts = USABILITIES.flatMap((usability) => {
      const part = by[usability];
      if (!part) return [];
      const word = catalog.setAside.usabilities[usability];
      return isTimed
        ? catalog.result.partHours({ word, hours: inHours(part.time) })
        : catalog.result.partRows({ word, rows: part.rows });
    });
    const facts = {
      counts: rounded(counts),
      countsAside: rounded(countsAside),
      hasParts: parts.length > 0,
      parts: parts.join(', '),
    };
    return isTimed
      ? catalog.result.hours({ ...facts, aside: inHours(timeAside), all: inHours(time) })
      : catalog.result.rows({ ...facts, aside: rowsAside, all: rows });
  },
  usability: (usability: Usability) => catalog.setAside.usabilities[usability],
};

function inHours(time: number): number {
  return Math.round((10 * time) / HOUR) / 10;
}

/** A sum without the tail that adding decimals leaves. */
export function rounded(sum: number): number {
  return Number(sum.toFixed(2));
}
