/** Reads both tables aloud: what becomes of a record after each failed request, and after each finding. */
import { expect, test } from '@playwright/test';
import type { Delivery } from '../../../src/core/domain/camera/records/delivery';
import {
  auditFinding,
  findingOf,
  findingWithoutOwn,
  ownOf,
  pictureFinding,
} from '../../../src/core/domain/camera/records/finding';
import {
  afterFailure,
  afterFinding,
  FAILED,
  FOUND,
  type FailureRules,
  type FoundRule,
} from '../../../src/core/domain/camera/records/next-state';
import { wholeDelivery } from '../../storage/whole-rows';

const BEFORE = 9;
const DUE = { 'at once': 0, 'when settled': 90, 'after a pause': 50, 'after as long': 70 };

/** The fields of a record that change, by their new values. */
function changes(from: Delivery, to: Delivery | null): string {
  if (to === null) return 'deleted';
  const keys = Object.keys({ ...from, ...to }) as (keyof Delivery)[];
  const changed = keys.filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]));
  const said = changed.map((key) => {
    if (key === 'state') return to.state;
    if (key === 'failure' && to.failure) return to.failure.code;
    const due = Object.entries(DUE).find(([, time]) => time === to.notBefore);
    if (key === 'notBefore' && due) return `due ${due[0]}`;
    return `${to[key] === null || to[key] === undefined ? 'no ' : ''}${key}`;
  });
  return said.join(', ') || 'as it was';
}

type Aloud<Table> = { readonly [State in keyof Table]: Readonly<Record<keyof Table[State], string>> };

const FAILED_ALOUD: Aloud<typeof FAILED> = {
  sending: {
    look: 'unknown, due at once, no-answer; the lane stops',
    'server-failed': 'unknown, due at once, no-answer; the lane stops; counts alone',
    settle: 'unknown, due when settled, no-answer; the lane stops',
    'cors-blocked': 'unknown, due when settled; the lane stops',
    'page ended': 'unknown, due when settled; the lane goes on',
    wait: 'queued; the lane stops',
    hold: 'queued; the lane stops',
    refuse: 'refused, no-answer; the lane goes on; counts in a row',
    'third refusal': 'refused, no-answer; the lane stops',
    'later refusal': 'queued; the lane stops',
  },
  replacing: {
    look: 'due at once; the lane stops',
    'server-failed': 'due after a pause, no-answer; the lane stops; counts alone',
    'fifth failure': 'refused, no sentAt, record-poison; the lane stops',
    settle: 'due when settled; the lane stops',
    'cors-blocked': 'due when settled; the lane stops',
    wait: 'as it was; the lane stops',
    hold: 'as it was; the lane stops',
    refuse: 'refused, no-answer; the lane goes on',
  },
  overwriting: {
    look: 'as it was; the lane stops',
    'server-failed': 'as it was; the lane stops; counts always',
    'answer-unreadable': 'as it was; the lane stops; counts always',
    'fifth failure': 'disagrees, due at once, no-answer, no isOverwriting; the lane goes on',
    settle: 'as it was; the lane stops',
    wait: 'as it was; the lane stops',
    hold: 'as it was; the lane stops',
    refuse: 'disagrees, due at once, no-answer, no isOverwriting; the lane goes on',
  },
  withdrawing: {
    look: 'as it was; the lane stops',
    settle: 'as it was; the lane stops',
    wait: 'as it was; the lane stops',
    hold: 'as it was; the lane stops',
    refuse: 'as it was; the lane stops',
    'experiment-missing': 'deleted; the lane goes on',
  },
};

test('a failed request changes its record and stops its lane as the table says', () => {
  const records: { readonly [R in keyof typeof FAILED]: Partial<Delivery> } = {
    sending: { state: 'sending', sentAt: 7 },
    replacing: { state: 'unknown', sentAt: 7, remoteId: 'there', earlier: ['{"n":1}'] },
    overwriting: { state: 'queued', isOverwriting: true },
    withdrawing: { state: 'withdrawing', sentAt: 7, remoteId: 'there' },
  };
  const aloud = Object.entries(FAILED).map(([request, rules]: [string, FailureRules]) => {
    const from = wholeDelivery('job', { notBefore: BEFORE, ...records[request as keyof typeof FAILED] });
    const said = Object.entries(rules).map(([failure, rule]) => {
      const due = rule.due === undefined ? BEFORE : DUE[rule.due];
      const to = afterFailure(from, rule, due, { code: 'no-answer', detail: '' });
      const counts = rule.counts ? `; counts ${rule.counts}` : '';
      return [failure, `${changes(from, to)}; the lane ${rule.lane}${counts}`];
    });
    return [request, Object.fromEntries(said)];
  });
  expect(Object.fromEntries(aloud)).toEqual(FAILED_ALOUD);
});

const [BODY, EARLIER, OTHERS] = ['drift now', 'drift before', 'drift by others'];
const SENT = { sentAt: 7, remoteId: 'there', earlier: [EARLIER] };

/** A record that is known here, texts that are found there under its id, and a record of another device. */
interface Example {
  readonly known?: Partial<Delivery>;
  readonly there?: readonly string[];
  readonly other?: { readonly verdict: string; readonly isOlder: boolean };
  readonly becomes: string;
}
type Examples<Table> = { readonly [State in keyof Table]: Readonly<Record<keyof Table[State], Example>> };

const EXAMPLES: Examples<typeof FOUND> = {
  unknown: {
    'as sent': { there: [BODY], becomes: 'sent, due when settled, remoteId' },
    'an earlier text': { known: SENT, there: [EARLIER], becomes: 'sent, due when settled by PUT' },
    'an earlier text, no consent': {
      ...{ known: { ...SENT, isCorrecting: true }, there: [EARLIER] },
      becomes: 'sent, due when settled, no isCorrecting',
    },
    'changed by others': {
      ...{ known: SENT, there: [OTHERS] },
      becomes: 'differs, due when settled, record-changed, no earlier',
    },
    'changed, left so': {
      ...{ known: { ...SENT, kept: OTHERS }, there: [OTHERS] },
      becomes: 'confirmed, due when settled, no earlier',
    },
    'put there by others': { there: [OTHERS], becomes: 'differs, record-differs' },
    'put there, left so': { known: { kept: OTHERS }, there: [OTHERS], becomes: 'confirmed' },
    'deleted there': {
      known: { ...SENT, isCorrecting: true },
      becomes: 'refused, no sentAt, no remoteId, record-missing',
    },
    nothing: { known: SENT, becomes: 'queued, due at once, no sentAt, no remoteId' },
    'nothing after a failure': {
      known: { ...SENT, failure: { code: 'server-failed', detail: '500' } },
      becomes: 'queued, due after a pause, no sentAt, no remoteId',
    },
    'nothing after five failures': {
      known: { ...SENT, attempts: 5 },
      becomes: 'refused, no sentAt, record-poison',
    },
  },
  sent: {
    'as sent': { there: [BODY], becomes: 'confirmed, due when settled, remoteId' },
    'as corrected': {
      known: { ...SENT, isCorrected: true },
      ...{ there: [BODY], becomes: 'corrected, due when settled, no earlier' },
    },
    'as sent, outdated by now': {
      known: { ...SENT, isOutdated: true },
      ...{ there: [BODY], becomes: 'outdated, due when settled, no earlier' },
    },
    'an earlier text': {
      known: { ...SENT, isOutdated: true },
      ...{ there: [EARLIER], becomes: 'unknown, due at once, no isOutdated, isCorrecting' },
    },
    'changed by others': {
      known: { ...SENT, isOutdated: true },
      ...{ there: [OTHERS], becomes: 'differs, due when settled, record-changed, no earlier, no isOutdated' },
    },
    'changed, left so': {
      known: { ...SENT, kept: OTHERS },
      ...{ there: [OTHERS], becomes: 'confirmed, due when settled, no earlier' },
    },
    'deleted there': { known: SENT, becomes: 'refused, no sentAt, no remoteId, record-missing' },
    'an older one of the same verdict': {
      ...{ known: SENT, there: [BODY], other: { verdict: 'drift', isOlder: true } },
      becomes: 'elsewhere, due at once, no sentAt, no remoteId, no earlier by DELETE',
    },
    'an older one of another verdict': {
      ...{ known: SENT, there: [EARLIER], other: { verdict: 'stable', isOlder: true } },
      becomes: 'disagrees, due at once, no sentAt, no remoteId, no earlier by DELETE',
    },
    'a younger one, too': {
      ...{ known: SENT, there: [BODY], other: { verdict: 'drift', isOlder: false } },
      becomes: 'due after as long',
    },
  },
  queued: {
    nothing: { becomes: 'sending by POST' },
    'the same verdict': {
      ...{ known: { isOverwriting: true }, other: { verdict: 'drift', isOlder: true } },
      becomes: 'elsewhere, due at once, no isOverwriting',
    },
    'another verdict': { other: { verdict: 'stable', isOlder: true }, becomes: 'disagrees, due at once' },
    'one to overwrite': {
      ...{ known: { isOverwriting: true }, other: { verdict: 'stable', isOlder: true } },
      becomes: 'elsewhere, due at once, no isOverwriting by PUT',
    },
  },
};

for (const [state, examples] of Object.entries(EXAMPLES) as [keyof typeof FOUND, Record<string, Example>][]) {
  for (const [finding, { known, there = [], other, becomes }] of Object.entries(examples)) {
    test(`a record that is ${state}, and found: ${finding}`, () => {
      const from = wholeDelivery('job', { body: BODY, notBefore: BEFORE, ...known, state });
      const records = there.map((text) => ({ says: (body: string) => body === text }));
      const others = other && {
        record: { agrees: (body: string) => body.includes(other.verdict) },
        isOlder: other.isOlder,
      };
      const [own] = ownOf(from, records);
      const found = {
        unknown: () => (own ? findingOf(from, own) : findingWithoutOwn(from, records)),
        sent: () => auditFinding(from, records[0] ?? null, others ?? null),
        queued: () => pictureFinding(from, others?.record),
      };
      // The lane asks for the consent.
      expect(found[state]()).toBe(finding.replace(', no consent', ''));
      const rule = (FOUND[state] as Readonly<Record<string, FoundRule>>)[finding]!;
      const due = rule.due ?? (own ? 'when settled' : undefined);
      const to = afterFinding(from, rule, due ? DUE[due] : BEFORE, own ? 'there' : null);
      expect(changes(from, to) + (rule.by ? ` by ${rule.by}` : '')).toBe(becomes);
    });
  }
}
