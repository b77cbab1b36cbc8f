import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { alertWays } from '../../scripts/station/alert-ways.mjs';
import { Alerts } from '../../scripts/station/alerts.mjs';
import { Log } from '../../scripts/station/log.mjs';

/** A sentence with a path in it, which may hold any byte but two. */
const SENTENCE = 'The folder /srv/a\n! All is well\u001b[2J can’t be read (EIO). It is tried again.';

test('a line break in a path forges no line of the terminal and none of an alert’s subject', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-lines-'));
  const { log: print } = console;
  const printed: string[] = [];
  try {
    const told = join(folder, 'told');
    const run = ['/bin/sh', '-c', `printf %s "$PORTHOLE_SUBJECT" > ${told}`];
    const alerts = new Alerts(
      folder,
      alertWays({ command: { run } }, { station: 'Reef', wall: null }),
      (problem) => printed.push(problem),
    );
    alerts.problem('folder', SENTENCE);
    await alerts.end();
    expect(existsSync(told) && readFileSync(told, 'utf8')).toBe(
      'The folder /srv/a?! All is well?[2J can’t be read',
    );

    console.log = (line: string) => printed.push(line);
    new Log(join(folder, 'log'), 1).write('note', { sentence: SENTENCE }, `${SENTENCE}\tclear`);
    expect(printed).toEqual([
      'The folder /srv/a?! All is well?[2J can’t be read (EIO). It is tried again.\tclear',
    ]);
  } finally {
    console.log = print;
    rmSync(folder, { recursive: true });
  }
});
