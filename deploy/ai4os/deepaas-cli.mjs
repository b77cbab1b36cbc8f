#!/usr/bin/env node
/** `deepaas-cli predict`, which OSCAR calls in a module's image: one snapshot through `score`, in the words of the door. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { commandLine } from '../../scripts/command-line.mjs';
import { stop } from '../../scripts/prepare.mjs';
import { limitsIn, predictionFrom, problemsOf } from '../../src/scripting/predict-args.js';
import { cameraGiven, HOME } from './built-in.mjs';

const USAGE = `deepaas-cli [--deepaas_method_output FILE] predict --input_file FILE [--drift_distance D] [--warning_distance D]

Prints a line of JSON, and writes it to the file, whose name gets .json where it ends otherwise. The snapshot is the first
after the reference's, which deep-start --help names; the date of its file counts where name and EXIF tell no time.`;

const text = { type: 'string' };
const {
  named: [method, ...more],
  deepaas_method_output: out,
  ...args
} = commandLine(
  { deepaas_method_output: text, input_file: text, drift_distance: text, warning_distance: text },
  USAGE,
  true,
);
if (method !== 'predict' || more.length > 0) stop(USAGE, 2);
const problems = Object.entries(problemsOf({ ...args, input_file: args.input_file && new Blob() }));
if (problems.length > 0) stop(problems.map(([name, [why]]) => `--${name}: ${why}`).join('\n'), 2);
if (!existsSync(args.input_file)) stop(`There is no file ${args.input_file}.`, 2);

const { name, reference } = cameraGiven();
const { version } = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8'));
const { status, stdout } = score(args.input_file);
if (status !== 0) stop('Nothing was predicted.', status ?? 1);
const answer = JSON.stringify(predictionFrom(JSON.parse(stdout), limitsIn(args), name, version));
if (out !== undefined) {
  mkdirSync(dirname(resolve(out)), { recursive: true });
  writeFileSync(extname(out) === '.json' ? out : `${out}.json`, answer);
}
console.log(answer);

/** Scores a snapshot in a folder of its own. */
function score(snapshot) {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-predict-'));
  try {
    cpSync(snapshot, join(folder, basename(snapshot)), { preserveTimestamps: true });
    const command = ['--reference', reference, '--snapshots', folder, '--file-dates', '--format', 'jsonl'];
    return spawnSync(process.execPath, [join(HOME, 'scripts/score.mjs'), ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
