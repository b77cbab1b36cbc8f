import { isWholeDay, positionText, type Deployment } from '../domain/camera/deployment';
import { deploymentWords } from '../../words/deployment';
import { utcDate } from './format';

export type DeploymentFact = keyof typeof deploymentWords.facts;

/** Facts of a deployment as texts in the order of a form, without the note for the diver. */
export function deploymentFacts(deployment: Deployment): readonly (readonly [DeploymentFact, string])[] {
  const { position, depth, platform, sensor, site, begin, end, licence, creators, doi } = deployment;
  const facts: Readonly<Record<DeploymentFact, string | undefined>> = {
    position: position && positionText(position),
    depth: depth === undefined ? undefined : deploymentWords.metres({ depth }),
    ...{ platform, sensor, site },
    begin: begin === undefined ? undefined : momentWords(begin, false),
    end: end === undefined ? undefined : momentWords(end, true),
    ...{ licence, creators: creators?.join('; '), doi },
  };
  return Object.entries(facts).flatMap(([fact, text]) =>
    text === undefined || text === '' ? [] : [[fact as DeploymentFact, text] as const],
  );
}

function momentWords(at: number, isEnd: boolean): string {
  return isWholeDay(at, isEnd) ? utcDate(at) : deploymentWords.moment({ at });
}
