import { doiIn, LAST_OF_DAY } from '../../../core/domain/camera/deployed.js';
import {
  known,
  LONGEST_FACT,
  MOST_CREATORS,
  positionIn,
  positionText,
  TEXT_FACTS,
  type Deployment,
} from '../../../core/domain/camera/deployment';
import { isoDay } from '../../../core/domain/instant';
import { DEPTH, INSTANT, isWithin } from '../../../core/domain/ranges';

/** A deployment as a person types it. */
export interface DeploymentForm extends Record<(typeof TEXT_FACTS)[number], string> {
  position: string;
  /** null for an empty field, as the browser has it */
  metres: number | null;
  note: string;
  /** UTC days such as `2026-05-31` */
  begin: string;
  end: string;
  /** one a line */
  creators: string;
  doi: string;
}

export function deploymentForm(deployment: Deployment): DeploymentForm {
  const { position, depth, note = '', begin, end, creators = [], doi = '' } = deployment;
  const { platform = '', sensor = '', site = '', licence = '' } = deployment;
  return {
    position: position ? positionText(position) : '',
    metres: depth ?? null,
    ...{ note, platform, sensor, site, licence, doi, creators: creators.join('\n') },
    begin: begin === undefined ? '' : isoDay(begin),
    end: end === undefined ? '' : isoDay(end),
  };
}

/** A field of the form that can't be used. */
export type DeploymentProblem = 'position' | 'depth' | 'doi' | 'end' | 'creators';

/** @param before - facts that the form doesn't show are kept, and the time of a day that nobody has changed */
export function deploymentIn(form: DeploymentForm, before: Deployment): Deployment | DeploymentProblem {
  const position = form.position.trim() === '' ? undefined : positionIn(form.position);
  if (position === null) return 'position';
  const depth = form.metres ?? undefined;
  if (depth !== undefined && !isWithin(DEPTH, depth)) return 'depth';
  const doi = form.doi.trim() === '' ? undefined : doiIn(form.doi);
  if (doi === null) return 'doi';
  const creators = form.creators.split('\n').map((name) => name.trim());
  const named = creators.filter((name) => name !== '');
  if (named.length > MOST_CREATORS || named.some(({ length }) => length > LONGEST_FACT)) return 'creators';
  const shown = deploymentForm(before);
  const begin = form.begin === shown.begin ? before.begin : dayIn(form.begin);
  const end = form.end === shown.end ? before.end : dayIn(form.end, LAST_OF_DAY);
  if (end !== undefined && end < (begin ?? 0)) return 'end';
  const texts = Object.fromEntries(
    [...TEXT_FACTS, 'note' as const].map((fact) => [fact, form[fact].trim() || undefined]),
  );
  return known({
    ...{ ...before, ...texts, position, depth, doi, begin, end },
    creators: named.length > 0 ? named : undefined,
  });
}

function dayIn(day: string, later = 0): number | undefined {
  const at = Date.parse(day) + later;
  return isWithin(INSTANT, at) ? at : undefined;
}
