import type { Blindness } from '../domain/blindness';
import type { ConfigNotice } from '../domain/config-toml';
import type { ErrorCode } from '../domain/errors';
import type { DriftStatus } from '../domain/thresholds';
import type { CalibrationEvidence } from '../domain/calibration';
import type { CleaningReport } from '../domain/cleaning';
import type { CameraEvent, CaptureTimeSource, CompletedJob } from '../domain/job';
import { lowerLineOf, NO_PERSISTENCE } from '../domain/persistence';
import type { JobAxis } from '../domain/job-axes';
import { bytes, counted, duration, limit, threeDigits, utc, utcInEnglish } from './format';
import type { Widened } from './language';
import type { BackendReason } from '../encoder/pool';
import type { QartodFlag } from '../domain/qartod';
import type { MatchProblem } from '../domain/match-files';
import type { Summary } from '../domain/summary';
import type { LeftOut } from './reference-builder';

/** What is wrong and what to do, by why a detector can't tell. */
const BLINDNESS: Record<Blindness, string> = {
  saturated:
    'sigma is so large that all snapshots look alike, dirty ones too. Choose a smaller one under Calibrate, at Bandwidth.',
  empty:
    'sigma is so small that no two snapshots look alike, and even a dirty lens gives a distance of about 0. Choose a larger one under Calibrate, at Bandwidth.',
  'no-spread':
    'all snapshots of the reference give the same embedding, so there is nothing to compare with. Build a reference of different clean snapshots.',
  'out-of-reach':
    'no distance to this reference can exceed the drift limit. Choose a lower one, or calibrate the limits.',
};

/** Sentences for what a person can act on: what happened, what is safe, what to do. */
const errors: Record<ErrorCode, (detail: string) => string> = {
  'file-unreadable': () =>
    'The file could not be read any more: it was moved, changed or deleted, or its card was taken out. Drop it again.',
  'empty-file': () => 'The file is empty. Copy it again from the camera.',
  'file-too-large': (size) =>
    `The file is too large for what it should be (${size}), so it was not opened. Nothing else was changed.`,
  'not-an-image': () => 'This file is not a picture we can read.',
  'image-damaged': () => 'The picture is damaged or cut off. Copy it again from the camera.',
  'image-too-large': (size) => `The picture is too large to open safely (${size} pixels).`,
  'image-too-small': () => 'The picture has no pixels.',
  'worker-lost': () => 'Reading this file stopped the encoder twice, so it was set aside.',
  'entry-damaged': () => 'It could not be taken out of its zip file. Pack it again, or drop it by itself.',
  'clock-ahead': () =>
    'The file states a time that has not come yet, so it was set aside: it is in no verdict. Nothing is lost. The Monitor says how to set the time right; then give the file again.',
  'clock-impossible': () =>
    'The file states a time at which it can’t have been taken, as cameras do whose clock was reset, so it was set aside: it is in no verdict. Nothing is lost. The Monitor says how to set the time right; then give the file again.',
  'model-not-onnx': (why) =>
    `That file is not an ONNX model we can read${why ? ` (${why})` : ''}. Nothing was changed. Export the model again as one .onnx file.`,
  'model-external-data': () =>
    'That model keeps its weights in a second file. Nothing was changed. Save it as a single .onnx file, with the weights inside.',
  'model-input': (found) =>
    `That model does not take pictures: it needs one float32 input of shape [N, 3, height, width]. It has ${found}. Nothing was changed.`,
  'model-no-embedding': (found) =>
    `No output of that model looks like an embedding, one list of numbers for each picture. It has ${found}. Nothing was changed.`,
  'model-endless': (seconds) =>
    `The model did not finish with one small picture within ${seconds} s, so it was stopped: it may hold a loop without an end, or be far too slow for this device. Nothing was changed. Use another model, or try it on a faster device.`,
  'model-set-aside': (name) =>
    `The model ${name} took too long here before, so it is not opened by itself any more. What was scored is safe, and cameras with other models go on. Under Settings, Models, it can be tried again.`,
  'model-operators': (operator) =>
    `This browser’s ONNX Runtime can’t run that model: ${operator}. Nothing was changed. Export it with operators of opset 17 or older.`,
  'model-not-trainable': (what) =>
    `Porthole can’t train through ${what}, which that model has. Nothing was changed; the model can be used as it is.`,
  'model-not-adaptable': (name) =>
    `The model ${name} does not say which of its parts can be exchanged, so it can’t be fitted to a camera. Nothing was changed. Measure limits that suit the camera under Calibrate, or set the camera up anew with another model.`,
  'adaptation-too-few': (given) =>
    `That is too little to adapt a model: ${given} can be used, and it takes 60 or more clean snapshots, spread over at least 3 days so that half of them are not of the newest. Nothing was changed.`,
  'training-diverged': (step) =>
    `The training lost its way at step ${step}: its numbers are not finite any more. The best version before it is kept, and the camera keeps its model. Discard the training and begin again.`,
  'model-checksum': (name) =>
    `The file of model ${name} is not the one its manifest describes, so it is not used. Reload the page, or add the model again.`,
  'model-missing': (name) =>
    `This device does not have the model ${name} that the camera was set up with. What was scored is safe. Drop its .onnx file on the page to go on.`,
  'model-manifest': (where) => `The description of the model can’t be used: ${where}. Nothing was changed.`,
  'self-test': (difference) =>
    `The self-test failed: the built-in picture gave another embedding than it must (${difference}). No verdict is shown, because it could be wrong. Choose another browser or device; what was scored before is safe.`,
  'no-backend': (why) =>
    `ONNX Runtime can’t start here (${why}). Nothing stored is lost. A current Chrome, Edge, Firefox or Safari runs it.`,
  'reference-too-small': (count) =>
    `A reference needs at least two clean snapshots, better forty over several days; ${count || '0'} are left. Nothing was changed. Add more clean snapshots.`,
  'embedding-length': (lengths) =>
    `The embeddings are of another length than the model’s (${lengths}): they were made by another model. Nothing was changed.`,
  'embedding-not-finite': (where) =>
    `An embedding holds a number that is not finite${where ? ` (${where})` : ''}. It was not counted.`,
  'detector-settings': (why) => `The detector can’t work with these settings: ${why}. Nothing was changed.`,
  'detector-blind': (why) =>
    `Nothing can be told with these settings: ${BLINDNESS[why as Blindness]} Everything stored is safe.`,
  'not-fitted': () => 'The detector has no reference yet. Build one first.',
  'config-syntax': (where) =>
    `The configuration is not valid TOML: ${where}. Nothing was changed. Correct it and drop it again.`,
  'config-value': (what) =>
    `The configuration can’t be used: ${what}. Nothing was changed. Correct it and drop it again.`,
  'config-newer': (format) =>
    `A newer Porthole wrote this configuration (format ${format}). Nothing was changed. Reload this page to get the newest version, then drop it again.`,
  'npy-format': (why) => `That file is not a NumPy array we can read (${why}). Nothing was changed.`,
  'npy-pickle': (name) =>
    `${name || 'That file'} is a Python pickle, which can run code when it is opened, so it is refused. Convert it in Python: numpy.save("reference.npy", torch.load("reference.pth").detach().cpu().numpy()), then drop reference.npy here.`,
  'npy-shape': (why) => `Embeddings must have the shape (n, d) or (n, 1, d): ${why}. Nothing was changed.`,
  'file-too-slow': (name) =>
    `It takes too long to read ${name}, so it was given up and nothing was changed. A file that Porthole or numpy wrote is read in seconds.`,
  'disk-full': () =>
    'The device has no room left. Everything scored so far is safe; the rest was not checked. Free some space, then drop the same files again: those already scored are skipped.',
  'embeddings-lost': () =>
    'Embeddings of some snapshots are missing from storage, so this history can’t be judged anew. The results stand as they are.',
  'storage-failed': () =>
    'The browser could not store the results. Everything stored before is safe; the rest was not checked. Reload the page and drop the same files again.',
  'storage-blocked': () =>
    'An older version of Porthole is open in another tab. Close that tab, then reload this one.',
  'storage-refused': () =>
    'This browser lets the page store nothing: the window is private, or site data are blocked for this address. Open Porthole in an ordinary window, or allow its site data, and reload.',
  'storage-newer': () =>
    'A newer Porthole has been at work in this browser, and this is an older one, which can’t read what it keeps. Everything stored is safe, and nothing was changed. Get the newest version; if this stays, close all other tabs of Porthole and reload with a network.',
  'not-the-writer': () =>
    'Porthole is at work in another tab, so this one only shows. Use that tab, or close it.',
  busy: () =>
    'Porthole is at work on another batch, so nothing was changed. Wait until it is done, or cancel it.',
  'worker-ended': () =>
    'The browser ended a part of Porthole that was at work, most often for want of memory. Everything stored is safe. Close other tabs, then try again.',
  unexpected: (what) =>
    `Something unexpected stopped this (${what}). What was scored is safe. Reload the page and try again.`,
  address: (why) =>
    `That is no address we can use: ${why}. Nothing was changed. Give DriftWatch’s API root, such as https://drift-watch.cloud.ai4eosc.eu/api/v1, or a path of this page’s own host, such as /driftwatch.`,
  offline: () =>
    'This device is offline. Everything is safe here, and is sent by itself when the network is back.',
  'no-answer': (host) =>
    `${host} did not answer. Everything is safe here, and what waits is sent by itself when it answers. Check the address, the network and any ad blocker.`,
  'timed-out': (host) =>
    `${host} took too long to answer. Everything is safe here; what may have arrived is looked up before it is sent again.`,
  'cors-blocked': (host) =>
    `${host} answers, but does not let pages of this address read its answers (CORS). Everything is safe here. Test the connection: three ways out are shown with it.`,
  'wrong-base-path': () =>
    'Something answers at that address, but it is not DriftWatch’s API, or it sends elsewhere. Nothing was sent. A full address usually begins with https:// and ends with /api/v1; a path of this page’s own host, such as /driftwatch, does not.',
  'answer-unreadable': (why) =>
    `The answer could not be understood${why ? ` (${why})` : ''}. Nothing here was changed; it is looked up before anything is sent again.`,
  'remote-id': () =>
    'An experiment or record has an id that DriftWatch does not give, so nothing was sent to it. Everything is safe here. Choose the camera’s experiment again.',
  'server-busy': (seconds) =>
    `The service asks to wait${seconds ? ` ${seconds} s` : ''}. Everything is safe here and is tried again by itself.`,
  'server-failed': (status) =>
    `The service failed (HTTP ${status || '5xx'}). Everything is safe here and is tried again by itself.`,
  'gateway-failed': (status) =>
    `The address answers, but the service behind it does not (HTTP ${status}). Everything is safe here and is tried again by itself.`,
  'token-missing': () => 'No token was given since this page was opened. Give a mytoken to go on.',
  'token-locked': () => 'The kept mytoken is locked. Give its passphrase to go on.',
  'token-refused': (why) =>
    `DriftWatch refused the token${why ? ` (${why})` : ''}, and a new one too. Everything is safe here. The login provider may be out of order; else give another mytoken.`,
  'not-registered': () => 'You are not registered with DriftWatch yet. Accept its terms to go on.',
  'email-unverified': () =>
    'DriftWatch wants a verified e-mail address. Verify yours at your login provider, then test the connection again.',
  'no-platform-access': () =>
    'This account has no access to the AI4EOSC platform yet. Ask for it at the platform, then accept the terms again.',
  'not-permitted': (why) =>
    `This account may not do that there${why ? ` (${why.replace(/\.$/, '')})` : ''}. Everything is safe here. Ask the experiment’s owner to give your DriftWatch id the level Edit.`,
  'experiment-missing': () =>
    'The experiment does not exist there any more. Everything is safe here. Choose another one, or create it again.',
  'record-missing': () =>
    'The record was deleted there. The job is safe here. Send it again if it should be there.',
  'name-taken': () => 'There is an experiment of that name that you may not use. Choose another name.',
  'record-refused': (why) =>
    `DriftWatch refused the record (${why}). The job is safe here. Correct the tags or the model, then try again.`,
  'record-poison': (status) =>
    `DriftWatch fails on this record (HTTP ${status || '5xx'}) while it takes others, so it was set aside. The job is safe here.`,
  'record-changed': () => 'The record there was changed after it was sent. The job here is as it was.',
  'record-differs': () =>
    'A record of this job is there already, it says something else, and this device did not send it. It was left as it is, and nothing was sent beside it. The job here is as it was.',
  'mytoken-no-answer': (host) =>
    `The mytoken server ${host} did not answer; it also looks like this when it was asked too often. Everything is safe here, and what waits is sent by itself when it answers.`,
  'mytoken-refused': (why) =>
    `The mytoken was refused${why ? ` (${why})` : ''}: it is wrong, expired or revoked. Everything is safe here. Give a new one.`,
  'mytoken-restricted': (why) =>
    `The mytoken does not allow this${why ? ` (${why})` : ''}. Everything is safe here. Make one that may obtain access tokens, and has uses left.`,
  'mytoken-failed': (why) =>
    `The mytoken server failed${why ? ` (${why})` : ''}. Everything is safe here and is tried again by itself.`,
  'transfer-code': () =>
    'The transfer code was not accepted: codes are for one use and a few minutes. Make a new one.',
  passphrase: () => 'That is not the passphrase. The token stays locked; nothing was changed.',
  'no-web-crypto': () =>
    'This page came over plain http, where browsers lend no cryptography, so a token can’t be kept. It works for this visit.',
  'fetch-failed': (path) =>
    `${path} could not be fetched. Everything stored is safe. Check the connection, then try again.`,
};

/** Every sentence that a person can see, in English; see docs/languages.md. */
const english = {
  errors,
  /** of a failure, which is stored and sent in English */
  detail: (text: string): string => text,
  app: {
    name: 'Porthole',
    tagline: 'Does the camera still see clearly?',
    places: {
      monitor: 'Monitor',
      reference: 'Reference',
      calibrate: 'Calibrate',
      jobs: 'Jobs',
      driftwatch: 'DriftWatch',
      settings: 'Settings',
    },
    navigation: 'Places',
    left: {
      nothing: 'Nothing has left this device',
      'no-result': 'No result has left this device',
      some: (count: number, waiting: number) =>
        (count > 0
          ? `${counted(count, 'result')} sent to DriftWatch, no picture`
          : 'Results were sent to DriftWatch, no picture') + (waiting > 0 ? `; ${waiting} waiting` : ''),
    },
    held: {
      explain: (reason: string) => `Nothing is sent to DriftWatch now: ${reason}`,
      open: 'Open DriftWatch',
    },
    camera: 'Camera',
    newCamera: 'New camera…',
    noCamera: 'No camera is set up. Build a reference first.',
    skip: 'Skip to the content',
    dropHere: 'Drop to check these snapshots',
    dropForReference: 'Drop to add these files to the reference',
    dropForCalibration: 'Drop to add these snapshots as known-clean ones',
    dropHint: 'Drop snapshots or a folder anywhere on this page, or',
    chooseFiles: 'choose files',
    chooseFolder: 'choose a folder',
    or: 'or',
    dismiss: 'Dismiss',
    close: 'Close',
    outdated:
      'Porthole was updated, or its storage was closed, in another tab. Reload this page to go on; nothing is lost.',
    reload: 'Reload',
    onlooker: 'Porthole is at work in another tab. This one follows it and writes nothing.',
    ignored: (names: readonly string[]) =>
      `${counted(names.length, 'file')} left alone, not ${names.length === 1 ? 'a snapshot' : 'snapshots'}: ${list(names)}.`,
    opening: 'Opening…',
    unreadable: (names: readonly string[]) =>
      `${counted(names.length, 'file or folder', 'files or folders')} could not be opened: ${list(names)}. The others were taken.`,
  },
  welcome: {
    title: 'Does your underwater camera still see clearly?',
    lead: 'Porthole compares its newest snapshots with clean ones and tells you when the lens needs cleaning. Everything is computed in this browser; pictures never leave the device.',
    demo: 'Try the demo camera',
    demoHint: 'A reef that we drew: weeks of snapshots in which the lens fouls and is cleaned.',
    fetching: 'Fetching the demo…',
    setUp: 'Set up my camera',
    setUpHint: 'You need some snapshots taken while the lens was clean, or the tutorial’s config.toml.',
    openExport: 'Open an export from another laptop',
  },
  verdict: {
    label: 'Verdict',
    words: {
      'warming-up': 'warming up',
      normal: 'normal',
      warning: 'warning',
      drift: 'drift',
      'not-checked': 'not checked',
    } satisfies Record<DriftStatus | 'not-checked', string>,
    instruction: {
      'warming-up': 'Warming up',
      normal: 'Lens is clear',
      warning: 'Keep an eye on it',
      drift: 'Clean the lens',
      'not-checked': 'Not checked yet',
    } satisfies Record<DriftStatus | 'not-checked', string>,
    cantTell: { word: 'can’t tell', instruction: 'Can’t tell' },
    warmingUp: (fill: number, windowSize: number) => `warming up ${String(fill)}/${String(windowSize)}`,
    warmingUpSentence: (missing: number) =>
      `The window fills with ${counted(missing, 'more snapshot')} before the first verdict.`,
    noneSentence:
      'No snapshot has been checked with this camera’s present settings. Drop snapshots anywhere on the page.',
    noneOfModel: (name: string) =>
      `The camera’s present model, ${name}, has judged none of its snapshots yet. What the earlier model said stands in its own history.`,
    sentence: (status: DriftStatus, job: ScoredJob, count: number) => verdictSentence(status, job, count),
    clockDoubted: (newest: number) =>
      `The newest snapshot states ${utc(newest)}, and this device’s clock says that this is still to come. One of the two clocks is wrong, so nothing is said of the lens. Nothing is lost; say below which clock is wrong.`,
    early: (count: number, distance: number, drift: number) =>
      `So far ${counted(count, 'snapshot')}: distance ${threeDigits(distance)}, ${distance > drift ? `above the drift limit of ${limit(drift)}` : `below the drift limit of ${limit(drift)}`}.`,
    window: (count: number, span: number) => `window of ${counted(count, 'snapshot')}, ${duration(span)}`,
    calibrated: (version: number, { days, heldOutDays, heldOutEvents }: CalibrationEvidence) =>
      `calibrated on ${counted(days, 'clean day')} of this camera${heldOutDays === null ? '' : `, ${counted(heldOutEvents ?? 0, 'false alarm')} in ${counted(heldOutDays, 'day')} left out`} (version ${String(version)})`,
    confirmed: (version: number, { days }: CalibrationEvidence) =>
      `the model’s own limits, which ${counted(days, 'clean day')} of this camera confirm (version ${String(version)})`,
    imported: ({ days }: CalibrationEvidence) =>
      `calibrated on ${counted(days, 'clean day')}, as the config.toml it came with says, not on this device`,
    replayed: (version: number) => `settings version ${String(version)}, not calibrated for this camera`,
    otherCalibration: 'calibrated for other settings or another reference, not for these',
    uncalibrated: 'published limits, not calibrated for this camera',
    ownLimits: 'limits of its own, not calibrated for this camera',
    demoLimits: 'published limits, not calibrated',
    newestFailed: (name: string) => `The newest file, ${name}, could not be checked.`,
    openSnapshot: 'Open snapshot',
    deck: 'Deck mode',
    cleanedSince: (at: number) => `The lens was cleaned ${utc(at)}. `,
    checkMore: 'Check snapshots',
    takePicture: 'Take a picture',
    none: 'none yet',
    ring: (status: string, distance: string | null) =>
      `Newest snapshot inside a ring that fills with the distance: ${status}${distance === null ? '' : `, ${distance}`}`,
  },
  progress: {
    label: 'Progress',
    of: (done: number, total: number) => `${String(done)} of ${String(total)}`,
    rate: (perSecond: number) => `${perSecond < 10 ? perSecond.toFixed(1) : perSecond.toFixed(0)} a second`,
    left: (seconds: number) => `about ${duration(seconds * 1000)} left`,
    preparing: 'getting the model ready…',
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    paused: 'paused',
  },
  monitor: {
    seenBefore: (count: number) =>
      `${counted(count, 'file')} had been seen before and ${count === 1 ? 'was' : 'were'} not counted again.`,
    goOnWithDemo: 'Go on with the demo',
    rejudge: {
      label: 'Judged by an earlier model',
      notice: (count: number, name: string) =>
        count === 1
          ? `1 snapshot was judged by an earlier model only; its verdict stands in that model’s history. Choose its folder again to have it scored by the present one, ${name}, too.`
          : `${String(count)} snapshots were judged by an earlier model only; their verdicts stand in that model’s history. Choose their folder again to have them scored by the present one, ${name}, too. What it has scored already is recognised.`,
      folder: 'Choose their folder',
      files: 'Choose their files',
    },
    newest: 'Newest snapshots',
    allJobs: 'all jobs',
    failedFiles: 'Files that could not be checked',
    moreFailed: (count: number) => `and ${String(count)} more, see all jobs`,
  },
  chart: {
    title: 'Distance over capture time',
    warning: (value: number) => `warning ${limit(value)}`,
    drift: (value: number) => `drift ${limit(value)}`,
    summary: (count: number, first: number, last: number, highest: number) =>
      `Line chart of ${counted(count, 'distance')} from ${utc(first)} to ${utc(last)}, the highest ${threeDigits(highest)}. The table under Jobs has every number.`,
    failed: 'The chart could not be loaded. Every number is under Jobs.',
    empty: 'Distances appear here as soon as a whole window has been checked.',
    histories: 'Shown',
    history: (version: number, sigma: number, windowSize: number, model: string | null) =>
      `${model === null ? '' : `${model}, `}reference ${String(version)}, sigma ${String(sigma)}, window ${String(windowSize)}`,
    ofEarlierModel: (name: string) => `These are the distances of an earlier model, ${name}.`,
    forecast:
      'The dashes go on at this pace up to the drift limit; the wedge around them holds 95 % of what the snapshots allow.',
    guessed: 'Some capture times are guessed from the file date.',
    events: { cleaned: 'cleaned', moved: 'moved', note: 'note' },
    negative:
      'The distance is an unbiased estimate of squared MMD: around zero, and slightly below it about half of the time, while the lens is clean.',
  },
  log: {
    title: 'Cleanings and notes',
    buttons: { cleaned: 'I cleaned it', moved: 'The camera moved', note: 'Add a note' },
    kinds: { cleaned: 'Cleaned', moved: 'Moved', note: 'Note' },
    when: {
      cleaned: 'When was the lens cleaned?',
      moved: 'When did the camera move?',
      note: 'What time is the note about?',
    },
    now: 'just now',
    afterNewest: (at: number) => `right after the newest snapshot, ${utc(at)}`,
    other: 'at another time (UTC)',
    otherTime: 'Date and time in UTC',
    note: 'Note, if any',
    hint: {
      cleaned:
        'Snapshots taken before are no longer compared: the window starts empty, and the first verdict comes when it is full. The reference stays.',
      moved: 'The chart gets a mark. If the camera sees another picture now, build a new reference version.',
    },
    save: { cleaned: 'Log the cleaning', moved: 'Log the move', note: 'Save the note' },
    none: 'Nothing was logged yet. A cleaning that is logged here is marked in the chart, and Porthole tells when it has helped.',
    extend: (count: number) =>
      `Take ${counted(count, 'confirmed-clean snapshot')} into a new reference version`,
    logged: (kind: CameraEvent['kind'], at: number) => `${english.log.kinds[kind]} at ${utc(at)}: logged.`,
    removed: (kind: CameraEvent['kind'], at: number) => `${english.log.kinds[kind]} at ${utc(at)}: removed.`,
    restore: 'Log it again',
    future: 'That time is still to come. Times are in UTC: give the time in UTC, not in local time.',
    undo: 'Undo',
    remove: 'Remove',
    undoOf: (isUndo: boolean, kind: CameraEvent['kind'], at: number) =>
      `${isUndo ? english.log.undo : english.log.remove}: ${english.log.kinds[kind]}, ${utc(at)}`,
    report: (report: CleaningReport): string => cleaningReport(report),
    notRejudged: 'The present model has judged no snapshot since; an earlier one has.',
  },
  job: {
    title: 'Snapshot',
    captured: 'Captured',
    sources: {
      'file-name': 'from the file name',
      exif: 'from EXIF',
      'file-date': 'a guess, from the file date',
    } satisfies Record<CaptureTimeSource, string>,
    checked: 'Checked',
    flag: 'QARTOD flag',
    flags: {
      1: '1, pass',
      2: '2, not evaluated',
      3: '3, suspect',
      4: '4, fail',
      9: '9, missing',
    } satisfies Record<QartodFlag, string>,
    verdict: 'Verdict',
    distance: 'Distance',
    limits: 'Limits, warning and drift',
    window: 'Window',
    sigma: 'Sigma',
    reference: 'Reference',
    model: 'Model',
    picture: 'Picture',
    brightness: 'Brightness',
    contrast: 'Contrast',
    sharpness: 'Sharpness',
    blueMinusRed: 'Blue minus red',
    greenCast: 'Green cast',
    file: 'File',
    sha256: 'SHA-256',
    previous: 'Earlier',
    next: 'Later',
    delete: 'Delete…',
    numbers: 'All numbers',
    why: 'The explanation',
    noPicture: 'no picture',
    pictureOf: (name: string) => `Snapshot ${name}`,
  },
  jobs: {
    title: 'Jobs',
    lead: (count: number) => `${counted(count, 'snapshot')}, newest first.`,
    leadOfModels: (count: number) =>
      `${counted(count, 'job')}, newest first: one of each model that judged a snapshot.`,
    model: 'Model',
    none: 'No snapshot has been checked yet.',
    reading: 'Older snapshots are still being read.',
    exportCsv: 'Export CSV',
    exportJson: 'Export JSON',
    filter: 'Show',
    all: 'all',
    showMore: (count: number) => `Show ${String(count)} more`,
    columns: {
      captured: 'Captured (UTC)',
      image: 'Image',
      distance: 'Distance',
      verdict: 'Verdict',
      flag: 'Flag',
      model: 'Model',
    },
    openWith: (name: string, verdict: string) => `Open ${name}: ${verdict}`,
    plot: {
      axes: {
        capturedAt: 'capture time (UTC)',
        distance: 'distance',
        reconstructionError: 'reconstruction error',
        brightness: 'brightness',
        contrast: 'contrast',
        sharpness: 'sharpness',
        blueMinusRed: 'blue minus red',
        greenCast: 'green cast',
        haze: 'haze',
      } satisfies Record<JobAxis, string>,
      summary: (count: number, y: string, x: string) =>
        `Scatter plot of ${y} over ${x}, ${counted(count, 'point')}. The table below opens each job with its numbers.`,
      thinned: (count: number) =>
        `${String(count)} points are drawn; the others lie close to one of them and look the same.`,
      ofModel: (name: string, others: number) =>
        `Drawn are the jobs of ${name}. ${others === 0 ? '' : `${counted(others, 'other')} ${others === 1 ? 'is' : 'are'} in the table only: two models share no axis.`}`.trim(),
      mixed:
        'Some distances have another reference, model or detector: compare only those that have the same.',
      limitsDiffer: 'Limits that changed between these jobs are drawn over the capture time only.',
      noAxis: 'Nothing to plot: none of these files could be read as a picture.',
      rebuilding: (done: number, total: number) =>
        `Reconstruction error is being computed: ${done.toLocaleString('en-GB')} of ${total.toLocaleString('en-GB')}`,
      rebuildingFailed: 'The reconstruction error could not be computed in this visit.',
      failed: 'The plot could not be loaded. The table below opens each job with its numbers.',
    },
  },
  reference: {
    title: 'Reference',
    none: 'This camera has no reference yet.',
    lead: (version: number, count: number, length: number) =>
      `Version ${String(version)}: ${counted(count, 'clean embedding')} of ${String(length)} numbers.`,
    warmUp: {
      reference:
        'The window starts filled with the last clean snapshots of the reference itself, as the tutorial does. Such windows share samples with the reference and score a little low.',
      snapshots: (count: number) =>
        `The window starts filled with ${counted(count, 'clean snapshot')} kept out of the reference.`,
      none: 'The window starts empty: the first verdict comes when it is full.',
    },
    what: 'A reference is a frozen set of embeddings of clean snapshots. Every later window is compared with all of it, so it should hold every hour of use and several weathers.',
    frozen: (at: number) => `Frozen ${utc(at)}.`,
    versions: 'Versions',
    inUse: 'in use',
    exportNpy: 'Export .npy',
    exportNpz: 'Export .npz',
    exportConfig: 'Export config.toml',
    exportHint: '.npy holds the embeddings as float32 (n, d); .npz the names too.',
    newVersion: 'Build a new version',
    newVersionHint: 'From clean snapshots dropped here. Jobs that were scored keep their distances.',
    leftOut: 'Left out of this reference',
    names: 'Snapshots in it',
  },
  setUp: {
    title: 'Set up a camera',
    titleVersion: 'New reference version',
    defaultName: 'My camera',
    name: 'Name of the camera',
    nameMissing: 'Give the camera a name.',
    model: 'Model',
    clean: 'Clean snapshots',
    cleanHint:
      'Snapshots taken while the lens was clean, from several days and every hour of use; or the tutorial’s config.toml with its folder; or embeddings as .npy or .npz. Drop them on the page, or',
    chosen: (clean: number, dirty: number, rest: number) =>
      `${counted(clean, 'clean snapshot')}${dirty > 0 ? `, ${String(dirty)} listed as dirty` : ''}${rest - dirty > 0 ? `, ${String(rest - dirty)} not listed` : ''}.`,
    nothingChosen: 'No snapshots chosen yet.',
    reading: (name: string) => `Reading ${name}…`,
    configChosen: (resize: string) => `config.toml read: pictures are resized to ${resize}.`,
    configListsMissing: 'The configuration lists snapshots: add the folder that holds them.',
    imported: (file: string, count: number, length: number) =>
      `${file}: ${counted(count, 'embedding')} of ${String(length)} numbers.`,
    warmUp: 'Before the first snapshot, the window is filled with',
    warmUpOptions: {
      snapshots: (windowSize: number) =>
        `the newest ${String(windowSize)} clean snapshots, kept out of the reference (recommended)`,
      reference: 'the last snapshots of the reference, as the tutorial does',
      none: 'nothing: start from an empty window',
    },
    build: 'Build the reference',
    clear: 'Start over',
    back: (name: string) => `Back to ${name}`,
    onlyLists: 'Of a configuration only the lists are used here; the camera keeps its own settings.',
    few: (count: number) =>
      `${counted(count, 'clean snapshot')} can work, but forty or more over several days judge far better.`,
    notices: 'Worth knowing',
    configNotice: (notice: ConfigNotice): string => configNotice(notice),
    matchProblem: (problem: MatchProblem): string => matchProblem(problem),
    leftOut: (entry: LeftOut): string =>
      entry.kind === 'unreadable'
        ? `${entry.name}: ${errors[entry.code](entry.detail)}`
        : `${entry.name}: the same picture as ${entry.as}, counted once.`,
    checkRest: (count: number) => `Check the other ${counted(count, 'snapshot')}`,
    checkRestHint: 'The folder holds snapshots that are not part of the reference.',
    unlisted: (count: number) => `${counted(count, 'snapshot')} not listed, so not part of the reference.`,
    more: (count: number) => `and ${String(count)} more`,
  },
  settings: {
    title: 'Settings',
    camera: 'This camera',
    name: 'Name',
    warning: 'Warning above',
    drift: 'Drift above',
    sigma: 'Sigma',
    sigmaHint:
      'Sigma: bandwidth of the RBF kernel, in embedding units: how far apart two embeddings may be and still count as alike.',
    window: 'Window',
    windowHint: 'Window: how many newest snapshots are compared with the reference at a time.',
    raiseAfter: 'Raise after',
    clearAfter: 'Clear after',
    clearBelow: 'Clear below (share of the limit)',
    persistenceHint: (span: string | null) =>
      `Persistence: a limit raises its alarm after so many windows in a row above it, and clears it after so many below a lower line. One snapshot makes one window${span === null ? '' : `; at this camera’s pace, raising takes ${span}`}.`,
    save: 'Save',
    saved: 'Saved. Snapshots scored from now on use these settings; what was scored keeps its own.',
    deleteCamera: 'Delete this camera…',
    deleteConfirm: (name: string, count: number, waiting: number) =>
      `Delete ${name} with its references, ${counted(count, 'job')} and pictures from this device?${waiting > 0 ? ` ${counted(waiting, 'record')} waiting for DriftWatch will not be sent.` : ''} This cannot be undone.`,
    deleteYes: 'Delete for good',
    keep: 'Keep it',
    cancel: 'Cancel',
    encoder: 'Encoder',
    backend: { webgpu: 'WebGPU', wasm: 'WebAssembly (SIMD, one thread a worker)' },
    backendShort: { webgpu: 'WebGPU', wasm: 'WebAssembly' },
    backendReason: {
      faster: 'WebGPU was measured to be faster here.',
      'no-adapter': 'This browser offers no WebGPU that computes on a real graphics processor.',
      slower: 'WebGPU works here, but was measured to be slower than the workers together.',
      'wrong-answer': 'WebGPU gave a wrong answer to the self-test, so it is not used.',
      failed: 'WebGPU could not run this model.',
      lost: 'The graphics processor was lost, so the work went on with WebAssembly.',
    } satisfies Record<BackendReason, string>,
    backendIdle: 'The encoder starts with the first snapshot.',
    start: 'Start it and run the self-test',
    speed: (ms: number) => `${threeDigits(ms)} ms for one embedding`,
    workers: (count: number) => counted(count, 'worker'),
    selfTestPassed: (difference: number, tolerance: number) =>
      `Self-test passed: the built-in picture gives the stored embedding (largest difference ${difference.toExponential(1)}, allowed ${tolerance.toExponential(1)}).`,
    selfTestNone: 'This model came without a known answer, so its arithmetic is not checked.',
    models: 'Models',
    shipped: 'ships with Porthole',
    own: 'kept on this device',
    addModel: 'Add an .onnx autoencoder',
    addModelHint:
      'One float32 input [N, 3, height, width] and an embedding among the outputs. Cameras that you set up from then on can use it. Drop it on the page, or choose it:',
    modelFacts: (length: number, height: number, width: number, size: number) =>
      `${String(length)} numbers from ${String(height)} × ${String(width)} pixels, ${bytes(size)}`,
    edit: 'Edit the manifest',
    saveModel: 'Save the file',
    forget: 'Forget',
    inUse: 'in use by a camera',
    manifest: {
      name: 'Name',
      description: 'Description',
      mean: 'Mean (red, green, blue)',
      std: 'Standard deviation (red, green, blue)',
      sigma: 'Suggested sigma',
      window: 'Suggested window',
      warning: 'Suggested warning limit',
      drift: 'Suggested drift limit',
      license: 'Licence',
    },
    look: 'Look',
    themes: { auto: 'As the device', light: 'Light', dark: 'Dark', night: 'Night (red)' },
    language: 'Language',
    storage: 'Storage',
    about: 'About',
    version: (version: string) => `Porthole ${version}.`,
    left: (sentence: string) =>
      `${sentence}. Pictures never do. Porthole asks no other host for anything but the DriftWatch and the mytoken server that you name.`,
  },
  scripting: {
    cancelled: 'The work was cancelled.',
    summary: summarySentence,
  },
  metadata: {
    description:
      'Tells whether an underwater camera still sees clearly: autoencoder embeddings, streaming MMD against clean ones.',
    author: 'The Porthole authors',
  },
};

/** What every language has a sentence for. */
export type Messages = Widened<Omit<typeof english, 'scripting' | 'metadata'>>;

/** Every sentence that a person can see, in the language of the page. */
export let t: Messages = english;

/** Puts another language in force: once, before the page is drawn. */
export function speak(messages: Messages): void {
  t = messages;
}

/** What another program reads stays English, whatever the page speaks. */
export const inEnglish = english;

function cleaningReport(report: CleaningReport): string {
  const { daysSincePrevious, before, after, recovery, wasInAlarm, relapseAt } = report;
  const parts: string[] = [];
  switch (recovery.kind) {
    case 'no-snapshot':
      parts.push('No snapshot since.');
      break;
    case 'filling':
      parts.push(`The window fills: ${english.verdict.warmingUp(recovery.windowFill, recovery.windowSize)}.`);
      break;
    case 'confirmed':
      parts.push(
        wasInAlarm
          ? `It helped: normal again after ${counted(recovery.snapshots, 'snapshot')}.`
          : `Normal, as before: confirmed after ${counted(recovery.snapshots, 'snapshot')}.`,
      );
      break;
    case 'not-yet':
      parts.push(`Not normal yet after ${counted(recovery.snapshots, 'snapshot')}.`);
  }
  if (before !== null && after !== null) {
    parts.push(`Distance ${threeDigits(before)} before, ${threeDigits(after)} after.`);
  } else if (before !== null) parts.push(`Distance ${threeDigits(before)} before.`);
  if (relapseAt !== null) parts.push(`Above the warning limit again since ${utc(relapseAt)}.`);
  if (daysSincePrevious !== null) {
    parts.push(`${duration(daysSincePrevious * 86_400_000)} after the cleaning before.`);
  }
  return parts.join(' ');
}

/** The sentence for a failure's code. */
export function explain(code: ErrorCode, detail: string): string {
  return failureSentence(t, code, t.detail(detail));
}

/** The same of a stored code, which may be one that this page does not know, in any language. */
export function failureSentence({ errors }: Messages, code: ErrorCode, detail: string): string {
  return errors[Object.hasOwn(errors, code) ? code : 'unexpected'](detail);
}

function summarySentence(summary: Summary): string {
  const { verdicts, jobs, maxDistance, firstDriftAt, driftEpisodes } = summary;
  const parts = (['normal', 'warning', 'drift', 'warming-up', 'not-checked'] as const)
    .filter((verdict) => verdicts[verdict] > 0)
    .map((verdict) => `${String(verdicts[verdict])} ${english.verdict.words[verdict]}`);
  const highest = maxDistance === null ? '' : ` Highest distance ${threeDigits(maxDistance)}.`;
  const drift =
    firstDriftAt === null
      ? ''
      : ` ${counted(driftEpisodes, 'drift episode')}, the first from ${utcInEnglish(firstDriftAt)}.`;
  return `${counted(jobs, 'snapshot')}: ${parts.join(', ') || 'none'}.${highest}${drift}`;
}

function configNotice({ kind, key }: ConfigNotice): string {
  return kind === 'default'
    ? `${key} is not in the configuration; the tutorial’s value is used.`
    : `${key} is kept, but Porthole has no use for it.`;
}

function matchProblem({ kind, name }: MatchProblem): string {
  switch (kind) {
    case 'in-both':
      return `${name} is listed as clean and as dirty, so it is used as neither.`;
    case 'missing':
      return `${name} is listed, but not among the files.`;
    case 'duplicate-name':
      return `${name} is listed twice, and used once.`;
    case 'duplicate-file':
      return `${name} is a second file of the same snapshot, and left out.`;
    case 'unlisted':
      return `${name} is not listed, so it is not part of the reference.`;
  }
}

/** What a verdict says beside its distance, which may be on the other side of a limit while an alarm persists. */
type ScoredJob = Pick<CompletedJob, 'thresholds' | 'persistence'> & { readonly distance: number };

function verdictSentence(status: DriftStatus, job: ScoredJob, count: number): string {
  const { distance, thresholds, persistence = NO_PERSISTENCE } = job;
  const { warning, drift } = thresholds;
  const number = `Distance ${threeDigits(distance)}`;
  const held = (value: number) =>
    `The alarm is held until ${counted(persistence.clearAfter, 'snapshot')} in a row ${persistence.clearAfter === 1 ? 'is' : 'are'} at or below ${limit(lowerLineOf(value, persistence))}.`;
  const pending = `An alarm is raised after ${counted(persistence.raiseAfter, 'snapshot')} in a row.`;
  switch (status) {
    case 'drift':
      return distance > drift
        ? `${number}, ${threeDigits(distance / drift)} times the drift limit of ${limit(drift)}${lasting(count)}.`
        : `${number}, no longer above the drift limit of ${limit(drift)}. ${held(drift)}`;
    case 'warning':
      if (distance > drift) return `${number}, above the drift limit of ${limit(drift)}. ${pending}`;
      return distance > warning
        ? `${number}, above the warning limit of ${limit(warning)} but not the drift limit of ${limit(drift)}${lasting(count)}. Check again with the next snapshots.`
        : `${number}, no longer above the warning limit of ${limit(warning)}. ${held(warning)}`;
    default:
      return distance > warning
        ? `${number}, above the ${distance > drift ? `drift limit of ${limit(drift)}` : `warning limit of ${limit(warning)}`}. ${pending}`
        : `${number}, below the warning limit of ${limit(warning)}${lasting(count)}.`;
  }
}

function lasting(count: number): string {
  return count > 1 ? `, for the last ${String(count)} snapshots` : '';
}

/** At most five names, then how many more. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${String(names.length - 5)} more` : shown;
}
