const LONGEST_TAG = 20;

/** Tags as a person writes them: divided by commas, each once. */
export function tagsFrom(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

/** True for a tag that DriftWatch would refuse: it takes up to 20 characters, as Python counts them. */
export function isLongTag(tag: string): boolean {
  return Array.from(tag).length > LONGEST_TAG;
}
