import type { DeliveryState, Failure } from '../domain/delivery';
import type { MytokenState } from '../sync/mytoken';
import type { Step } from './delivery-lane';
import { bytes, duration, utc, utcTime } from './format';
import { inLanguage, type Widened } from './language';
import { explain } from './messages';
import { countedGrouped, grouped, operatorsText } from './wording';

/** Every sentence of the DriftWatch place but those for browsing; see `t`. */
const english = {
  title: 'DriftWatch',
  lead: 'Optional: send each result to DriftWatch, where an observatory follows all its cameras. Numbers and file names go there, pictures never do.',
  views: { label: 'DriftWatch', send: 'Send', browse: 'Browse' },
  browseNeedsAddress: 'Give DriftWatch’s address under Send first.',
  connection: {
    title: 'Connection',
    address: 'Address of DriftWatch',
    addressHint:
      'Its API root. A host alone gets /api/v1. A path such as /driftwatch is one of this page’s own host.',
    suggestions: ['https://drift-watch.cloud.ai4eosc.eu/api/v1', '/driftwatch'],
    more: 'More',
    mytokenServer: 'mytoken server',
    timeout: 'Seconds to wait for an answer',
    timeoutHint: 'Longer over a slow link. What was not answered is looked up before it is sent again.',
    save: 'Save and test',
    test: 'Test the connection',
    testing: 'Testing…',
    disconnect: 'Disconnect…',
    disconnectAsk:
      'Forget the address and the token? What waits stays here and waits on; what was sent stays there.',
    disconnectYes: 'Disconnect',
    keep: 'Keep it',
    reachable: 'DriftWatch answers at this address.',
    anonymous: 'Without a token only public experiments can be read.',
    registered: (email: string) => `Registered${email === '' ? '' : ` as ${email}`}.`,
    myId: 'My DriftWatch id',
    myIdHint: 'An owner needs it to let you into an experiment.',
    copy: 'Copy',
    copied: 'Copied',
    otherTab: 'Another tab of Porthole sends, and keeps address and token. Close it to change them here.',
    plainHttp:
      'Over plain http anybody on the network can read the token. Use https outside a boat’s own network.',
    register: 'Accept the terms and register',
    registerHint:
      'Registering accepts DriftWatch’s terms of use, as register(accept_terms=True) does in Python. The service keeps your e-mail address and the identity of your token.',
  },
  cors: {
    title: 'Three ways out',
    sameOrigin:
      'Open this page from a host that forwards a path to DriftWatch, and give that path as the address. On a laptop: DRIFT_MONITOR_URL=https://drift-watch.cloud.ai4eosc.eu npm start, then /driftwatch.',
    nginx: 'The block for nginx',
    operators: 'Ask DriftWatch’s operators to allow this page. Send them this:',
    operatorsText,
    exporting:
      'Export what waits as JSON Lines from the outbox, and upload it from a computer that reaches DriftWatch.',
  },
  token: {
    title: 'Token',
    none: 'DriftWatch knows you by a mytoken, which can obtain short-lived access tokens. It goes to the mytoken server only, never to anybody else.',
    mytoken: 'mytoken',
    use: 'Use it',
    code: 'or its transfer code',
    redeem: 'Fetch it',
    codeHint: 'Make the token on a desktop, and type its 8 characters here: good for tablets.',
    create: 'Make a mytoken',
    createHint: (server: string) =>
      `opens the form of ${server} in a new tab, with AI4EOSC, DriftWatch and the expiry filled in`,
    days: 'days until it expires',
    memory: 'The mytoken is in memory, and gone when this page is closed.',
    locked: 'A mytoken is kept on this device, locked.',
    open: 'The mytoken is kept on this device under your passphrase, and open until this page is closed.',
    passphrase: 'Passphrase',
    keep: 'Keep it on this device',
    keepHint:
      'It is encrypted with a key made from the passphrase. That protects it on the disk, not against a script that runs in this page.',
    shortPassphrase: 'At least 8 characters.',
    unlock: 'Unlock',
    otherTab: 'The token is given and forgotten in the tab that sends.',
    forget: 'Forget it here…',
    forgetAsk: 'Forget it on this device? At its server it stays valid until it expires or is revoked.',
    forgetYes: 'Forget it',
    revoked: 'The mytoken was revoked, and is forgotten here.',
    revoke: 'Revoke it…',
    revokeAsk: 'Revoke it at its server? Nobody can use it any more, anywhere.',
    revokeYes: 'Revoke for good',
    facts: ({ isValid, expiresAt, usesLeft }: MytokenState) => {
      if (!isValid) return 'Its server says that it is valid no more: make a new one.';
      return (
        [
          expiresAt === null ? 'It does not expire' : `It expires ${utc(expiresAt)}`,
          ...(usesLeft === null ? [] : [`${grouped(usesLeft)} uses are left`]),
        ].join(', ') + '.'
      );
    },
  },
  destination: {
    title: (camera: string) => `Where results of ${camera} go`,
    none: 'Set up a camera first: its results are what is sent.',
    needsToken: 'Connect with a token first.',
    needsAccount: 'Test the connection first: who the token belongs to must be known to DriftWatch.',
    goesTo: (experiment: string) => `Results go to the experiment ${experiment}.`,
    elsewhere: (address: string) =>
      `They were sent to ${address}. Choose the experiment again at the present address; what waits goes along.`,
    experiment: 'Experiment',
    choose: 'Choose…',
    looking: 'Looking for experiments…',
    lookAgain: 'Look again',
    create: 'Create a new one…',
    unlisted: (name: string) => `${name} (this token may not send there)`,
    name: 'Name',
    description: 'Description',
    public: 'public: everyone can read its jobs',
    publicHint:
      'Names and descriptions can be read by anyone, even of a private experiment; only its jobs are protected. Put nothing confidential into them.',
    existed: (name: string) => `There was an experiment ${name} already that you may use, so it is used.`,
    tags: 'Tags, divided by commas',
    tagsHint:
      'DriftWatch filters by them: camera, site. Each of 1 to 20 characters. What is there already keeps its own until it is looked up again.',
    tagsProblem: (tag: string) => `The tag ${tag} is longer than 20 characters.`,
    model: 'Model',
    notBlank: 'Some text, not only spaces.',
    earlier: (n: number) => `send the ${countedGrouped(n, 'job')} checked before, too`,
    save: 'Send there',
    browse: 'See what is there',
    change: 'Change',
    cancel: 'Cancel',
    stop: 'Stop sending…',
    stopAsk: (waiting: number) =>
      `Send nothing more of this camera?${waiting > 0 ? ` ${countedGrouped(waiting, 'record')} that wait will not be sent.` : ''} What was sent stays there.`,
    stopYes: 'Stop',
    preview: 'What is sent',
    previewOf: (name: string) => `Of ${name}, to the letter:`,
    previewNone: 'The record of the newest job is shown here once there is one.',
  },
  outbox: {
    title: 'Outbox',
    states: {
      queued: 'waits',
      sending: 'on its way',
      unknown: 'to be looked up',
      sent: 'sent',
      confirmed: 'sent and verified',
      refused: 'refused',
      withdrawing: 'to be removed there',
    } satisfies Record<DeliveryState, string>,
    empty: 'Nothing was sent yet, and nothing waits.',
    summary: (waiting: number, sent: number, refused: number) =>
      [
        waiting > 0 ? `${countedGrouped(waiting, 'record')} waiting` : 'Nothing waits',
        `${grouped(sent)} sent`,
        ...(refused > 0 ? [`${grouped(refused)} refused`] : []),
      ].join(', ') + '.',
    resting: {
      paused: 'Paused: what waits is kept, and so is what comes.',
      noAddress: 'DriftWatch’s address was not given: what waits is kept.',
      otherTab: 'Another tab sends.',
      elsewhere: (n: number, address: string) => `${countedGrouped(n, 'record')} wait for ${address}.`,
    },
    step: (step: Step): string => {
      switch (step.kind) {
        case 'progress':
          return 'Sending…';
        case 'done':
          return 'All is there, each once: looked up after sending.';
        case 'rest':
          return step.isForAudit
            ? `What was sent is looked up once more at ${utcTime(step.until)} UTC.`
            : `The next record has its turn at ${utcTime(step.until)} UTC.`;
        case 'wait':
          return `${reason(step.failure)} Next try ${utcTime(step.until)} UTC.`;
        case 'held':
          return step.until === null
            ? reason(step.failure)
            : `${reason(step.failure)} Next try ${utcTime(step.until)} UTC.`;
      }
    },
    doneButRefused: 'Whatever DriftWatch takes is there, each once: looked up after sending.',
    elsewhere: (sentence: string) => `In another experiment: ${sentence}`,
    pause: 'Pause',
    resume: 'Resume',
    tryNow: 'Try now',
    resendRefused: 'Try the refused again',
    exporting: 'Export as JSON Lines',
    exportHint: 'What was exported is looked up before it is sent from here, so that nothing is there twice.',
    upload: 'How to upload the file from another computer',
    uploadHint:
      'Save this as upload.sh beside the file, put the mytoken into mytoken.txt there, and run sh upload.sh. It needs curl, says what it did, and may be run again after a cut connection.',
    exported: (n: number) =>
      n > 0 ? `${countedGrouped(n, 'record')} exported.` : 'Nothing waits, so nothing was exported.',
    show: 'Show',
    all: 'all',
    columns: { captured: 'Captured (UTC)', image: 'Image', state: 'State', actions: 'Actions' },
    view: 'View',
    viewOf: (name: string) => `View the record of ${name}`,
    resend: 'Send again',
    resendOf: (name: string) => `Send the record of ${name} again`,
    lookUp: 'Look up again',
    lookUpOf: (name: string) => `Look the record of ${name} up again`,
    earlier: 'in an earlier experiment',
    showMore: 'Show more',
    reason: (failure: Failure | null) => (failure ? reason(failure) : ''),
    skew: (milliseconds: number) =>
      `This device’s clock is ${duration(Math.abs(milliseconds))} ${milliseconds > 0 ? 'ahead of' : 'behind'} DriftWatch’s. Tokens don’t suffer from it; capture times that are guessed from file dates may be wrong.`,
    findRenewed: 'Look for one of the same name',
    noneRenewed: (name: string) =>
      `There is no other experiment ${name}. Choose or create one under “Change”.`,
    useRenewed: (name: string) => `Send to the new ${name}`,
    recordTitle: (name: string) => `Record of ${name}`,
    recordFacts: (size: number) => `${bytes(size)}, to the letter as it is sent:`,
    remoteId: (id: string) => `DriftWatch’s id: ${id}`,
  },
};

/** What every language has a sentence for. */
export type SyncMessages = Widened<typeof english>;

/** Every sentence of the DriftWatch place but those for browsing, in the language of the page. */
export const s = inLanguage('sync', english);

function reason({ code, detail }: Failure): string {
  return explain(code, detail);
}
