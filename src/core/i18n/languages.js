/** The languages of the page, each by its own name. Plain JavaScript, because scripts of Node read it too. */
export const LANGUAGES = { en: 'English', es: 'Español', ca: 'Català' };
