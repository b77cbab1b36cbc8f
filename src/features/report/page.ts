import { courseOf } from '../../core/domain/camera/course';
import { lg } from '../../core/i18n/messages-log';
import { judgingReference, verdictOf, type CompletedJob, type Job } from '../../core/domain/camera/job';
import { QARTOD_FLAGS } from '../../core/domain/camera/qartod';
import { turnOf } from '../../core/domain/glass/turn';
import { otherCamera, unusualProperties } from '../../core/domain/picture/second-opinion';
import { limit, threeDigits, utc } from '../../core/i18n/format';
import { explain, t } from '../../core/i18n/messages';
import { hr } from '../../core/i18n/messages-hours';
import { aboutDistance } from '../../core/i18n/messages-detectors';
import { verdictWordOf } from '../../core/i18n/tell-job';
import { r } from './messages-report';
import { op } from '../../core/i18n/messages-opinion';
import { ss } from '../../core/i18n/messages-stays';
import { tellOutlook } from '../../core/i18n/tell-outlook';
import { instructionOf, shownAs, tellVerdict, verdictWord } from '../../core/session/history/verdict-now';
import type { Stays } from '../../core/session/pictures/what-stays';
import { staysMarkup } from '../../core/ui/stays-markup';
import type { CoverageFacts, ReportFacts, ReportedHistory, ReportedVerdict } from './facts';
import { bdi, cut, html, type Markup, plain } from '../../core/domain/files/markup';
import { pageFile } from '../../core/ui/page-file';
import { distancePlot, drawnPlaces } from './plot';
import type { Provenance } from './report-provenance';
import { REPORT_STYLE } from './style';

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
  const title = r.title({ camera: cut(source.camera.name, MOST_NAME) });
  return pageFile({
    lang: r.lang,
    title,
    version: provenance.version,
    style: REPORT_STYLE,
    content: html`<header>
        <h1>${bdi(title)}</h1>
        <p class="soft">${r.lead(facts, provenance.version)} ${r.span(facts)}</p>
      </header>
      ${verdict(facts)} ${staying(stays)} ${charts(facts)} ${highest(facts, pictures)} ${cleanings(facts)}
      ${calibration(facts)} ${coverage(facts)} ${failed(facts)} ${method(facts)}
      ${provenanceOf(facts, provenance)} ${summaries(facts)}`,
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

function verdict({ verdict, source, current }: ReportFacts): Markup {
  const { latest } = verdict;
  const told = tellOutlook(current, source.events, source.now);
  const age = latest ? source.now - latest.capturedAt : 0;
  return html`<section class="verdict" data-verdict="${shownAs(verdict)}" aria-labelledby="verdict">
    <h2 id="verdict">${r.verdict.title}: <b>${wordOf(verdict)}</b></h2>
    <p class="word">${instructionOf(verdict)}</p>
    <p class="sentence">${verdictSentence(verdict)} ${sinceSentence(verdict)}</p>
    ${paragraph(verdict.unshown ? hr.unshown(verdict.unshown) : '')} ${paragraph(told?.forecast ?? '')}
    ${latest === undefined ? null : html`<p class="soft">${r.verdict.newest({ at: latest.capturedAt })} ${age > 86_400_000 ? r.verdict.old({ age }) : ''} ${op.limits(latest, source.calibrations)}</p>`}
  </section>`;
}

function staying(stays: Stays | null): Markup | null {
  if (!stays?.own) return null;
  const lead = paragraph(ss.lead({ count: stays.own.count }), 'soft');
  return section('stays', ss.title, lead, staysMarkup(stays));
}

function wordOf(reported: ReportedVerdict): string {
  const isKnown = reported.blindness || (reported.latest && !reported.isDoubted);
  return isKnown ? verdictWord(reported) : t.verdict.words['not-checked'];
}

function verdictSentence(reported: ReportedVerdict): string {
  const { latest, blindness, run } = reported;
  if (latest) return tellVerdict({ ...reported, latest }, run);
  return blindness ? explain('detector-blind', blindness) : r.verdict.none;
}

function sinceSentence({ verdict, since, isOutdated }: ReportedVerdict): string {
  return since === null || isOutdated ? '' : r.verdict.since({ at: since, word: t.verdict.words[verdict] });
}

/** The settings that tell a history from the others, in a sentence. */
function settingsOf({ jobs }: ReportedHistory, { source, reference }: ReportFacts): string {
  const job = jobs[0];
  const { camera } = source;
  const settings = job ?? { ...camera, referenceId: reference?.id ?? '' };
  const model = source.models.find(({ sha256 }) => sha256 === settings.modelSha256)?.name;
  const version = judgingReference(settings, source.references)?.version ?? 0;
  const name = plain(cut(model ?? settings.modelSha256.slice(0, 12), MOST_NAME));
  return r.chart.settings({ model: name, reference: version, ...settings.detector });
}

function charts(facts: ReportFacts): Markup {
  const { histories } = facts;
  return section(
    'chart',
    r.chart.title,
    histories.map((history, i) => {
      const plot = distancePlot(history.jobs, facts.source.events, `plot-${i}`);
      const course = courseOf(history.jobs);
      const [scored, drawn] = [course.scored.length, drawnPlaces(course).length];
      const heading = history.isPresent ? r.chart.present : r.chart.earlier;
      return html`${histories.length > 1 ? html`<h3>${heading}</h3>` : null}
      ${
        plot
          ? html`<figure>
              <div class="plotted">${plot}</div>
              <figcaption>
                ${settingsOf(history, facts)} ${drawn < scored ? r.chart.thinned({ drawn, all: scored }) : ''}
                <a href="#summary-${i}">${r.chart.asTable}</a>.
              </figcaption>
            </figure>`
          : paragraph(r.chart.none)
      }`;
    }),
    paragraph(`${r.chart.legend} ${histories.length > 1 ? r.chart.own : ''}`, 'soft'),
    facts.historiesLeftOut > 0 ? paragraph(r.chart.leftOut({ count: facts.historiesLeftOut }), 'soft') : null,
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
  const list = (jobs: readonly CompletedJob[]) =>
    jobs.length === 0
      ? null
      : html`<ul class="pictures">
          ${jobs.map((job) => html`<li>${snapshot(job, facts, take(job.id))}</li>`)}
        </ul>`;
  return section(
    'highest',
    r.worst.title,
    facts.histories.map((history) => {
      const { worst, driftStarts, driftEvents, jobs } = history;
      if (jobs.length === 0) return html`<p>${r.worst.none}</p>`;
      return html`${facts.histories.length > 1 ? html`<p class="soft">${settingsOf(history, facts)}</p>` : null}
        ${worst.length > 0 ? html`<p class="soft">${r.worst.what}</p>` : html`<p>${r.worst.none}</p>`}
        ${list(worst)}
        <h3>${r.worst.drift}</h3>
        <p class="soft">${r.worst.driftEvents(driftEvents, driftStarts.length)}</p>
        ${list(driftStarts)}`;
    }),
  );
}

function snapshot(job: CompletedJob, facts: ReportFacts, picture: string | null | undefined): Markup {
  const name = cut(job.imageName, MOST_NAME);
  const verdict = verdictOf(job);
  const shown =
    typeof picture === 'string'
      ? html`<img src="${picture}" alt="${plain(r.worst.picture({ name }))}" />`
      : html`<p class="nothing">${picture === null ? r.worst.leftOut : r.worst.noPicture}</p>`;
  const reference = judgingReference(job, facts.source.references);
  const other = otherCamera(
    { ...job.properties, name: job.imageName },
    reference?.names ?? [],
    reference?.properties ?? [],
  );
  const turn = turnOf(job.glass);
  const findings = [
    ...(other ? [other] : []),
    ...(turn ? [{ kind: 'turned' as const, ...turn }] : []),
    ...unusualProperties(job.properties, reference?.properties ?? []),
  ].map((finding) => cut(op.finding(finding), MOST_TEXT));
  return html`<figure data-verdict="${verdict}">
    ${shown}
    <figcaption>
      <b>${bdi(name)}</b
      ><br />${utc(job.capturedAt)}${job.capturedAtSource === 'file-date' ? ` (${r.worst.guessed})` : ''}<br /><span
        class="tag"
        >${verdictWordOf(job)}</span
      >,
      ${r.worst.distance(job)}${findings.length > 0 ? html`<br />${r.worst.opinion} ${bdi(findings.join(' '))}` : null}
    </figcaption>
  </figure>`;
}

function cleanings(facts: ReportFacts): Markup {
  const { cleanings, cleaningsLeftOut, notes, notesLeftOut, source, current } = facts;
  const note = (text: string) => bdi(cut(text, MOST_TEXT));
  const remark = tellOutlook(current, source.events, source.now)?.remark ?? '';
  return section(
    'cleanings',
    r.cleanings.title,
    paragraph(remark),
    cleanings.length === 0
      ? paragraph(r.cleanings.none)
      : table(
          [r.cleanings.when, r.cleanings.report, r.cleanings.note],
          cleanings.map(
            (report) =>
              html`<th scope="row">${shortUtc(report.event.at)}</th>
                <td>${lg.report(report)}</td>
                <td>${note(report.event.note)}</td>`,
          ),
        ),
    cleaningsLeftOut > 0 ? paragraph(r.cleanings.leftOut({ count: cleaningsLeftOut }), 'soft') : null,
    notes.length === 0
      ? null
      : html`<h3>${r.cleanings.notes}</h3>
          ${table(
            [r.failed.when, r.cleanings.kind, r.cleanings.note],
            notes.map(
              (event) =>
                html`<th scope="row">${shortUtc(event.at)}</th>
                  <td>${lg.kinds[event.kind]}</td>
                  <td>${note(lg.said(event))}</td>`,
            ),
          )}`,
    notesLeftOut > 0 ? paragraph(r.cleanings.leftOut({ count: notesLeftOut }), 'soft') : null,
  );
}

function calibration({ source }: ReportFacts): Markup {
  const { camera, calibration, references } = source;
  const { warning, drift } = camera.thresholds;
  const { title } = r.calibration;
  if (!calibration) {
    return section(
      'calibration',
      title,
      paragraph(r.calibration.none({ warning: limit(warning), drift: limit(drift) })),
    );
  }
  const version = references.find(({ id }) => id === calibration.referenceId)?.version ?? 0;
  const { evidence } = calibration;
  const names = r.calibration.evidence;
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
              [names.dirtyDelay, String(evidence.dirtyDelay ?? r.calibration.never)],
            ] as [string, string][])),
      ]
    : [];
  return section(
    'calibration',
    title,
    paragraph(r.calibration.inForce(calibration, version)),
    calibration.isImported ? paragraph(r.calibration.imported) : null,
    facts.length > 0 ? definitions(facts) : null,
  );
}

function coverage({ reference, coverage }: ReportFacts): Markup {
  const { title } = r.coverage;
  if (!reference) return section('coverage', title, paragraph(r.coverage.none));
  const lead = r.coverage.lead({ version: reference.version, count: reference.embeddings.length });
  if (!coverage) return section('coverage', title, paragraph(`${lead} ${r.coverage.unknown}`));
  return section(
    'coverage',
    title,
    paragraph(`${lead} ${r.coverage.facts(coverage)}`),
    coverageTable(coverage),
    coverage.rowsLeftOut > 0 ? paragraph(r.coverage.leftOut({ count: coverage.rowsLeftOut }), 'soft') : null,
  );
}

function coverageTable({ rows, unit }: CoverageFacts): Markup {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return html`<table class="coverage">
    <thead>
      <tr>
        <th scope="col">${r.summary.units[unit]}</th>
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
  const { title, none, name, why, when, leftOut } = r.failed;
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
    r.method.title,
    r.method.sentences(detector, judgedBy).map((sentence) => html`<p>${sentence}</p>`),
    about === '' ? null : paragraph(about, 'soft'),
  );
}

function provenanceOf(facts: ReportFacts, provenance: Provenance): Markup {
  const { camera } = facts.source;
  const { detector, thresholds, persistence, transform } = camera;
  const names = r.provenance;
  const code = (text: string) => html`<code>${text}</code>`;
  const version = facts.reference?.version ?? 0;
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
      [names.transform, names.transformOf(transform)],
      [names.warmUp, names.warmUps[camera.warmUp]],
      [names.backend, names.backendOf(provenance)],
      [names.selfTest, names.selfTestOf(provenance)],
      [names.browser, cut(provenance.browser, MOST_TEXT)],
      [names.counts, names.countsOf(facts.counts)],
    ]),
    facts.reference
      ? html`<p class="soft">${names.recompute}</p>
          <p class="code">${recipe(version)}</p>`
      : null,
  );
}

/** How Python computes the hash of an exported reference; `referenceSha256` does the same. */
function recipe(version: number): string {
  return `import hashlib, numpy
z = numpy.load("reference-${String(version)}.npz")
names = "".join(n + "\\n" for n in z["names"])
print(hashlib.sha256(z["embeddings"].astype("<f4").tobytes() + names.encode()).hexdigest())`;
}

function summaries(facts: ReportFacts): Markup {
  return section(
    'summary',
    r.summary.title,
    paragraph(r.summary.flags),
    facts.histories.map((history, i) =>
      history.rows.length === 0
        ? html``
        : html`<table class="summary" id="summary-${i}">
              <caption>
                ${r.summary.caption({ settings: settingsOf(history, facts) })}
              </caption>
              <thead>
                <tr>
                  <th scope="col">${r.summary.units[history.unit]}</th>
                  <th scope="col" class="number">${r.summary.snapshots}</th>
                  <th scope="col" class="number">${r.summary.worst}</th>
                  <th scope="col">${r.summary.verdict}</th>
                  ${QARTOD_FLAGS.map((flag) => html`<th scope="col" class="number">${flag}<span class="hidden">${t.job.flags[flag].slice(1)}</span></th>`)}
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
                      <td>${t.verdict.words[row.worstVerdict]}</td>
                      ${QARTOD_FLAGS.map((flag) => html`<td class="number">${row.flags[flag]}</td>`)}
                    </tr> `,
                )}
              </tbody>
            </table>
            ${history.rowsLeftOut > 0 ? paragraph(r.summary.leftOut({ count: history.rowsLeftOut }), 'soft') : null}`,
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
