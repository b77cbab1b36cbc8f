/** Until the returned function is called a store takes nothing new, as on a full disk. */
export function fillUp(method: 'add' | 'put', name: string): () => void {
  const { [method]: write } = IDBObjectStore.prototype;
  IDBObjectStore.prototype[method] = function (this: IDBObjectStore, ...given: Parameters<typeof write>) {
    if (this.name === name) throw new DOMException('no room', 'QuotaExceededError');
    return write.apply(this, given);
  };
  return () => {
    IDBObjectStore.prototype[method] = write;
  };
}
