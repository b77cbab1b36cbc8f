/** Sentences about new versions of the page. */
export const offline = {
  update: 'A new version of Porthole is ready. This page goes on with its own until you change over.',
  isAtWork: 'It can take over when the work in progress, here or in another tab, is done.',
  changeOver: 'Change over now',
};
