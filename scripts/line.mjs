/** The terminal's line for a scored snapshot. */

/**
 * @returns capture time, name, distance, verdict, conclusion and what it rests on, separated by tabs; of a line that takes
 *   the place of an earlier one also that
 */
export function textOf(line) {
  return [
    line.captured_at,
    printable(line.image_name),
    rounded(line.distance),
    line.reason ? `${line.verdict} (${line.reason})` : line.verdict,
    line.conclusion,
    `growth ${rounded(line.growth)}`,
    `loss ${rounded(line.loss)}`,
    `cover ${line.cover === null ? '-' : `${Math.round(100 * line.cover)} %`}`,
    `view ${line.view ?? '-'}`,
    ...(line.corrected ? ['corrected'] : []),
  ].join('\t');
}

/** True if its file gave a picture, also one that can't be judged: of another view, or by too few clean ones. */
export function isPicture({ conclusion, distance }) {
  return conclusion !== 'not-checked' || distance !== null;
}

/** A distance as it is printed. */
function rounded(distance) {
  return distance === null ? '-' : distance.toFixed(6);
}

/** A name can't move the cursor or forge a line. */
export function printable(name) {
  return name.replace(/\p{Cc}/gu, '?');
}
