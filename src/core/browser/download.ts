/** Hands a file to the browser's downloads; nothing leaves the device. */
export function download(content: BlobPart, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own copy once it has begun; Safari begins it late.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

/** A name that every file system takes: letters, digits, dot, dash; never empty. */
export function fileNameFrom(...parts: readonly string[]): string {
  const name = parts
    .join('-')
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 100) || 'porthole';
}
