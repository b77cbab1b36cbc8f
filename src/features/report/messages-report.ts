import { jd } from '../../core/i18n/messages-judging';
import { enc } from '../../core/i18n/messages-encoder';
import type { Calibration } from '../../core/domain/drift/judging';
import type { Camera, CompletedJob } from '../../core/domain/camera/job';
import { spokenOf } from '../../core/domain/camera/spoken';
import { GLASS_THRESHOLDS } from '../../core/domain/glass/glass-facts';
import { inLanguage } from '../../core/i18n/language';
import { cn } from '../../core/i18n/messages-conclusion';
import { methodOf } from '../../core/i18n/messages-detectors';
import type { DetectorSettings } from '../../core/domain/model/model';
import type { ReportFacts } from './facts';
import type { Provenance } from './report-provenance';
import en from '../../words/report.en.js';

const catalog = inLanguage('report', en);

export const r = {
  ...catalog,
  lead: ({ source, counts }: ReportFacts, version: string) =>
    catalog.lead({ at: source.now, version, counts: catalog.provenance.countsOf(counts) }),
  span: ({ span: { from, to, kind } }: ReportFacts) =>
    catalog.span({
      snapshots: catalog.form.spans[kind],
      isBounded: from !== null && to !== null,
      from: from ?? 0,
      to: Math.max(from ?? 0, to ?? 0),
    }),
  calibration: {
    ...catalog.calibration,
    inForce: (calibration: Calibration, reference: number) =>
      catalog.calibration.inForce({
        name: jd.versions.name({ version: calibration.version, at: calibration.createdAt }),
        facts: jd.versions.facts(calibration, reference),
      }),
  },
  worst: {
    ...catalog.worst,
    driftEvents: (all: number, shown: number) =>
      catalog.worst.driftEvents({ all, hasOlder: shown < all, shown }),
    /** of the detector that spoke */
    distance: (job: CompletedJob) => {
      const spoken = spokenOf(job);
      if (!spoken) return catalog.worst.noDistance;
      const { speaker, distance, thresholds } = spoken;
      return job.glass
        ? cn.spoke.title({ who: speaker, distance, ...thresholds })
        : catalog.worst.distance({ distance, ...thresholds });
    },
  },
  method: {
    ...catalog.method,
    /** of the detectors that the verdicts rest on */
    sentences: (detector: DetectorSettings, { glass, learned }: ReportFacts['judgedBy']): string[] => {
      const said = catalog.method.sentences;
      const { windowSize } = detector;
      const streams = said.streams({ windowSize, ...GLASS_THRESHOLDS });
      return [
        ...(glass ? [said.growth, said.loss, streams, said.view] : []),
        ...(learned
          ? [said.embedding, said.distance({ windowSize, method: methodOf(detector) })]
          : [said.beside]),
        said.verdict,
      ];
    },
  },
  provenance: {
    ...catalog.provenance,
    transformOf: ({ resize: { height, width }, mean, std }: Camera['transform']) =>
      catalog.provenance.transformOf({ height, width, mean: mean.join(', '), std: std.join(', ') }),
    versionOf: ({ version, commit }: Provenance) =>
      catalog.provenance.versionOf({ version, hasCommit: commit !== null, commit: commit ?? '' }),
    backendOf: ({ encoder }: Provenance) =>
      encoder?.backend ? enc.backend[encoder.backend] : catalog.provenance.notStarted,
    selfTestOf: ({ encoder }: Provenance) =>
      !encoder?.backend
        ? catalog.provenance.notTested
        : encoder.selfTest
          ? enc.selfTestPassed(encoder.selfTest.difference, encoder.selfTest.tolerance)
          : enc.selfTestNone,
  },
};
