/** The page with one more feature, mounted in the blank page. */
import { mount } from 'svelte';
import { Theme } from '../../src/core/browser/theme.svelte';
import App from '../../src/core/page/App.svelte';
import { drawn, placesOf, type Feature } from '../../src/core/page/feature';
import { Session } from '../../src/core/session/session.svelte';
import { features, gear, header } from '../../src/features';
import Tides from './Tides.svelte';

const tides: Feature = {
  place: {
    name: 'tides',
    formerly: 'ebb',
    title: () => 'Tides',
    dropHint: () => 'Drop a table of tides',
    open: async () => drawn(Tides, () => ({})),
  },
};
// The last of those that the gear does not order.
const all = [...features, tides];
mount(App, {
  target: document.body,
  props: {
    opening: Session.open((session) => features.flatMap(({ follow }) => follow?.(session) ?? [])),
    features: all,
    places: placesOf(all, header, gear),
    theme: new Theme(),
  },
});
