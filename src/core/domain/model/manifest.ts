import * as v from 'valibot';
import type { CodedDetail } from '../detail';
import { AppError } from '../errors';
import { expectation, judgingProblem, type JudgingField } from '../drift/judging-problem';
import type { ModelManifest } from './model';
import { plainText } from '../files/plain-name';

/** Names of a graph's values and the like; what is longer would fill the page that shows it. */
const LONGEST_TEXT = 1000;
/** Memory is asked for by these numbers before anything proves them. */
const MOST = 1_000_000;
const LONGEST_SIDE = 8192;
/** The numbers of the shipped models' answers are 0.08 on average: a looser test would take a wrong one for right. */
const MOST_TOLERANCE = 0.01;

/** Expectations that valibot's own words would not state. */
const EXPECTED = {
  text: { code: 'manifest-text' },
  letters: { code: 'manifest-letters', most: LONGEST_TEXT },
  finite: { code: 'manifest-finite' },
  above0: { code: 'manifest-positive' },
  whole: { code: 'whole-number' },
  above1: { code: 'manifest-least' },
  side: { code: 'manifest-most', most: LONGEST_SIDE },
  numbers: { code: 'manifest-most', most: MOST },
  tolerance: { code: 'manifest-most', most: MOST_TOLERANCE },
  name: { code: 'manifest-path' },
  sha256: { code: 'manifest-sha256' },
  order: { code: 'manifest-limits' },
} as const satisfies Record<string, CodedDetail>;

/** An issue's message names what is expected, or the number that decides how snapshots are judged. */
const names = (expected: keyof typeof EXPECTED | JudgingField): string => expected;

const text = v.pipe(v.string(), v.nonEmpty(names('text')), v.maxLength(LONGEST_TEXT, names('letters')));
const finite = v.pipe(v.number(), v.finite(names('finite')));
const above0 = v.pipe(finite, v.gtValue(0, names('above0')));
const count = v.pipe(v.number(), v.safeInteger(names('whole')), v.minValue(1, names('above1')));
const side = v.pipe(count, v.maxValue(LONGEST_SIDE, names('side')));
const channels = v.strictTuple([finite, finite, finite]);

const judgedBy = (field: JudgingField) =>
  v.pipe(
    v.number(),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? judgingProblem({ [field]: dataset.value }) : null;
      if (problem) addIssue({ message: names(field) });
    }),
  );

// A folder and a file below it: they become part of an address, as half of a surrogate pair can't.
const pathPart = v.pipe(text, v.regex(/^(?!\.+$)[^/\\:?#%\p{Surrogate}]+$/u, names('name')));

const manifest = v.looseObject({
  id: pathPart,
  name: text,
  version: text,
  description: v.string(),
  file: pathPart,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, names('sha256'))),
  bytes: count,
  input: v.looseObject({ name: text, height: side, width: side }),
  outputs: v.looseObject({ embedding: text, reconstruction: v.nullable(text) }),
  embeddingLength: v.pipe(count, v.maxValue(MOST, names('numbers'))),
  transform: v.looseObject({
    resize: v.looseObject({ height: side, width: side }),
    mean: channels,
    std: v.strictTuple([above0, above0, above0]),
  }),
  detector: v.looseObject({
    name: text,
    windowSize: judgedBy('windowSize'),
    sigma: judgedBy('sigma'),
  }),
  thresholds: v.pipe(
    v.looseObject({ warning: judgedBy('warning'), drift: judgedBy('drift') }),
    v.check((limits) => judgingProblem(limits) === null, names('order')),
  ),
  selfTest: v.nullable(
    v.looseObject({
      picture: v.literal('xor-gradient'),
      embedding: v.array(finite),
      tolerance: v.pipe(above0, v.maxValue(MOST_TOLERANCE, names('tolerance'))),
    }),
  ),
  license: v.string(),
  adaptable: v.exactOptional(v.record(v.string(), v.unknown())),
  training: v.exactOptional(v.record(v.string(), v.unknown())),
  judged: v.exactOptional(v.record(v.string(), v.unknown())),
});

/** Characters of a name, a licence and the like, and of a description, as they are shown in a list. */
const LONGEST = { line: 120, description: 2000 };

/** The manifest with what it says for people as plain text of a sensible length: anybody may have written it. */
export function plainManifest(manifest: ModelManifest): ModelManifest {
  const { id, name, version, description, license } = manifest;
  return {
    ...manifest,
    id: plainText(id, LONGEST.line),
    name: plainText(name, LONGEST.line).trim() || manifest.id,
    version: plainText(version, LONGEST.line),
    description: plainText(description, LONGEST.description),
    license: plainText(license, LONGEST.line),
  };
}

function detailOf(issue: v.InferIssue<typeof manifest>): CodedDetail {
  const at = `${v.getDotPath(issue) ?? 'manifest'}:`;
  const { message, expected, received } = issue;
  if (Object.hasOwn(EXPECTED, message)) return { ...EXPECTED[message as keyof typeof EXPECTED], at };
  // NaN is in no range.
  const problem = judgingProblem({ [message]: Number.NaN });
  return problem
    ? expectation(problem, at)
    : { at, code: 'manifest-type', expected: expected ?? '', received };
}

/**
 * Checks what a `model.json` says before anything is loaded because of it.
 *
 * Keys that Porthole doesn't know are kept, so that a newer manifest survives an older page.
 *
 * @param json - as `JSON.parse` gives it
 * @throws AppError `model-manifest` with the path and what was expected there
 */
export function parseManifest(json: unknown): ModelManifest {
  const parsed = v.safeParse(manifest, json, { abortEarly: true });
  if (!parsed.success) {
    throw new AppError('model-manifest', detailOf(parsed.issues[0]));
  }
  const { selfTest, embeddingLength } = parsed.output;
  if (selfTest && selfTest.embedding.length !== embeddingLength) {
    const detail = { at: 'selfTest.embedding:', code: 'manifest-numbers', count: embeddingLength } as const;
    throw new AppError('model-manifest', detail);
  }
  return parsed.output;
}
