/**
 * Characters that are invisible or change the direction of the text around them: `photo\u202Egpj.exe` would be shown as
 * `photoexe.jpg`, and a line break would make two lines of one. Half of a surrogate pair can't be part of an address.
 * Plain JavaScript, because scripts of Node read it too.
 */
export const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\p{Surrogate}]/gu;
