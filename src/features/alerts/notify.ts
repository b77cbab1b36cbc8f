import type { alertsWords } from '../../words/alerts';

/** Why no notification is shown. */
export type NotificationProblem = keyof typeof alertsWords.refusals;

/** Shows a notification of the device; a press brings this tab to the front. @returns why it was not shown, or null */
export async function notify(title: string, body: string): Promise<NotificationProblem | null> {
  if (Notification.permission !== 'granted') return 'lost';
  const icon = new URL('icon.svg', document.baseURI).href;
  const options = { body, icon, tag: 'porthole-verdict', renotify: true };
  try {
    // Phones show them only through a service worker, which then answers the press.
    const registration =
      'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined;
    if (registration?.active) {
      await registration.showNotification(title, options);
      return null;
    }
    const notification = new Notification(title, options);
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    return null;
  } catch {
    return 'failed';
  }
}
