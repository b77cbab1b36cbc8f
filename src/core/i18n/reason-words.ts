import type { Reason } from '../domain/camera/reasons';
import type { Stand } from '../domain/glass/stand';
import { OTHER_VIEW } from '../domain/glass/turn';
import { reasonsWords } from '../../words/reasons';
import { waysOf } from './conclusion-words';

/** Less of the glass is not worth a number. */
const NEXT_TO_NOTHING = 0.01;

/** One row of evidence in a sentence or two. */
export function reasonSentence(reason: Reason): string {
  switch (reason.of) {
    case 'glass': {
      const { unjudged, isAsked, level, cover } = reason;
      if (unjudged !== null) return reasonsWords.unjudged[unjudged];
      if (isAsked) return reasonsWords.asked;
      if (level !== 'normal') return reasonsWords.growth({ cover });
      return cover < NEXT_TO_NOTHING ? reasonsWords.bare : reasonsWords.below({ cover });
    }
    case 'film': {
      const { unjudged, part } = reason;
      if (unjudged !== null) return reasonsWords.unjudged[unjudged];
      return part === null ? reasonsWords.noFilm : reasonsWords.film[part];
    }
    case 'water':
      return waterSentence(reason);
    case 'position':
      return standSentence(reason.stand);
    case 'rows':
      return reasonsWords.rows({ level: reason.level });
    case 'model':
      return reasonsWords.model({ level: reason.level });
  }
}

/** The camera's position, in the words of every place. */
export function standSentence({ stands, turn }: Stand): string {
  return stands === 'turned'
    ? reasonsWords.position.turned({ ways: waysOf(turn), limit: OTHER_VIEW })
    : reasonsWords.position[stands];
}

function waterSentence({ seen, visible, light }: Extract<Reason, { of: 'water' }>): string {
  const said = reasonsWords.water[seen];
  const water = typeof said === 'string' ? said : said({ visible: visible ?? 0 });
  return light === null ? water : `${water} ${reasonsWords.light[light]}`;
}
