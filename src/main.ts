import { mount } from 'svelte';
import { speakChosenLanguage } from './core/i18n/choose-language';
import { fetchDetails } from './core/i18n/details';
import { Session } from './core/session/session.svelte';
import { features, gear, header } from './features';
import { Theme } from './core/browser/theme.svelte';
import { whenIdle } from './core/browser/when-idle';
import App from './core/page/App.svelte';
import { placesOf } from './core/page/feature';
import './core/ui/tokens.css';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

const theme = new Theme();
// Without its tables the page still works, in English.
void speakChosenLanguage()
  .catch(() => {})
  .then(async () => {
    // A policy in a meta element can't forbid frames. The page never frames itself, so nobody loses by it.
    if (window.top !== window.self) {
      const { showFramed } = await import('./features/device/framed');
      showFramed(target);
      return;
    }
    const opening = Session.open((session) => features.flatMap(({ follow }) => follow?.(session) ?? []));
    // The text that index.html shows until scripts run has had its time.
    target.replaceChildren();
    mount(App, { target, props: { opening, features, places: placesOf(features, header, gear), theme } });
    // App says why it could not be opened.
    const session = await opening.catch(() => null);
    // If one is wanted before, the sentence waits for it.
    whenIdle(() => {
      fetchDetails().catch(() => undefined);
    });
    if (!session) return;
    const [{ Scripting }] = await Promise.all([import('./scripting/scripting'), session.ready]);
    globalThis.porthole = new Scripting(session);
  });
