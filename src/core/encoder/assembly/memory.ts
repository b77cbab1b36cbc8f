// Needed by every module of ours: the start of its free memory.

export function heapBase(): usize {
  return __heap_base;
}
