import type { Calibration } from '../domain/drift/judging';
import { limitsOrigin } from '../domain/drift/limits-origin';
import type { CompletedJob } from '../domain/camera/job';
import type { MeasuredProperty, PropertyWords, Side } from '../domain/picture/property-table';
import type { Finding } from '../domain/picture/second-opinion';
import { opinionWords } from '../../words/opinion';
import { propertiesWords } from '../../words/properties';
import { verdictWords } from '../../words/verdict';
import { standSentence } from './reason-words';

/** The origin of a verdict's limits. */
export function limitsSentence(job: CompletedJob, calibrations: readonly Calibration[]): string {
  const origin = limitsOrigin(job, calibrations);
  const said = opinionWords.limits;
  switch (origin.kind) {
    case 'imported':
      return said.imported({ origin: verdictWords.imported(origin.evidence) });
    case 'calibrated': {
      const { windows, days } = origin.evidence;
      return said.calibrated({ windows, days, version: origin.version });
    }
    case 'replayed':
      return said.replayed({ version: origin.version });
    default:
      return said[origin.kind];
  }
}

/** A fact of the picture itself. */
export function findingSentence(finding: Finding): string {
  const said = opinionWords.finding;
  switch (finding.kind) {
    case 'frozen':
      return said.frozen(finding);
    case 'other-camera': {
      if (finding.because === 'name') return said.otherName(finding);
      const { got, usual } = finding;
      return said.otherSize({ ...got, usualWidth: usual.width, usualHeight: usual.height });
    }
    case 'turned':
      return `${standSentence({ stands: 'turned', turn: finding })} ${said.noDirt}`;
    default: {
      const { property, side, value, usual } = finding;
      return said.compared({ comparison: comparisonOf(property, side), value, usual });
    }
  }
}

/** The sentence for a picture on one side of the reference; empty for a side that the table does not name. */
function comparisonOf(property: MeasuredProperty, side: Side): string {
  const words: PropertyWords = propertiesWords;
  const said: Readonly<Partial<Record<Side, string>>> = words[property];
  return said[side] ?? '';
}
