/** Memory and processor time of a benchmark's processes, from Linux's /proc; nothing on other systems. */
import { readdirSync, readFileSync } from 'node:fs';

/** A process and its children; none if that can't be told. */
export function familyOf(root) {
  let ids;
  try {
    ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  const parents = new Map(ids.map((id) => [Number(id), Number(statOf(id)[1])]));
  const isBelow = (id) => id === root || (parents.has(id) && id > 1 && isBelow(parents.get(id)));
  return [...parents.keys()].filter(isBelow);
}

/** MB, what they share counted once. */
export function heldBy(ids) {
  const held = ids.map((id) => /^Pss:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${id}/smaps_rollup`))?.[1]);
  return held.reduce((sum, kB) => sum + Number(kB ?? 0), 0) / 1024;
}

/** MB that they alone hold: without files of the system, which other programs of the moment share or not. */
export function ownOf(ids) {
  const own = ids.map((id) => {
    const facts = readOrNothing(`/proc/${id}/smaps_rollup`);
    return ['Anon', 'Shmem'].map((kind) => new RegExp(`^Pss_${kind}:\\s+(\\d+) kB`, 'm').exec(facts)?.[1]);
  });
  return own.flat().reduce((sum, kB) => sum + Number(kB ?? 0), 0) / 1024;
}

/** Seconds of processor time. */
export function usedBy(ids) {
  const used = ids.map((id) => statOf(id));
  return used.reduce((sum, stat) => sum + (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) / 100, 0);
}

/** From its state on, which follows the name. */
function statOf(id) {
  const stat = readOrNothing(`/proc/${id}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
