import { isWholeDay, positionText, type Deployment } from '../domain/camera/deployment';
import { deploymentWords } from '../../words/deployment';
import { utcDate } from './format';

export type DeploymentFact = keyof typeof deploymentWords.facts;

/**
 * Facts of a deployment as texts in the order of a form, without the note for the diver.
 *
 * @param words - and `language`: other ones than the page's
 */
export function deploymentFacts(
  deployment: Deployment,
  words: Pick<typeof deploymentWords, 'metres' | 'moment'> = deploymentWords,
  language?: string,
): readonly (readonly [DeploymentFact, string])[] {
  const moment = (at: number, isEnd: boolean) =>
    isWholeDay(at, isEnd) ? utcDate(at, language) : words.moment({ at });
  const { position, depth, platform, sensor, site, begin, end, licence, creators, doi } = deployment;
  const facts: Readonly<Record<DeploymentFact, string | undefined>> = {
    position: position && positionText(position),
    depth: depth === undefined ? undefined : words.metres({ depth }),
    ...{ platform, sensor, site },
    begin: begin === undefined ? undefined : moment(begin, false),
    end: end === undefined ? undefined : moment(end, true),
    ...{ licence, creators: creators?.join(', '), doi },
  };
  return Object.entries(facts).flatMap(([fact, text]) =>
    text === undefined || text === '' ? [] : [[fact as DeploymentFact, text] as const],
  );
}
