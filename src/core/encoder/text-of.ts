const MARK = '\ufeff';

/** The text of a file, and the byte order mark that it has, or needs to come back in UTF-8. */
export interface DecodedText {
  readonly mark: string;
  readonly text: string;
}

/** Reads UTF-8, UTF-16 with a byte order mark, else Windows-1252, which Excel writes in much of Europe. */
export function textOf(bytes: Uint8Array): DecodedText {
  const wide = ({ '255 254': 'utf-16le', '254 255': 'utf-16be' } as const)[bytes.subarray(0, 2).join(' ')];
  try {
    const all = new TextDecoder(wide ?? 'utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return all.startsWith(MARK) ? { mark: MARK, text: all.slice(1) } : { mark: '', text: all };
  } catch {
    return { mark: MARK, text: new TextDecoder('windows-1252').decode(bytes) };
  }
}
