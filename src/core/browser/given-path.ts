/** Browsers state the folders of chosen files, but not of dropped ones, of handles or of what was in a zip. */
const paths = new WeakMap<File, string>();

/** Keeps by which folders a file was given. @returns the file */
export function withPath<F extends File>(file: F, path: string): F {
  paths.set(file, path);
  return file;
}

/** A file's name with the folders that it was given in, outermost first, divided by slashes. */
export function pathGiven(file: File): string {
  return paths.get(file) ?? (file.webkitRelativePath || file.name);
}
