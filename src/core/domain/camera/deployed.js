/** Plain JavaScript, because scripts of Node read it too. */

/** A day that is given as the end of a deployment belongs to it, up to its last millisecond. */
export const LAST_OF_DAY = 86_399_999;

const DOI = /^(?:(?:https?:\/\/)?(?:(?:dx\.)?doi\.org|hdl\.handle\.net)\/|doi:\s*)?(10\.\d{4,9}\/\S+)$/i;

/**
 * A DOI without what resolves it; null for anything else.
 *
 * @param {string} written
 */
export function doiIn(written) {
  return DOI.exec(written.trim())?.[1] ?? null;
}
