import type { CodedDetail, Detail } from './coded-detail';
import { plainText } from './files/plain-name';
import { isObject, isText, single } from './row';

export type { CodedDetail, Detail } from './coded-detail';

/** A longer text can't be read within a sentence. */
export const LONGEST_DETAIL = 500;
const MOST_FACTS = 12;

/** A detail without letters that can't be shown, each of its texts cut to a length. */
export function plainDetail(detail: Detail): Detail {
  if (typeof detail === 'string') return plainText(detail, LONGEST_DETAIL);
  const facts = Object.entries(detail).map(([name, fact]: [string, unknown]) => [
    name,
    typeof fact === 'string' ? plainText(fact, LONGEST_DETAIL) : fact,
  ]);
  return Object.fromEntries(facts) as CodedDetail;
}

/** True for a stored detail. Its code may be one that only a newer page knows. */
function isDetail(value: unknown): value is Detail {
  if (!isObject(value)) return isText(value);
  const facts = Object.values(value);
  return (
    isText(value['code']) &&
    facts.length <= MOST_FACTS &&
    facts.every((fact) => ['string', 'number', 'boolean'].includes(typeof fact))
  );
}

export const DETAIL = single<Detail>(isDetail, undefined, plainDetail);
