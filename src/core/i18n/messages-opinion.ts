import type { Calibration } from '../domain/drift/judging';
import { limitsOrigin } from '../domain/drift/limits-origin';
import type { CompletedJob } from '../domain/camera/job';
import type { Finding } from '../domain/picture/second-opinion';
import { inLanguage } from './language';
import { cn } from './messages-conclusion';
import { t } from './messages';
import { comparisonOf } from './messages-properties';
import en from '../../words/opinion.en.js';

const catalog = inLanguage('opinion', en);

/** Texts beside a verdict, on the page and in a report: the origin of its limits, and facts of the picture itself. */
export const op = { ...catalog, limits: limitsSentence, finding: findingSentence };

function limitsSentence(job: CompletedJob, calibrations: readonly Calibration[]): string {
  const origin = limitsOrigin(job, calibrations);
  const said = catalog.limits;
  switch (origin.kind) {
    case 'imported':
      return said.imported({ origin: t.verdict.imported(origin.evidence) });
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

function findingSentence(finding: Finding): string {
  const said = catalog.finding;
  switch (finding.kind) {
    case 'frozen':
      return said.frozen(finding);
    case 'other-camera': {
      if (finding.because === 'name') return said.otherName(finding);
      const { got, usual } = finding;
      return said.otherSize({ ...got, usualWidth: usual.width, usualHeight: usual.height });
    }
    case 'turned':
      return said.turned({ ways: cn.waysOf(finding) });
    default: {
      const { property, side, value, usual } = finding;
      return said.compared({ comparison: comparisonOf(property, side), value, usual });
    }
  }
}
