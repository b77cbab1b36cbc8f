import { expect, test } from '@playwright/test';
import {
  laneKey,
  laneOf,
  type Delivery,
  type DeliveryState,
} from '../../../src/core/domain/camera/records/delivery';
import { broughtHome, judgedAgain, textsOf } from '../../../src/core/domain/camera/records/next-state';
import {
  backoff,
  consequenceOf,
  holdWait,
  isDue,
  LONGEST_WAIT,
  type Consequence,
} from '../../../src/core/domain/camera/records/retry';
import type { ErrorCode } from '../../../src/core/domain/errors';

const MINUTE = 60_000;
const NOW = Date.UTC(2024, 5, 1, 12);

const CONSEQUENCES: Readonly<Record<Consequence, readonly ErrorCode[]>> = {
  look: ['server-busy', 'server-failed', 'answer-unreadable'],
  settle: ['gateway-failed', 'timed-out', 'no-answer', 'offline'],
  refuse: ['record-refused', 'record-missing'],
  wait: ['mytoken-no-answer', 'mytoken-failed'],
  hold: [
    'token-missing',
    'token-locked',
    'token-refused',
    'mytoken-refused',
    'mytoken-restricted',
    'not-registered',
    'not-permitted',
    'email-unverified',
    'experiment-missing',
    'wrong-base-path',
    'cors-blocked',
    'disk-full',
    'storage-failed',
    'unexpected',
  ],
};

for (const [consequence, codes] of Object.entries(CONSEQUENCES)) {
  test(`what calls for "${consequence}": ${codes.join(', ')}`, () => {
    for (const code of codes) expect(consequenceOf(code), code).toBe(consequence);
  });
}

test('a lane that is held is tried again after 1, 5 and 15 minutes, then every 15', () => {
  const waits = [1, 2, 3, 4, 100].map((times) => holdWait('experiment-missing', times));
  expect(waits).toEqual([MINUTE, 5 * MINUTE, 15 * MINUTE, 15 * MINUTE, 15 * MINUTE]);
});

test('a refused token is tried three more times, since the provider may have been down, and then no more', () => {
  const waits = [1, 2, 3, 4].map((times) => holdWait('token-refused', times));
  expect(waits).toEqual([MINUTE, 5 * MINUTE, 15 * MINUTE, null]);
});

test('what only a person can change is not tried again by itself', () => {
  const codes: ErrorCode[] = ['token-missing', 'token-locked', 'mytoken-refused', 'mytoken-restricted'];
  for (const code of [...codes, 'not-registered', 'record-refused', 'address'] as const) {
    expect(holdWait(code, 1), code).toBeNull();
  }
});

test('a server that seems to refuse other pages is tried again: a proxy in trouble looks the same', () => {
  expect(holdWait('cors-blocked', 1)).toBe(MINUTE);
});

test('the backoff is at least 0 and below a limit that doubles from 2 s to 5 min', () => {
  const limits = [1, 2, 3, 8, 9, 1000].map((failures) => backoff(failures, 1));
  expect(limits).toEqual([2000, 4000, 8000, 256_000, 5 * MINUTE, 5 * MINUTE]);
  expect(backoff(5, 0)).toBe(0);
  expect(backoff(5, 0.25)).toBe(8000);
  expect(backoff(0, 1)).toBe(2000);
  expect(backoff(3, 0.5, 20, 70)).toBe(35);
});

test('a record is due from its time on', () => {
  expect(isDue({ notBefore: 0 }, NOW)).toBe(true);
  expect(isDue({ notBefore: NOW }, NOW)).toBe(true);
  expect(isDue({ notBefore: NOW + 1 }, NOW)).toBe(false);
  expect(isDue({ notBefore: NOW + LONGEST_WAIT }, NOW)).toBe(false);
});

test('a clock that was set back a day leaves nothing waiting for a day', () => {
  const notBefore = NOW + MINUTE;
  expect(isDue({ notBefore }, NOW)).toBe(false);
  expect(isDue({ notBefore }, NOW - 24 * 60 * MINUTE)).toBe(true);
});

test("a lane's key names its service and its experiment, also when the service is a path", () => {
  for (const baseUrl of ['https://driftwatch.example/api/v1', '/driftwatch', 'http://127.0.0.1:8080/a%23b']) {
    const lane = { baseUrl, experimentId: '00000000-0000-4000-8000-000000000000' };
    expect(laneOf(laneKey(lane))).toEqual(lane);
  }
});

test('a record in another lane goes, stays or is dropped by its state and by who can still ask there', () => {
  const there = { baseUrl: '/driftwatch', experimentId: 'old' };
  const from = (state: DeliveryState): Delivery => ({
    lane: laneKey(there),
    jobId: 'job',
    cameraId: 'camera',
    imageName: 'a.jpg',
    capturedAt: 1,
    body: '{}',
    state,
    attempts: 5,
    notBefore: 9,
    sentAt: 7,
    remoteId: null,
    failure: { code: 'record-poison', detail: '500' },
  });
  const fate = (state: DeliveryState, experimentId: string, isOutOfReach: boolean) => {
    const before = from(state);
    const after = broughtHome(before, { baseUrl: 'https://dw.example/api/v1', experimentId }, isOutOfReach);
    if (after === before) return 'stays';
    if (after === null) return 'dropped';
    expect(after.lane).toBe(`https://dw.example/api/v1#${experimentId}`);
    // Looked up there with a clean slate, or taken along as it is.
    if (after.state === 'unknown') expect(after).toMatchObject({ attempts: 0, notBefore: 0, failure: null });
    else expect(after).toEqual({ ...before, lane: after.lane });
    return after.state;
  };
  const states = [
    ...(['queued', 'refused', 'sending', 'unknown', 'sent', 'confirmed'] as const),
    ...(['corrected', 'outdated', 'differs', 'elsewhere', 'disagrees', 'withdrawing'] as const),
  ];
  const fates = (experimentId: string, isOutOfReach: boolean) =>
    states.map((state) => fate(state, experimentId, isOutOfReach));
  const again = 'unknown';
  expect(fates('new', false)).toEqual([again, again, ...Array<string>(10).fill('stays')]);
  const asked = Array<string>(4).fill(again);
  expect(fates('new', true)).toEqual([...asked, ...Array<string>(7).fill('stays'), 'dropped']);
  expect(fates('old', true)).toEqual([...asked, ...states.slice(4)]);
});

test('each text that a request may have put there is kept until the record is verified', () => {
  const confirmed: Delivery = {
    ...{ lane: 'x#y', jobId: 'job', cameraId: 'camera', imageName: 'a.jpg', capturedAt: 5, body: 'A' },
    ...{ state: 'confirmed', attempts: 0, notBefore: 9, sentAt: 7, remoteId: 'there', failure: null },
  };
  const again = (from: Delivery, body: string, mayCorrect = true) => judgedAgain(from, body, mayCorrect, 90);
  const first = again(confirmed, 'B');
  expect(first).toMatchObject({
    state: 'unknown',
    body: 'B',
    earlier: ['A'],
    isCorrecting: true,
    notBefore: 0,
  });
  expect(again(first, 'C').earlier, 'nothing has sent the second yet').toEqual(['A']);
  const tried = { ...first, earlier: textsOf(first) };
  expect(textsOf(again(tried, 'C'))).toEqual(['C', 'B', 'A']);
  const { isCorrecting: _isCorrecting, ...ofBefore } = { ...first, earlier: 'A' };
  expect(textsOf(again(ofBefore, 'C')), 'a row of an earlier version').toEqual(['C', 'B', 'A']);
  const sending: Delivery = { ...confirmed, state: 'sending', remoteId: null };
  expect(again(sending, 'B')).toMatchObject({ state: 'unknown', earlier: ['A'], notBefore: 90 });
  expect(again({ ...confirmed, state: 'queued' }, 'B')).toEqual({ ...confirmed, state: 'queued', body: 'B' });
});

test('without consent a record that is there keeps its text and is counted until its job agrees with it', () => {
  const sent: Delivery = {
    ...{ lane: 'x#y', jobId: 'job', cameraId: 'camera', imageName: 'a.jpg', capturedAt: 5, body: 'A' },
    ...{ state: 'sent', attempts: 0, notBefore: 9, sentAt: 7, remoteId: 'there', failure: null },
  };
  const again = (from: Delivery, body: string) => judgedAgain(from, body, false, 90);
  expect(again(sent, 'A')).toBe(sent);
  expect(again(sent, 'B'), 'verified first').toEqual({ ...sent, isOutdated: true });
  expect(again(again(sent, 'B'), 'A')).toEqual(sent);
  const outdated = again({ ...sent, state: 'corrected', isCorrected: true }, 'B');
  expect(outdated).toMatchObject({ state: 'outdated', body: 'A' });
  expect(again(outdated, 'C')).toBe(outdated);
  expect(again(outdated, 'A')).toMatchObject({ state: 'corrected' });
  const edited: Delivery = { ...sent, state: 'differs', failure: { code: 'record-changed', detail: '' } };
  expect(judgedAgain(edited, 'B', true, 90), 'others have changed it').toEqual({ ...edited, body: 'B' });
  const elsewhere: Delivery = { ...sent, state: 'elsewhere', sentAt: null, remoteId: null };
  const compared = { ...elsewhere, body: 'B', state: 'queued' };
  expect(judgedAgain(elsewhere, 'B', true, 90), 'it is compared with the one there').toEqual(compared);
});
