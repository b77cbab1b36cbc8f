/** Parts end to end, as base64: what crosses a debugger's wire is text. */
export async function base64(parts: readonly (ArrayBuffer | Uint8Array<ArrayBuffer>)[]): Promise<string> {
  const reader = new FileReader();
  const done = new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = reject;
  });
  reader.readAsDataURL(new Blob([...parts]));
  await done;
  const url = reader.result as string;
  return url.slice(url.indexOf(',') + 1);
}
