/** `npm run score -- …`: the page, driven headless, for offline checks from a terminal or a cron job. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, prepare, stop } from './prepare.mjs';
import { readOptions } from './score/options.mjs';
import { shardsIn } from './score/shards.mjs';
import { State } from './score/state.mjs';
import { endingBySignal } from './score/watch.mjs';

const options = readOptions();
prepare();
const { ReferenceGiven } = await import('./score/camera.mjs');
const given = options.reference === undefined ? null : new ReferenceGiven(options);
const state = options.state === undefined ? null : new State(options, given?.files ?? []);
const archive = options.shards === undefined ? null : await shardsIn(options.shards);
build();
const { serveDist } = await import('./serve.mjs');
const { commandInPage } = await import('./drive.mjs');
const { Scoring } = await import('./score/scoring.mjs');

// Results to keep, and those of several cycles, go through the page's database; without a profile all of it would be held in memory.
const isKept = state !== null || options.out?.endsWith('.zip') === true || options.events !== undefined;
const scratch = archive && isKept && !state ? mkdtempSync(join(tmpdir(), 'porthole-score-')) : null;
const ending = options.watch ? endingBySignal() : null;
const server = await serveDist({ port: state?.port ?? 0 }).catch((error) => {
  if (error.code !== 'EADDRINUSE') throw error;
  stop(
    `Port ${state.port} is in use, where ${options.state} has its data: another run may be at work with it.`,
  );
});
const opening = { profile: state?.profile ?? scratch ?? undefined, endsBySignal: !ending };
await commandInPage(server, opening, (page) =>
  new Scoring(page, { options, state, archive, isKept, ending }).run(given, server.address),
);
if (scratch) rmSync(scratch, { recursive: true, force: true });
