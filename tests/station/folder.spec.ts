import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Folder } from '../../scripts/station/folder.mjs';

test('a file is whole once two looks found it alike, and one that was not taken is found again with what came after', async () => {
  const path = mkdtempSync(join(tmpdir(), 'porthole-folder-'));
  try {
    const folder = new Folder(path);
    const write = (name: string, text: string) => {
      writeFileSync(join(path, name), text);
    };
    const look = async () => {
      const found = await folder.look();
      return { found, names: found.map(({ name }) => name).sort() };
    };
    write('20260501-100000.jpg', 'half');
    write('.hidden.jpg', 'x');
    write('notes.txt', 'x');
    expect((await look()).names).toEqual([]);
    write('20260501-100000.jpg', 'all of it');
    expect((await look()).names).toEqual([]);
    expect((await look()).names).toEqual(['20260501-100000.jpg']);
    // It was handed over, and the page ended before it was scored.
    write('20260501-110000.jpg', 'the next');
    expect((await look()).names).toEqual(['20260501-100000.jpg']);
    const both = await look();
    expect(both.names).toEqual(['20260501-100000.jpg', '20260501-110000.jpg']);
    folder.take(both.found);
    expect((await look()).names).toEqual([]);
    write('20260501-110000.jpg', 'written anew, and longer');
    await look();
    expect((await look()).names).toEqual(['20260501-110000.jpg']);
  } finally {
    rmSync(path, { recursive: true });
  }
});

test('files of one time are found in one look, also where they grow old while it lasts', async () => {
  const path = mkdtempSync(join(tmpdir(), 'porthole-folder-'));
  try {
    const names = Array.from({ length: 500 }, (_, i) => `${String(i).padStart(3, '0')}.jpg`);
    for (const name of names) writeFileSync(join(path, name), 'x');
    // Ten seconds after it they count as whole.
    const written = (Date.now() - 9_000) / 1000;
    for (const name of names) utimesSync(join(path, name), written, written);
    const counts = new Set<number>();
    while (!counts.has(names.length)) counts.add((await new Folder(path).look()).length);
    expect([...counts]).toEqual([0, names.length]);
  } finally {
    rmSync(path, { recursive: true });
  }
});
