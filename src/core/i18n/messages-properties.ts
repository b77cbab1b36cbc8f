import type { MeasuredProperty, PropertyWords, Side } from '../domain/picture/property-table';
import { inLanguage } from './language';
import en from '../../words/properties.en.js';

const catalog: PropertyWords = inLanguage('properties', en);
const said: Readonly<Record<MeasuredProperty, Readonly<Partial<Record<Side, string>>>>> = catalog;

export function propertyName(property: MeasuredProperty): string {
  return catalog[property].name;
}

/** The sentence for a picture on one side of the reference; empty for a side that the table does not name. */
export function comparisonOf(property: MeasuredProperty, side: Side): string {
  return said[property][side] ?? '';
}
