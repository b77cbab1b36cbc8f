import { blindnessOf } from '../../domain/drift/blindness';
import { cycleState, type CycleState } from '../../domain/camera/cycle';
import { followMinutes } from '../../browser/minutes.svelte';
import type { Blindness } from '../../domain/drift/detectors/detector';
import { seenNow } from '../../domain/camera/seen';
import { isAhead } from '../../domain/camera/time/clock';
import { upToNewest } from '../../domain/camera/time/freshness';
import { lastBreak, lastCleaning, type CameraEvent } from '../../domain/camera/event';
import type { CompletedJob } from '../../domain/camera/job';
import { conclusionOf, isAwaiting, isSetAside, verdictOf } from '../../domain/camera/verdict';
import { spokenOf, timesOf } from '../../domain/camera/spoken';
import { ENOUGH_CLEAN } from '../../domain/camera/reference-size';
import { NO_PERSISTENCE } from '../../domain/drift/persistence';
import type { DriftStatus } from '../../domain/drift/thresholds';
import { isOfNumbers } from '../../domain/model/numbers';
import { standingOnset } from '../../domain/usable/onset';
import { GLASS_MEMORY, MOST_MASKED, type GlassFacts } from '../../domain/glass/glass-facts';
import type { Conclusion } from '../../domain/glass/conclusion';
import { questionOf, type Asking, type Question } from './scene-question';
import { verdictWords } from '../../../words/verdict';
import { explain } from '../../i18n/failures';
import { numberSentence } from '../../i18n/verdict-words';
import { causeWord, headlineOf, verdictWordsOf } from '../../i18n/conclusion-words';
import { conclusionWords } from '../../../words/conclusion';
import { cycleSentence } from '../../i18n/cycle-words';
import { cycleWords } from '../../../words/cycle';
import { questionSentence } from '../../i18n/question-words';
import { questionWords } from '../../../words/question';

/** The chosen camera as the page has it; a session has it. */
type ChosenCamera = Pick<Session, 'cameras' | 'history' | 'scoring'>;
import { newestOf, silenceOf, type Silence } from '../silence';
import { learnedOf } from '../../domain/camera/time/reference-times';
import type { Session } from '../session.svelte';

/** The present verdict, and its reasons. */
export interface VerdictNow {
  readonly latest: CompletedJob | undefined;
  readonly verdict: DriftStatus | 'not-checked';
  /** cleaned, or given another view, since the newest snapshot: its verdict no longer holds */
  readonly isOutdated: boolean;
  readonly cleanedAt: number | null;
  /** the newest snapshot lies ahead of this device's clock: one of the two is wrong, so all may not be well */
  readonly isDoubted: boolean;
  /** why nothing can be detected; null if something can, and while an alarm stands */
  readonly blindness: Blindness | null;
  /**
   * conclusion on the newest snapshot that counts; null if growth and loss have no say, or only the learned distance
   * scored it
   */
  readonly conclusion: Conclusion | null;
  /** the camera has sent nothing for longer than usual; null if it has, and while an alarm stands */
  readonly silence: Silence | null;
  /** clean pictures that its reference lacks: until it has them there is no verdict; 0 if it has enough */
  readonly cleanMissing: number;
  /** null where cleanings begin no cycle, and before the first */
  readonly cycle: CycleState | null;
  /** the question that stands; null while none does */
  readonly question: Question | null;
}

/** A verdict as it stands: one that is old is no longer green. */
export type ShownVerdict = VerdictNow['verdict'] | 'silent';

export function shownAs({ silence, verdict }: Pick<VerdictNow, 'silence' | 'verdict'>): ShownVerdict {
  return silence ? 'silent' : verdict;
}

/** The same as it is drawn: a question takes the place of the verdict. */
export function drawnAs(now: Pick<VerdictNow, 'silence' | 'verdict' | 'question'>): ShownVerdict | 'asking' {
  return now.question?.isAlone ? 'asking' : shownAs(now);
}

/**
 * @param latest - the newest job of the history that the camera goes on with
 * @param events - of its camera
 * @param now - milliseconds since 1970
 * @param sight - why the camera's present settings can tell nothing; null when they can
 * @param silence - of the camera, see `silenceOf`
 * @param missing - clean pictures that the reference in force lacks
 * @param cycle - how far the camera's present cycle has come
 * @param asking - null where nobody is there to be asked
 */
export function verdictNow(
  latest: CompletedJob | undefined,
  events: readonly CameraEvent[],
  now: number,
  sight: Blindness | null = null,
  silence: Silence | null = null,
  missing = latest?.cleanMissing ?? 0,
  cycle: CycleState | null = null,
  asking: Asking | null = null,
): VerdictNow {
  const cleanedAt = lastCleaning(events, now);
  if (missing > 0) return untaught(latest, cleanedAt, missing);
  const brokenAt = lastBreak(events, now);
  const isOutdated = latest !== undefined && brokenAt !== null && brokenAt > latest.capturedAt;
  const said = latest ? (isOutdated ? 'warming-up' : verdictOf(latest)) : 'not-checked';
  // An alarm stands, even if the clock or the settings are wrong.
  const blindness = isPressing(said) || latest?.glass ? null : (sight ?? latest?.blindness ?? null);
  const isDoubted = latest !== undefined && isAhead(latest.capturedAt, now) && !isPressing(said);
  const verdict = blindness || isDoubted ? 'not-checked' : said;
  const isConcluded = latest !== undefined && (Boolean(latest.glass) || isAwaiting(latest));
  const conclusion = isConcluded && !isOutdated && !isDoubted ? conclusionOf(latest) : null;
  const isSilent = latest !== undefined && !isDoubted && !isPressing(said);
  const facts = { latest, verdict, isOutdated, cleanedAt, isDoubted, blindness, conclusion, cycle };
  const silent = isSilent ? silence : null;
  const isAsked = asking && conclusion && !silent;
  const question = isAsked ? questionOf(latest!, conclusion, events, asking) : null;
  return { ...facts, cleanMissing: 0, silence: silent, question };
}

/** No verdict, whatever was said before its reference was found too small. */
function untaught(
  latest: CompletedJob | undefined,
  cleanedAt: number | null,
  cleanMissing: number,
): VerdictNow {
  return {
    ...{ latest, cleanedAt, cleanMissing, verdict: 'not-checked', isOutdated: false, isDoubted: false },
    ...{ blindness: null, conclusion: null, silence: null, cycle: null, question: null },
  };
}

/**
 * The events that the verdict knows of. While an old history is scored, its newest snapshot gets the verdict of that
 * time, without a cleaning a week later.
 *
 * @param latest - that the verdict is about
 */
function eventsThen(
  latest: CompletedJob | undefined,
  { cameras, scoring }: ChosenCamera,
): readonly CameraEvent[] {
  const { events } = cameras;
  const { batchSince } = scoring.batches;
  if (!latest || batchSince === null || latest.createdAt < batchSince) return events;
  return events.filter(({ at }) => at <= latest.capturedAt);
}

/** True if a job says nothing of the lens, so that the verdict before it stands: another view, or the dark. */
function isMuted(job: CompletedJob): boolean {
  if (!isSetAside(job)) return false;
  const { code } = conclusionOf(job);
  return code === 'elsewhere' || code === 'too-dark';
}

/** The newest snapshots that do not count, and why; null when the newest of all does. */
export function uncountedOf(
  jobs: readonly CompletedJob[],
): { readonly count: number; readonly why: 'dark' | 'elsewhere' } | null {
  const count = jobs.length - 1 - jobs.findLastIndex((job) => !isMuted(job));
  if (count === 0) return null;
  return { count, why: jobs.at(-1)?.glass?.isDark ? 'dark' : 'elsewhere' };
}

/**
 * The jobs of one history that the verdict is about, up to the newest one that counts: all that say something of the
 * lens.
 *
 * @param all - in capture order
 * @param events - of their camera
 */
export function tellingOf(
  all: readonly CompletedJob[],
  events: readonly CameraEvent[],
  now: number,
): readonly CompletedJob[] {
  let told = saying.get(all);
  if (!told) {
    told = all.filter((job) => !isMuted(job));
    saying.set(all, told);
  }
  return upToNewest(told.length > 0 ? told : all, events, now);
}

/** Those of a history that say something of the lens: many ask for one history. */
const saying = new WeakMap<readonly CompletedJob[], readonly CompletedJob[]>();

/** True if a verdict is an alarm. */
export function isPressing(verdict: VerdictNow['verdict']): boolean {
  return verdict === 'warning' || verdict === 'drift';
}

/** True if an alarm stands: a question that nobody has answered is none. */
export function isAlarm({ verdict, question }: Pick<VerdictNow, 'verdict' | 'question'>): boolean {
  return isPressing(verdict) && !question?.isAlone;
}

/** True if a diver is wanted: drift that is on the glass, and no other view, or a cleaning that did not help. */
export function needsCleaning({ verdict, conclusion }: Pick<VerdictNow, 'verdict' | 'conclusion'>): boolean {
  if (conclusion?.code === 'not-clean') return isPressing(verdict);
  return verdict === 'drift' && conclusion?.speaker !== 'view';
}

/** The state of the chosen camera, computed again twice a minute while it is read. */
export function standingNow(shown: ChosenCamera) {
  followMinutes();
  const { cameras, history } = shown;
  const { chosen: camera, reference, telling: all } = cameras;
  const blindness = camera && reference && blindnessOf(reference.embeddings, camera);
  const at = cameras.clock();
  const jobs = tellingOf(all, cameras.events, at);
  const events = eventsThen(jobs.at(-1), shown);
  const learned = learnedOf(reference);
  const news = { jobs: history.jobs, learned };
  const silence = camera && silenceOf(news, camera, at);
  const cycle = camera && cycleState(camera, events, cameras.references, jobs);
  const asking = camera && { jobs: all, camera, reference };
  const now = verdictNow(jobs.at(-1), events, at, blindness, silence, learned.missing, cycle, asking);
  const seen = seenNow(cameras.events, jobs, at);
  return {
    all,
    jobs,
    now,
    run: runOf(jobs, now.verdict, cameras.events),
    seen,
    newestAt: newestOf(news, at),
  };
}

/** Number of newest snapshots in a row with this verdict. */
function lastingOf(jobs: readonly CompletedJob[], verdict: VerdictNow['verdict']): number {
  return jobs.length - 1 - jobs.findLastIndex((job) => verdictOf(job) !== verdict);
}

/** Filled share of the lamp's ring, 0..1: it is closed at the drift limit. */
export function filledBy({ latest, isOutdated, blindness }: VerdictNow): number {
  const spoken = latest && !isOutdated && !blindness ? spokenOf(latest) : null;
  return spoken ? Math.min(1, Math.max(0, timesOf(spoken))) : 0;
}

/** The first window after a cleaning, while it fills and nothing else is to be said; null where it does not. */
function fillingOf({ verdict, cycle }: Pick<VerdictNow, 'verdict' | 'cycle'>) {
  return verdict === 'warming-up' && cycle?.kind === 'filling' ? cycle : null;
}

/** The pictures, or rows, that the first window lacks. */
function toGo({ latest, verdict, isOutdated, cycle }: VerdictNow): string {
  const { windowFill = 0, detector } = latest ?? {};
  const fill = isOutdated ? 0 : windowFill;
  const left = fillingOf({ verdict, cycle })?.left ?? Math.max(1, (detector?.windowSize ?? 0) - fill);
  return (isOfNumbers(latest) ? verdictWords.sensor : verdictWords).toGo({ left });
}

/** The action, or the state of the lens, in a few words. */
export function instructionOf(now: VerdictNow): string {
  const { latest, verdict, blindness, conclusion, silence, cleanMissing: missing, question } = now;
  if (question?.isAlone) return questionWords.short;
  if (missing > 0) return verdictWords.needsClean.instruction({ missing });
  if (silence) return silence.isNews ? conclusionWords.silent.instruction : conclusionWords.silent.notCurrent;
  if (blindness) return verdictWords.cantTell.instruction;
  if (fillingOf(now)) return toGo(now);
  const headline = conclusion && headlineOf(conclusion.code, conclusion.level);
  if (headline) return headline;
  return verdict === 'warming-up' ? toGo(now) : verdictWordsOf(latest).instruction[verdict];
}

export function verdictWord(now: VerdictNow): string {
  const {
    latest,
    verdict,
    isOutdated,
    isDoubted,
    blindness,
    conclusion,
    silence,
    cleanMissing: missing,
  } = now;
  if (missing > 0) return verdictWords.needsClean.word;
  if (silence) return silence.isNews ? conclusionWords.silent.word : conclusionWords.silent.old;
  if (blindness) return verdictWords.cantTell.word;
  if (!latest) return verdictWords.none;
  if (isDoubted) return verdictWords.words[verdict];
  if (fillingOf(now)) return toGo(now);
  const { windowSize } = latest.detector;
  if (isOutdated) return verdictWords.warmingUp({ fill: 0, windowSize });
  if (conclusion && conclusion.code !== 'warming-up') return causeWord(conclusion.code, conclusion.level);
  if (latest.distance === null) return verdictWords.warmingUp({ fill: latest.windowFill, windowSize });
  return verdictWordsOf(latest).words[verdict];
}

/** Facts about the history that a verdict stands in. */
export interface VerdictRun {
  /** number of its newest snapshots in a row with this verdict */
  readonly lasting: number;
  /** capture time of the first of them; of drift, of the snapshot that raised the alarm. Null without any */
  readonly since: number | null;
  /** about when the dirt began that the alarm is about; null while no alarm stands */
  readonly began: number | null;
}

/** @param jobs - that the verdict is about, in capture order */
export function runOf(
  jobs: readonly CompletedJob[],
  verdict: VerdictNow['verdict'],
  events: readonly CameraEvent[],
): VerdictRun {
  const onset = isPressing(verdict) ? standingOnset(jobs, events) : null;
  const lasting = lastingOf(jobs, verdict);
  const first = jobs[jobs.length - lasting]?.capturedAt ?? null;
  const since = verdict === 'drift' ? (onset?.alarmAt ?? first) : first;
  return { lasting, since, began: onset?.at ?? null };
}

/** A conclusion in words, and the number that it rests on if that is not the conclusion itself. */
export interface VerdictWords {
  readonly conclusion: string;
  readonly number: string | null;
}

/** The cause, the number, the limit and the action, for a camera that has a snapshot. */
export function tellVerdict(now: VerdictNow & { readonly latest: CompletedJob }, run: VerdictRun): string {
  const { conclusion, number } = partsOf(now, run);
  const parts = [conclusion, number ?? '', now.silence ? '' : cycleSentence(now.cycle)];
  return parts.filter((part) => part !== '').join(' ');
}

/** The same in two parts, without how far the cycle has come. */
export function partsOf(now: VerdictNow & { readonly latest: CompletedJob }, run: VerdictRun): VerdictWords {
  const { latest, verdict, isOutdated, isDoubted, blindness, conclusion, silence, question } = now;
  const alone = (sentence: string): VerdictWords => ({ conclusion: sentence, number: null });
  if (now.cleanMissing > 0) return alone(untaughtSentence(now));
  if (silence) return alone(tellSilence(now, silence));
  if (blindness) return alone(explain('detector-blind', blindness));
  if (isDoubted) return alone(verdictWords.clockDoubted({ newest: latest.capturedAt }));
  if (fillingOf(now)) return alone(cleanedSince(now) + cycleWords.filling);
  const { windowFill, detector } = latest;
  const { warmingUpSentence } = isOfNumbers(latest) ? verdictWords.sensor : verdictWords;
  if (isOutdated) {
    return alone(cleanedSince(now) + warmingUpSentence({ missing: detector.windowSize }));
  }
  if (question?.isAlone) return alone(questionSentence(question));
  const spoken = spokenOf(latest);
  const cause = conclusion ? causeOf(latest, conclusion, run) : null;
  const isSilent = spoken === null || conclusion?.level === 'unknown' || conclusion?.speaker === 'view';
  if (isSilent) return alone(cause ?? warmingUpSentence({ missing: detector.windowSize - windowFill }));
  const { persistence = NO_PERSISTENCE } = latest;
  const status = verdict === 'not-checked' ? 'normal' : verdict;
  // Its distance is that of the changed place too, which is no drift however far it is above the limit.
  if (cause !== null && conclusion?.code === 'changed') return alone(cause);
  const number = numberSentence(status, { ...latest, ...spoken, persistence }, run.lasting);
  // Nothing is raised yet, and nothing is below its limit either.
  const isPending = conclusion?.level === 'normal' && spoken.distance > spoken.thresholds.warning;
  if (isPending) return alone(number + (latest.glass ? besideAny(latest.glass, conclusion) : ''));
  return cause === null ? alone(number) : { conclusion: cause, number };
}

/** The clean pictures that are there, of those that a verdict needs. */
export function untaughtSentence({ cleanMissing: missing }: Pick<VerdictNow, 'cleanMissing'>): string {
  return verdictWords.needsClean.sentence({ count: ENOUGH_CLEAN - missing, enough: ENOUGH_CLEAN });
}

/** The verdict on the newest snapshot when it came; later events don't change it. */
export function instructionThen({ latest, blindness }: VerdictNow): string {
  return instructionOf(verdictNow(latest, [], latest?.capturedAt ?? 0, blindness));
}

/** Says when the lens was cleaned, if no snapshot has come since. */
function cleanedSince({ latest, cleanedAt }: VerdictNow): string {
  const isSince = latest !== undefined && cleanedAt !== null && cleanedAt > latest.capturedAt;
  return isSince ? verdictWords.cleanedSince({ at: cleanedAt }) : '';
}

/** The last verdict of a camera that is silent now, and the things to check. */
function tellSilence(now: VerdictNow, { newestAt, usualStep, isNews }: Silence): string {
  const last = cleanedSince(now) + conclusionWords.silent.last({ at: newestAt, word: instructionThen(now) });
  if (!isNews) return last;
  const usual = usualStep === null ? '' : ` ${conclusionWords.silent.usual({ step: usualStep })}`;
  return `${last}${usual} ${conclusionWords.silent.help}`;
}

/** The cause on the newest snapshot's glass, or why that can't be told; null if growth and loss have no say. */
export function causeOf(
  { glass }: CompletedJob,
  conclusion: Conclusion,
  { began }: Pick<VerdictRun, 'began'>,
): string | null {
  const { code } = conclusion;
  if (code === 'awaiting') return conclusionWords.causes.awaiting;
  if (!glass || code === 'few-clean') return null;
  const beside = besideAny(glass, conclusion);
  switch (code) {
    case 'growth':
      return growthSentence(glass, began) + beside;
    case 'changed':
      return conclusionWords.causes.changed({ isRestClear: isRestClear(glass) }) + beside;
    case 'fouled':
      return conclusionWords.causes[code]({ isMasked: (glass.masked ?? 0) >= MOST_MASKED }) + beside;
    case 'covered-or-elsewhere':
      return conclusionWords.causes[code](rowOf(glass));
    case 'moved':
      return conclusionWords.causes[code](rowOf(glass)) + notCleanBefore(glass);
    case 'murky':
      return unseenSentence(glass, conclusion) + beside;
    case 'warming-up':
    case 'not-checked':
      return null;
    default:
      return conclusionWords.causes[code] + beside;
  }
}

/** Sentences that stand beside any verdict: on murky water, and on what is left out. */
function besideAny(glass: GlassFacts, { code, isMurky }: Conclusion): string {
  const murky =
    isMurky && code !== 'murky' ? ` ${conclusionWords.murkyBeside({ visible: glass.visible ?? 0 })}` : '';
  const masked = maskedSentence(glass);
  return masked === null ? murky : `${murky} ${masked}`;
}

/** A smaller share of the picture that is left out is not told: a caption is often as large. */
const LEAST_MASKED = 0.05;

/** How much of the picture the verdict leaves out; null where it is not worth telling. */
export function maskedSentence({ masked = 0 }: Pick<GlassFacts, 'masked'>): string | null {
  return masked < LEAST_MASKED ? null : conclusionWords.maskedBeside({ masked });
}

function growthSentence({ cover, thickest }: GlassFacts, began: number | null): string {
  const { growth, growthSince } = conclusionWords.causes;
  const facts = { cover, place: thickest ?? '' };
  return began === null ? growth(facts) : growthSince({ ...facts, began });
}

function isRestClear({ changed }: GlassFacts): boolean {
  const rest = changed?.rest;
  return rest?.growth.driftStatus === 'normal' && rest.loss.driftStatus === 'normal';
}

/** Says that dirt stood when the snapshots of another view began; empty if none did. */
export function notCleanBefore({ standing = 'normal' }: GlassFacts): string {
  return standing === 'normal' ? '' : ` ${conclusionWords.notCleanBefore}`;
}

function unseenSentence({ unseenSince }: GlassFacts, { level }: Conclusion): string {
  const isSaid = level === 'warning' && unseenSince !== undefined;
  return isSaid ? conclusionWords.unseen.cause({ at: unseenSince }) : conclusionWords.causes.murky;
}

/** How many snapshots in a row were set aside, and whether there may be more than are remembered. */
export function rowOf({ view }: GlassFacts): { readonly count: number; readonly hasMore: boolean } {
  return { count: view.asideInARow, hasMore: view.asideInARow >= GLASS_MEMORY };
}

/** The evidence for a conclusion; null for a learned distance alone. */
export function basisOf({ latest, conclusion }: Pick<VerdictNow, 'latest' | 'conclusion'>): string | null {
  if (!latest?.glass || !conclusion || conclusion.restsOn.length === 0) return null;
  const who = conclusion.restsOn.map((speaker) => conclusionWords.basis[speaker]);
  return conclusionWords.basis.restsOn({ who });
}

/** The present verdict in words, in two parts, also for a camera without a checked snapshot. */
export function told(now: VerdictNow, run: VerdictRun, shown: ChosenCamera): VerdictWords {
  const { cameras, history, scoring } = shown;
  const { judgingModels } = cameras;
  const { latest, blindness } = now;
  if (latest) return partsOf({ ...now, latest }, run);
  const alone = (conclusion: string): VerdictWords => ({ conclusion, number: null });
  if (now.cleanMissing > 0) return alone(untaughtSentence(now));
  if (blindness) return alone(explain('detector-blind', blindness));
  const model = judgingModels.length > 1 ? judgingModels.at(-1) : undefined;
  const hasJudged = history.present.some(({ jobStatus }) => jobStatus === 'Completed');
  if (model && !hasJudged) return alone(verdictWords.noneOfModel({ name: model.name }));
  return alone(scoring.batches.isWorking ? verdictWords.firstBatch : verdictWords.noneSentence);
}
