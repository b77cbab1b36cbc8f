import { GLASS_THRESHOLDS } from '../../core/domain/glass/glass-facts';
import type { CompletedJob } from '../../core/domain/camera/job';
import { spokenOf } from '../../core/domain/camera/spoken';
import type { DetectorSettings } from '../../core/domain/model/model';
import { methodOf } from '../../core/i18n/detector-words';
import { conclusionWords } from '../../words/conclusion';
import { encoderWords } from '../../words/encoder';
import { engineOf } from '../../core/encoder/pool-status';
import { reportWords } from '../../words/report';
import type { ReportFacts } from './facts';
import type { Provenance } from './report-provenance';

export function spanSentence({ span: { from, to, kind } }: ReportFacts): string {
  const isBounded = from !== null && to !== null;
  return reportWords.span({
    snapshots: reportWords.form.spans[kind],
    from: isBounded ? from : null,
    to: isBounded ? Math.max(from, to) : null,
  });
}

export function countsSentence({ counts }: ReportFacts): string {
  const { countsOf, countsFailed } = reportWords.provenance;
  return countsOf({ ...counts, failed: countsFailed(counts) });
}

/** The distance of the detector that spoke. */
export function distanceSentence(job: CompletedJob): string {
  const spoken = spokenOf(job);
  if (!spoken) return reportWords.worst.noDistance;
  const { speaker, distance, thresholds } = spoken;
  return job.glass
    ? conclusionWords.spoke.title({ who: speaker, distance, ...thresholds })
    : reportWords.worst.distance({ distance, ...thresholds });
}

/** Of the detectors that the verdicts rest on. */
export function methodSentences(
  detector: DetectorSettings,
  { glass, learned }: ReportFacts['judgedBy'],
): string[] {
  const said = reportWords.method.sentences;
  const { windowSize } = detector;
  const streams = said.streams({ windowSize, ...GLASS_THRESHOLDS });
  return [
    ...(glass ? [said.growth, said.loss, streams, said.view] : []),
    ...(learned
      ? [said.embedding, said.distance({ windowSize, method: methodOf(detector) })]
      : [said.beside]),
    said.verdict,
  ];
}

export function backendWords({ encoder }: Provenance): string {
  const engine = encoder && engineOf(encoder);
  return engine ? encoderWords.engine[engine] : reportWords.provenance.notStarted;
}

export function selfTestWords({ encoder }: Provenance): string {
  if (!encoder?.backend) return reportWords.provenance.notTested;
  return encoder.selfTest ? encoderWords.selfTestPassed(encoder.selfTest) : encoderWords.selfTestNone;
}
