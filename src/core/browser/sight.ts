/**
 * Calls back each time that a page which nobody saw, as in a tab behind another, is looked at.
 *
 * @returns what ends that
 */
export function onSight(look: () => void): () => void {
  const ask = () => {
    if (!document.hidden) look();
  };
  document.addEventListener('visibilitychange', ask);
  return () => {
    document.removeEventListener('visibilitychange', ask);
  };
}
