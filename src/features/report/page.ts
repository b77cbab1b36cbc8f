import { courseOf } from '../../core/domain/camera/course';
import { seenSentence } from '../../core/i18n/conclusion-words';
import { cycleSentence } from '../../core/i18n/cycle-words';
import { cleaningSentences, eventNote } from '../../core/i18n/log-words';
import { logWords } from '../../words/log';
import type { CompletedJob, Job } from '../../core/domain/camera/job';
import { judgingReference, type Reference } from '../../core/domain/camera/reference';
import { keyOf } from '../../core/session/exports';
import { verdictOf } from '../../core/domain/camera/verdict';
import { QARTOD_FLAGS } from '../../core/domain/camera/qartod';
import { turnOf } from '../../core/domain/glass/turn';
import { otherCamera, unusualProperties } from '../../core/domain/picture/second-opinion';
import { limit, numeral, threeDigits, utc } from '../../core/i18n/format';
import { appWords } from '../../core/i18n/app-words';
import { verdictWordsOf } from '../../core/i18n/conclusion-words';
import { verdictWords } from '../../words/verdict';
import { explain } from '../../core/i18n/failures';
import { hoursWords } from '../../words/hours';
import { deploymentFacts } from '../../core/i18n/deployment-words';
import { deploymentWords } from '../../words/deployment';
import { aboutDistance } from '../../core/i18n/detector-words';
import { verdictWordOf } from '../../core/i18n/tell-job';
import {
  distanceSentence,
  methodSentences,
  spanSentence,
  backendWords,
  countsSentence,
  selfTestWords,
} from './report-sentences';
import { reportWords } from '../../words/report';
import { findingSentence, limitsSentence } from '../../core/i18n/opinion-words';
import { staysWords } from '../../words/stays';
import { tellOutlook } from '../../core/i18n/tell-outlook';
import {
  instructionOf,
  drawnAs,
  partsOf,
  untaughtSentence,
  verdictWord,
} from '../../core/session/history/verdict-now';
import type { Stays } from '../../core/session/pictures/what-stays';
import type { CoverageFacts, ReportFacts, ReportedHistory, ReportedVerdict } from './facts';
import { bdi, cut, html, type Markup, plain } from '../../core/domain/files/markup';
import { pageFile, staysMarkup } from '../../core/ui/page-file';
import { distancePlot, drawnPlaces } from './plot';
import type { Provenance } from './report-provenance';
import { REPORT_STYLE } from './style';
import { calibrationFacts } from '../../core/i18n/judging-words';
import { referenceName } from '../../core/i18n/reference-name';
import { judgingWords } from '../../words/judging';
import { snapshotWords } from '../../words/snapshot';

const DAY = 86_400_000;
/** Characters of all pictures together, as they stand in the file: the rest is bounded by counts, so all is below 5 MB. */
const MOST_PICTURES = 2_000_000;
const MOST_NAME = 120;
const MOST_TEXT = 400;

/** JPEGs as base64, by job id. */
export type Pictures = ReadonlyMap<string, string>;

/** Writes a report as one HTML file that needs nothing else: no script, no network, below 5 MB. */
export function writeReport(
  facts: ReportFacts,
  provenance: Provenance,
  pictures: Pictures,
  stays: Stays | null = null,
): string {
  const { source } = facts;
  const title = reportWords.title({ camera: cut(source.camera.name, MOST_NAME) });
  return pageFile({
    lang: reportWords.lang,
    title,
    version: provenance.version,
    style: REPORT_STYLE,
    content: html`<header>
        <h1>${bdi(title)}</h1>
        <p class="soft">
          ${reportWords.lead({ at: source.now, version: provenance.version, counts: countsSentence(facts) })}
          ${spanSentence(facts)}
        </p>
      </header>
      ${verdict(facts)} ${staying(stays)} ${charts(facts)} ${highest(facts, pictures)} ${cleanings(facts)}
      ${deployment(facts)}
      <div class="beside">
        ${coverage(facts)}
        <div>${calibration(facts)} ${failed(facts)}</div>
      </div>
      ${method(facts)} ${provenanceOf(facts, provenance)} ${summaries(facts)}`,
  });
}

function section(
  id: string,
  title: string,
  ...content: readonly (Markup | readonly Markup[] | null)[]
): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;
}

function paragraph(text: string, look = ''): Markup | null {
  return text === '' ? null : html`<p${look ? html` class="${look}"` : null}>${text}</p>`;
}

function verdict({ verdict, source, current, cycles }: ReportFacts): Markup {
  const { latest } = verdict;
  const outlook = tellOutlook(current, source.events, source.now, cycles);
  const age = latest ? source.now - latest.capturedAt : 0;
  return html`<section class="verdict" data-verdict="${drawnAs(verdict)}" aria-labelledby="verdict">
    <h2 id="verdict">${reportWords.verdict.title}: <b>${wordOf(verdict)}</b></h2>
    <p class="word">${instructionOf(verdict)}</p>
    <p class="sentence">${verdictSentence(verdict)} ${sinceSentence(verdict)}</p>
    ${paragraph(lensSentences(verdict))}
    ${verdict.seen ? html`<p>${bdi(cut(seenSentence(verdict.seen), MOST_TEXT))}</p>` : null}
    ${paragraph(verdict.unshown ? hoursWords.unshown(verdict.unshown) : '')}
    ${paragraph(outlook?.forecast ?? '')}
    ${latest === undefined ? null : html`<p class="soft">${reportWords.verdict.newest({ at: latest.capturedAt })} ${age > DAY ? reportWords.verdict.old({ age }) : ''} ${limitsSentence(latest, source.calibrations)}</p>`}
  </section>`;
}

function staying(stays: Stays | null): Markup | null {
  if (!stays?.own) return null;
  const lead = paragraph(staysWords.lead({ count: stays.own.count }), 'soft');
  return section('stays', staysWords.title, lead, staysMarkup(stays));
}

function wordOf(reported: ReportedVerdict): string {
  const isKnown = reported.cleanMissing > 0 || reported.blindness || (reported.latest && !reported.isDoubted);
  return isKnown ? verdictWord(reported) : verdictWords.words['not-checked'];
}

function verdictSentence(reported: ReportedVerdict): string {
  const { latest, blindness, run } = reported;
  if (reported.cleanMissing > 0) return untaughtSentence(reported);
  if (latest) {
    const { conclusion } = partsOf({ ...reported, latest }, run);
    const cycle = reported.silence ? '' : cycleSentence(reported.cycle);
    return cycle === '' ? conclusion : `${conclusion} ${cycle}`;
  }
  return blindness ? explain('detector-blind', blindness) : reportWords.verdict.none;
}

/** The covered share of the glass, and the days since the last cleaning, at the newest picture. */
function lensSentences({ latest, cleanedAt, isOutdated }: ReportedVerdict): string {
  const { covered, cleaned } = reportWords.verdict;
  if (!latest) return '';
  const days = cleanedAt === null ? 0 : Math.floor((latest.capturedAt - cleanedAt) / DAY);
  return [
    ...(latest.glass?.growth && !isOutdated ? [covered({ cover: latest.glass.cover })] : []),
    ...(cleanedAt === null ? [] : [cleaned({ at: cleanedAt, days: Math.max(0, days) })]),
  ].join(' ');
}

function sinceSentence({ latest, verdict, since, isOutdated }: ReportedVerdict): string {
  return since === null || isOutdated
    ? ''
    : reportWords.verdict.since({ at: since, word: verdictWordsOf(latest).words[verdict] });
}

/** The settings that tell a history from the others, in a sentence. */
function settingsOf({ jobs }: ReportedHistory, { source, reference }: ReportFacts): string {
  const job = jobs[0];
  const { camera } = source;
  const settings = job ?? { ...camera, referenceId: reference?.id ?? '' };
  const model = source.models.find(({ sha256 }) => sha256 === settings.modelSha256)?.name;
  const judged = referenceName(judgingReference(settings, source.references));
  const name = plain(cut(model ?? settings.modelSha256.slice(0, 12), MOST_NAME));
  return reportWords.chart.settings({ model: name, reference: judged, ...settings.detector });
}

function charts(facts: ReportFacts): Markup {
  const { histories } = facts;
  return section(
    'chart',
    appWords.chart.title,
    histories.map((history, i) => {
      const plot = distancePlot(history.jobs, facts.source.events);
      const course = courseOf(history.jobs);
      const [scored, drawn] = [course.scored.length, drawnPlaces(course).length];
      const heading = history.isPresent ? reportWords.chart.present : reportWords.chart.earlier;
      return html`${histories.length > 1 ? html`<h3>${heading}</h3>` : null}
      ${
        plot
          ? html`<figure>
              ${plot}
              <figcaption>
                ${settingsOf(history, facts)}
                ${drawn < scored ? reportWords.chart.thinned({ drawn, all: scored }) : ''}
                <a href="#summary-${i}">${reportWords.chart.asTable}</a>.
              </figcaption>
            </figure>`
          : paragraph(reportWords.chart.none)
      }`;
    }),
    paragraph(reportWords.chart.legend, 'soft'),
    facts.historiesLeftOut > 0
      ? paragraph(reportWords.chart.leftOut({ count: facts.historiesLeftOut }), 'soft')
      : null,
  );
}

function highest(facts: ReportFacts, pictures: Pictures): Markup {
  let room = MOST_PICTURES;
  /** A picture as an address in the file; null when there is no room for it, undefined when there is none. */
  const take = (id: string): string | null | undefined => {
    const picture = pictures.get(id);
    if (picture === undefined) return undefined;
    if (picture.length > room) return null;
    room -= picture.length;
    return `data:image/jpeg;base64,${picture}`;
  };
  return section(
    'highest',
    reportWords.worst.title,
    facts.histories.map((history) => {
      const { worst, driftStarts, driftEvents, jobs } = history;
      if (jobs.length === 0) return html`<p>${reportWords.worst.none}</p>`;
      return html`${facts.histories.length > 1 ? html`<p class="soft">${settingsOf(history, facts)}</p>` : null}
        ${worst.length > 0 ? null : html`<p>${reportWords.worst.none}</p>`}
        <p class="soft">
          ${reportWords.worst.driftEvents({ all: driftEvents, hasOlder: driftStarts.length < driftEvents, shown: driftStarts.length })}
        </p>
        <ul class="pictures">
          ${[...new Set([...worst, ...driftStarts])].map(
            (job) => html`<li>${snapshot(job, facts, take(job.id), driftStarts.includes(job))}</li>`,
          )}
        </ul>`;
    }),
  );
}

function snapshot(
  job: CompletedJob,
  facts: ReportFacts,
  picture: string | null | undefined,
  isStart: boolean,
): Markup {
  const name = cut(job.imageName, MOST_NAME);
  const verdict = verdictOf(job);
  const shown =
    typeof picture === 'string'
      ? html`<img src="${picture}" alt="${plain(snapshotWords.pictureOf({ name }))}" />`
      : html`<p class="nothing">
          ${picture === null ? reportWords.worst.leftOut : reportWords.worst.noPicture}
        </p>`;
  const reference = judgingReference(job, facts.source.references);
  const { properties } = job;
  const other =
    properties &&
    otherCamera({ ...properties, name: job.imageName }, reference?.names ?? [], reference?.properties ?? []);
  const turn = turnOf(job.glass);
  const findings = [
    ...(other ? [other] : []),
    ...(turn ? [{ kind: 'turned' as const, ...turn }] : []),
    ...(properties ? unusualProperties(properties, reference?.properties ?? []) : []),
  ].map((finding) => cut(findingSentence(finding), MOST_TEXT));
  return html`<figure data-verdict="${verdict}">
    ${shown}
    <figcaption>
      ${isStart ? html`<span class="tag">${reportWords.worst.drift}</span><br />` : null}<b>${bdi(name)}</b
      ><br />${utc(job.capturedAt)}${job.capturedAtSource === 'file-date' ? ` (${reportWords.worst.guessed})` : ''}<br /><span
        class="tag"
        >${verdictWordOf(job)}</span
      >,
      ${distanceSentence(job)}${findings.length > 0 ? html`<br />${reportWords.worst.opinion} ${bdi(findings.join(' '))}` : null}
    </figcaption>
  </figure>`;
}

function cleanings(facts: ReportFacts): Markup {
  const { cleanings, cleaningsLeftOut, notes, notesLeftOut, source, current, cycles } = facts;
  const note = (text: string) => bdi(cut(text, MOST_TEXT));
  const remark = tellOutlook(current, source.events, source.now, cycles)?.remark ?? '';
  const rows = [
    ...cleanings.map((report) => ({
      at: report.event.at,
      what: `${logWords.kinds.cleaned}. ${cleaningSentences(report)}`,
      note: report.event.note,
    })),
    ...notes.map((event) => ({ at: event.at, what: logWords.kinds[event.kind], note: eventNote(event) })),
  ].sort((a, b) => b.at - a.at);
  const leftOut = cleaningsLeftOut + notesLeftOut;
  return section(
    'cleanings',
    reportWords.cleanings.title,
    paragraph(remark),
    cleanings.length === 0 ? paragraph(reportWords.cleanings.none) : null,
    rows.length === 0
      ? null
      : table(
          [reportWords.cleanings.when, reportWords.cleanings.report, reportWords.cleanings.note],
          rows.map(
            (row) =>
              html`<th scope="row">${shortUtc(row.at)}</th>
                <td>${row.what}</td>
                <td>${note(row.note)}</td>`,
          ),
        ),
    leftOut > 0 ? paragraph(reportWords.cleanings.leftOut({ count: leftOut }), 'soft') : null,
  );
}

function deployment({ source }: ReportFacts): Markup | null {
  const facts = deploymentFacts(source.camera.deployment ?? {});
  if (facts.length === 0) return null;
  const said = facts.map(([fact, text]) => [deploymentWords.facts[fact], bdi(cut(text, MOST_TEXT))] as const);
  return section('deployment', deploymentWords.title, definitions(said));
}

function calibration({ source }: ReportFacts): Markup {
  const { camera, calibration, references } = source;
  const { warning, drift } = camera.thresholds;
  const { title } = reportWords.calibration;
  if (!calibration) {
    return section(
      'calibration',
      title,
      paragraph(reportWords.calibration.none({ warning: limit(warning), drift: limit(drift) })),
    );
  }
  const measured = references.find(({ id }) => id === calibration.referenceId);
  const { evidence } = calibration;
  const names = reportWords.calibration.evidence;
  const facts: [string, string][] = evidence
    ? [
        [names.windows, String(evidence.windows)],
        [names.effectiveWindows, threeDigits(evidence.effectiveWindows)],
        [names.highestDistance, threeDigits(evidence.highestDistance)],
        ...(evidence.independentDrift === null
          ? []
          : [[names.independentDrift, limit(evidence.independentDrift)] as [string, string]]),
        ...(evidence.dirtySnapshots === 0
          ? []
          : ([
              [names.dirtySnapshots, String(evidence.dirtySnapshots)],
              [names.dirtyDelay, String(evidence.dirtyDelay ?? reportWords.calibration.never)],
            ] as [string, string][])),
      ]
    : [];
  return section(
    'calibration',
    title,
    paragraph(
      reportWords.calibration.inForce({
        name: judgingWords.versions.name({ version: calibration.version, at: calibration.createdAt }),
        facts: calibrationFacts(calibration, referenceName(measured)),
      }),
    ),
    calibration.isImported ? paragraph(reportWords.calibration.imported) : null,
    facts.length > 0 ? definitions(facts) : null,
  );
}

function coverage({ reference, coverage }: ReportFacts): Markup {
  const { title } = reportWords.coverage;
  if (!reference) return section('coverage', title, paragraph(reportWords.coverage.none));
  const lead = reportWords.coverage.lead({
    reference: referenceName(reference),
    count: reference.embeddings.length,
  });
  if (!coverage) return section('coverage', title, paragraph(`${lead} ${reportWords.coverage.unknown}`));
  return section(
    'coverage',
    title,
    paragraph(`${lead} ${reportWords.coverage.facts(coverage)}`),
    coverageTable(coverage),
    coverage.rowsLeftOut > 0
      ? paragraph(reportWords.coverage.leftOut({ count: coverage.rowsLeftOut }), 'soft')
      : null,
  );
}

function coverageTable({ rows, unit }: CoverageFacts): Markup {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return html`<table class="coverage">
    <thead>
      <tr>
        <th scope="col">${reportWords.summary.units[unit]}</th>
        ${hours.map((hour) => html`<th scope="col">${hour % 6 === 0 ? html`${hour}` : html`<span class="hidden">${hour}</span>`}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ period, byHour }) =>
          html`<tr>
            <th scope="row">${period}</th>
            ${byHour.map((count) => (count > 0 ? html`<td class="seen">${count}</td>` : html`<td></td>`))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function failed({ failed, failedLeftOut }: ReportFacts): Markup {
  const { title, none, name, why, when, leftOut } = reportWords.failed;
  if (failed.length === 0) return section('failed', title, paragraph(none));
  return section(
    'failed',
    title,
    table(
      [name, when, why],
      failed.map(
        (job) =>
          html`<td>${bdi(cut(job.imageName, MOST_NAME))}</td>
            <td>${shortUtc(job.capturedAt)}</td>
            <td>${bdi(cut(explain(job.code, job.detail), MOST_TEXT))}</td>`,
      ),
    ),
    failedLeftOut > 0 ? paragraph(leftOut({ count: failedLeftOut }), 'soft') : null,
  );
}

function method({ source, judgedBy }: ReportFacts): Markup {
  const { detector } = source.camera;
  const about = judgedBy.learned ? aboutDistance(detector.name) : '';
  return section(
    'method',
    reportWords.method.title,
    methodSentences(detector, judgedBy).map((sentence) => html`<p>${sentence}</p>`),
    about === '' ? null : paragraph(about, 'soft'),
  );
}

function provenanceOf(facts: ReportFacts, provenance: Provenance): Markup {
  const { camera } = facts.source;
  const { detector, thresholds, persistence, transform } = camera;
  const names = reportWords.provenance;
  const code = (text: string) => html`<code>${text}</code>`;
  return section(
    'provenance',
    names.title,
    definitions([
      [names.model, bdi(cut(provenance.modelName, MOST_NAME))],
      [names.modelFile, code(provenance.modelSha256)],
      [names.reference, provenance.referenceSha256 === null ? names.none : code(provenance.referenceSha256)],
      [names.config, provenance.configSha256 === null ? names.none : code(provenance.configSha256)],
      [names.version, names.versionOf(provenance)],
      [names.runtime, provenance.runtime],
      [names.detector, names.detectorOf(detector)],
      [names.thresholds, names.thresholdsOf(thresholds)],
      [names.persistence, names.persistenceOf(persistence)],
      [
        names.transform,
        names.transformOf({
          ...transform.resize,
          mean: transform.mean.map((value) => numeral(value)).join('; '),
          std: transform.std.map((value) => numeral(value)).join('; '),
        }),
      ],
      [names.warmUp, names.warmUps[camera.warmUp]],
      [names.backend, backendWords(provenance)],
      [names.selfTest, selfTestWords(provenance)],
      [names.browser, cut(provenance.browser, MOST_TEXT)],
    ]),
    facts.reference
      ? html`<div class="origin">
          <p class="soft">${names.recompute}</p>
          <p class="code">${recipe(facts.reference)}</p>
        </div>`
      : null,
  );
}

/** How Python computes the hash of an exported reference; `referenceSha256` does the same. */
function recipe(reference: Reference): string {
  return `import hashlib, numpy
z = numpy.load("reference-${keyOf(reference)}.npz")
names = "".join(n + "\\n" for n in z["names"])
print(hashlib.sha256(z["embeddings"].astype("<f4").tobytes() + names.encode()).hexdigest())`;
}

function summaries(facts: ReportFacts): Markup {
  return section(
    'summary',
    reportWords.summary.title,
    paragraph(reportWords.summary.flags),
    facts.histories.map((history, i) =>
      history.rows.length === 0
        ? html``
        : html`<table class="summary" id="summary-${i}">
              <caption>
                ${reportWords.summary.caption({ settings: settingsOf(history, facts) })}
              </caption>
              <thead>
                <tr>
                  <th scope="col">${reportWords.summary.units[history.unit]}</th>
                  <th scope="col" class="number">${reportWords.summary.snapshots}</th>
                  <th scope="col" class="number">${reportWords.summary.worst}</th>
                  <th scope="col">${reportWords.summary.verdict}</th>
                  ${QARTOD_FLAGS.map((flag) => html`<th scope="col" class="number">${flag}<span class="hidden">${snapshotWords.flags[flag].slice(1)}</span></th>`)}
                </tr>
              </thead>
              <tbody>
                ${history.rows.map(
                  (row) =>
                    html`<tr>
                      <th scope="row">${row.period}</th>
                      <td class="number">${row.snapshots}</td>
                      <td class="number">
                        ${row.worstDistance === null ? '–' : threeDigits(row.worstDistance)}
                      </td>
                      <td>${verdictWords.words[row.worstVerdict]}</td>
                      ${QARTOD_FLAGS.map((flag) => html`<td class="number">${row.flags[flag]}</td>`)}
                    </tr> `,
                )}
              </tbody>
            </table>
            ${history.rowsLeftOut > 0 ? paragraph(reportWords.coverage.leftOut({ count: history.rowsLeftOut }), 'soft') : null}`,
    ),
  );
}

function table(names: readonly string[], rows: readonly Markup[]): Markup {
  return html`<table>
    <thead>
      <tr>
        ${names.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function definitions(facts: readonly (readonly [string, string | Markup])[]): Markup {
  return html`<dl>
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** For columns that say UTC in their head. */
function shortUtc(at: Job['capturedAt']): string {
  return utc(at).replace(' UTC', '');
}
