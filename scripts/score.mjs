/** `npm run score -- …`: the page, driven headless, for offline checks from a terminal or a cron job. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, prepare, stop } from './prepare.mjs';

const USAGE = `npm run score -- --reference DIR_OR_CONFIG.toml [--snapshots DIR] [--model ID_OR_FILE.onnx] [--sigma S]
                 [--window N] [--warm-up reference|none|DIR] [--adapt [--dirty DIR] [--adapt-anyway]]
                 [--out FILE.csv|FILE.json]

  --reference   a folder of clean snapshots, or a config.toml that lists them beside or below itself
  --snapshots   what to score; without it, what lies with the configuration and is not in the reference
  --warm-up     what the window holds at first: the last of the reference (default), nothing, or a folder's snapshots
  --adapt       first adapts the model to the reference's snapshots, in minutes, and scores with the adapted one if the
                page recommends it, which it does only after real dirty snapshots; says why where it does not
  --dirty       a folder of snapshots of a dirty lens, on which the adapted model is tried: six or more
  --adapt-anyway  scores with the adapted model whatever the page says of it
Exit code 0 when snapshots were scored, 2 when nothing could be read, 1 for anything else.`;

/** Failures that mean that nothing could be read; any other is the machine's or the model's. */
const UNREADABLE = [
  'reference-too-small',
  'config-syntax',
  'config-value',
  'npy-format',
  'npy-pickle',
  'npy-shape',
];

const OPTIONS = {
  reference: { type: 'string' },
  snapshots: { type: 'string' },
  model: { type: 'string' },
  sigma: { type: 'string' },
  window: { type: 'string' },
  'warm-up': { type: 'string', default: 'reference' },
  adapt: { type: 'boolean', default: false },
  dirty: { type: 'string' },
  'adapt-anyway': { type: 'boolean', default: false },
  out: { type: 'string' },
  help: { type: 'boolean' },
};

// npm runs this in the project's folder; paths are meant from where the person stands.
const HERE = process.env.INIT_CWD ?? process.cwd();

const options = readOptions();
const referenceFiles = filesFor(options.reference);
const snapshotFiles = options.snapshots === undefined ? null : filesIn(options.snapshots);
const isWarmUpFolder = !['reference', 'none'].includes(options['warm-up']);
const dirtyFiles = options.dirty === undefined ? [] : filesIn(options.dirty);
const warmUpFiles = isWarmUpFolder ? filesIn(options['warm-up']) : [];

prepare();
await checkSettings();
build();
const { serveDist } = await import('./serve.mjs');
const { openPage, handFiles } = await import('./drive.mjs');

const server = await serveDist();
const { page, close } = await openPage(server.address);
try {
  process.exitCode = await score();
} catch (error) {
  // Chromium puts the page's own error between its own words.
  console.error(
    String(error.message)
      .replace(/^page\.evaluate: (Error: )?/, '')
      .split('\n')[0],
  );
  process.exitCode = 1;
} finally {
  await close();
  await server.close();
}

async function score() {
  const reference = await handFiles(page, referenceFiles);
  const warmUp = await handFiles(page, warmUpFiles);
  const choices = await page.evaluate(chooseSettings, {
    modelId: options.model?.endsWith('.onnx') ? null : (options.model ?? null),
    sigma: options.sigma,
    windowSize: options.window,
    warmUp: isWarmUpFolder ? 'snapshots' : options['warm-up'],
    model: options.model?.endsWith('.onnx') ? await handFiles(page, [resolve(HERE, options.model)]) : null,
  });
  if (choices.unknownModel) {
    console.error(`There is no model ${options.model}. There are: ${choices.unknownModel.join(', ')}.`);
    return 2;
  }
  const built = await page.evaluate(
    ([files, warmUpFiles, choices]) =>
      globalThis.porthole.tryTo(() =>
        globalThis.porthole.setUpCamera([...files.files], {
          ...choices,
          warmUpFiles: [...warmUpFiles.files],
        }),
      ),
    [reference, warmUp, choices],
  );
  if ('problem' in built) {
    console.error(built.problem);
    return UNREADABLE.includes(built.code) ? 2 : 1;
  }
  for (const note of built.value.notes) console.error(note);
  const warmUpCount = isWarmUpFolder ? `, ${built.value.warmUp} for the warm-up` : '';
  console.error(`Reference: ${built.value.clean} clean snapshots${warmUpCount}.`);

  if (options.adapt) {
    const adapted = await adapt(reference);
    if ('problem' in adapted) {
      console.error(adapted.problem);
      return 1;
    }
    for (const note of adapted.value.notes) console.error(note);
  }

  const snapshots = snapshotFiles === null ? null : await handFiles(page, snapshotFiles);
  const scored = await page.evaluate(
    (files) =>
      globalThis.porthole.tryTo(() =>
        globalThis.porthole.score(files ? [...files.files] : globalThis.porthole.snapshotsBesideReference()),
      ),
    snapshots,
  );
  if ('problem' in scored) {
    console.error(scored.problem);
    return 1;
  }
  for (const line of scored.value) {
    console.log(
      [
        line.captured_at,
        printable(line.image_name),
        rounded(line.distance),
        line.reason ? `${line.verdict} (${line.reason})` : line.verdict,
        line.conclusion,
        `growth ${rounded(line.growth)}`,
        `loss ${rounded(line.loss)}`,
        `cover ${line.cover === null ? '-' : `${Math.round(100 * line.cover)} %`}`,
        `view ${line.view ?? '-'}`,
      ].join('\t'),
    );
  }
  const summary = await page.evaluate(() => globalThis.porthole.summary());
  console.log(`\n${await page.evaluate(() => globalThis.porthole.summaryLine())}`);
  if (options.out !== undefined) {
    const format = extname(options.out).slice(1);
    writeFileSync(
      resolve(HERE, options.out),
      await page.evaluate((format) => globalThis.porthole.exportResults(format), format),
    );
  }
  const readable = scored.value.filter((line) => line.verdict !== 'not-checked').length;
  if (readable > 0) return 0;
  console.error(
    summary.jobs === 0 ? 'There was no snapshot to score.' : 'None of the files could be read as a picture.',
  );
  return 2;
}

/** Fits the model to the camera's reference before anything is scored. */
async function adapt(reference) {
  return page.evaluate(
    ([clean, dirty, isAnyway]) =>
      globalThis.porthole.tryTo(() =>
        globalThis.porthole.adaptCamera([...clean.files], { dirty: [...dirty.files], isAnyway }),
      ),
    [reference, await handFiles(page, dirtyFiles), options['adapt-anyway']],
  );
}

/** Runs in the page: turns the command line's words into the page's choices. */
async function chooseSettings({ modelId, sigma, windowSize, warmUp, model }) {
  const { porthole } = globalThis;
  const ids = porthole.modelIds();
  if (modelId !== null && ids[modelId] === undefined) return { unknownModel: Object.keys(ids) };
  const added = model ? await porthole.addModel(model.files[0]) : null;
  const modelSha256 = added ?? (modelId === null ? undefined : ids[modelId]);
  return {
    name: 'score',
    warmUp,
    ...(modelSha256 === undefined ? {} : { modelSha256 }),
    detector: {
      ...(sigma === undefined ? {} : { sigma: Number(sigma) }),
      ...(windowSize === undefined ? {} : { windowSize: Number(windowSize) }),
    },
  };
}

/** A distance as it is printed. */
function rounded(distance) {
  return distance === null ? '-' : distance.toFixed(6);
}

/** A file's name can't move the cursor or forge a line. */
function printable(name) {
  return name.replace(/\p{Cc}/gu, '?');
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({ options: OPTIONS }));
  } catch (error) {
    stop(`${error.message}\n\n${USAGE}`, 2);
  }
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  if (values.reference === undefined) stop(`--reference is missing.\n\n${USAGE}`, 2);
  if (!values.adapt && (values.dirty !== undefined || values['adapt-anyway'])) {
    stop('--dirty and --adapt-anyway belong to --adapt.', 2);
  }
  if (values.adapt && (values.sigma !== undefined || values.window !== undefined)) {
    stop('An adapted model brings its own sigma and window: --adapt takes neither --sigma nor --window.', 2);
  }
  if (values.out !== undefined && !/\.(csv|json)$/.test(values.out))
    stop('--out must end in .csv or .json.', 2);
  return values;
}

/** Refuses numbers that no camera may have, before anything is built. */
async function checkSettings() {
  const number = (text) => (text === undefined ? undefined : Number(text));
  const given = { sigma: number(options.sigma), windowSize: number(options.window) };
  if (options.sigma === undefined && options.window === undefined) return;
  const { withDomain } = await import('./domain.mjs');
  const wrong = await withDomain(async (load) => {
    const { expectation, judgingProblem } = await load('core/domain/drift/judging-problem');
    const { detailInEnglish } = await load('core/i18n/in-english');
    const problem = judgingProblem(given);
    const why = problem && detailInEnglish(expectation(problem));
    return problem && { option: problem.field === 'sigma' ? 'sigma' : 'window', why };
  });
  if (wrong) stop(`--${wrong.option} is ${options[wrong.option]}: ${wrong.why}.`, 2);
}

/** A folder's files, or a configuration with the files beside and below it. */
function filesFor(path) {
  if (extname(path) !== '.toml') return filesIn(path);
  const file = resolve(HERE, path);
  if (!existsSync(file)) stop(`There is no file ${path}.`, 2);
  return [file, ...filesIn(dirname(file)).filter((other) => extname(other) !== '.toml')];
}

function filesIn(folder) {
  const root = resolve(HERE, folder);
  if (!existsSync(root) || !statSync(root).isDirectory()) stop(`There is no folder ${folder}.`, 2);
  // A link to a file is as good as the file.
  const files = readdirSync(root, { recursive: true })
    .map((name) => join(root, String(name)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  if (files.length === 0) stop(`There is no file in ${folder}.`, 2);
  return files;
}
