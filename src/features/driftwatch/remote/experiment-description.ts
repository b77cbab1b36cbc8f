const END = '[/Porthole]';

/**
 * Puts the constants of a camera's records into an experiment's description, in a part of its own: text that a person
 * has written around it stays. A camera that has a part already gets its new one in the same place.
 *
 * @param constants - lines of text
 */
export function describedWith(description: string, camera: string, constants: string): string {
  const begin = `[Porthole, camera ${JSON.stringify(camera)}]`;
  const part = `${begin}\n${constants}\n${END}`;
  const from = description.indexOf(begin);
  const to = from < 0 ? -1 : description.indexOf(END, from);
  if (to >= 0) return `${description.slice(0, from)}${part}${description.slice(to + END.length)}`;
  // The end of its part was lost: the text after it may be a person's.
  const before = from < 0 ? description : description.replace(begin, '');
  return before.trim() === '' ? part : `${before.trimEnd()}\n\n${part}`;
}

/** A person's own text in a description, without the parts that Porthole keeps. */
export function personalPart(description: string): string {
  return partsOf(description)
    .filter((part) => !isKept(part))
    .join('')
    .trim();
}

/** Porthole's parts of a description, camera by camera. */
export function keptParts(description: string): string {
  return partsOf(description).filter(isKept).join('\n\n');
}

const isKept = (part: string): boolean => part.startsWith('[Porthole, camera ');

function partsOf(description: string): string[] {
  return description.split(/(\[Porthole, camera [^\n]*\]\n[^]*?\[\/Porthole\])/);
}
