import * as v from 'valibot';
import { AppError } from '../errors';
import { expectation, judgingProblem, type JudgingField } from '../drift/judging-problem';
import { HEAD_PARTS, type ModelManifest } from './model';
import { plainText } from '../files/plain-name';

/** Names of a graph's values and the like; what is longer would fill the page that shows it. */
const LONGEST_TEXT = 1000;
const text = v.pipe(
  v.string(),
  v.nonEmpty('expected some text'),
  v.maxLength(LONGEST_TEXT, `expected at most ${LONGEST_TEXT} characters`),
);
const finite = v.pipe(v.number(), v.finite('expected a finite number'));
const above0 = v.pipe(finite, v.gtValue(0, 'expected a number above 0'));
const count = v.pipe(
  v.number(),
  v.safeInteger('expected a whole number'),
  v.minValue(1, 'expected at least 1'),
);
/** Memory is asked for by these numbers before anything proves them. */
const MOST = 1_000_000;
const LONGEST_SIDE = 8192;
const side = v.pipe(count, v.maxValue(LONGEST_SIDE, `expected at most ${LONGEST_SIDE}`));
const channels = v.strictTuple([finite, finite, finite]);

/** A number that decides how snapshots are judged. */
const judgedBy = (field: JudgingField) =>
  v.pipe(
    v.number(),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? judgingProblem({ [field]: dataset.value }) : null;
      if (problem) addIssue({ message: expectation(problem) });
    }),
  );

// A folder and a file below it: they become part of an address.
const pathPart = v.pipe(text, v.regex(/^(?!\.+$)[^/\\:?#%]+$/, 'expected a name without a path'));

const manifest = v.looseObject({
  id: pathPart,
  name: text,
  version: text,
  description: v.string(),
  file: pathPart,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits in lower case')),
  bytes: count,
  input: v.looseObject({ name: text, height: side, width: side }),
  outputs: v.looseObject({ embedding: text, reconstruction: v.nullable(text) }),
  embeddingLength: v.pipe(count, v.maxValue(MOST, `expected at most ${MOST}`)),
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
    v.check((limits) => judgingProblem(limits) === null, 'expected warning below drift'),
  ),
  selfTest: v.nullable(
    v.looseObject({
      picture: v.literal('xor-gradient'),
      embedding: v.array(finite),
      tolerance: above0,
    }),
  ),
  license: v.string(),
  adaptable: v.exactOptional(
    v.looseObject({
      embedding: text,
      statistics: v.looseObject({ name: text, length: count }),
      content: v.looseObject({ numbers: count, weight: text, bias: text, gain: text }),
      condition: v.looseObject({
        hidden: count,
        hiddenWeight: text,
        hiddenBias: text,
        outWeight: text,
        outBias: text,
        reach: text,
      }),
      fixed: v.array(text),
      reconstruction: v.nullable(text),
    }),
  ),
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
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue) ?? 'manifest';
    throw new AppError(
      'model-manifest',
      `${path}: ${issue.message.replace(/^Invalid \w+: Expected/, 'expected')}`,
    );
  }
  const { selfTest, embeddingLength } = parsed.output;
  if (selfTest && selfTest.embedding.length !== embeddingLength) {
    throw new AppError('model-manifest', `selfTest.embedding: expected ${embeddingLength} numbers`);
  }
  const { adaptable } = parsed.output;
  if (adaptable) {
    const numbers = embeddingLength - adaptable.content.numbers;
    const fits = (size: number) => size > 0 && size % HEAD_PARTS === 0;
    if (!fits(adaptable.condition.hidden) || !fits(numbers)) {
      throw new AppError(
        'model-manifest',
        `adaptable: expected a multiple of ${HEAD_PARTS} hidden numbers and of ${HEAD_PARTS} beside the content`,
      );
    }
  }
  return parsed.output;
}
