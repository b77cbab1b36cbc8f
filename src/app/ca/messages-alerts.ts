import { AppError } from '../../domain/errors';
import type { SpokenVerdict } from '../../domain/verdict-change';
import { explain } from '../messages';
import type { AlertMessages } from '../messages-alerts';
import { capital } from '../wording';
import { messages } from './messages';

const refusals: AlertMessages['refusals'] = {
  'notification-denied':
    'El navegador no deixa que aquesta pàgina mostri notificacions. Cal permetre-les per a aquesta pàgina a la configuració del navegador i tornar-les a triar.',
  'notification-lost':
    'El navegador ja no deixa que aquesta pàgina mostri notificacions. Cal permetre-les per a aquesta pàgina a la configuració del navegador i prémer «Provar».',
  'notification-unanswered':
    'Les notificacions continuen desactivades, perquè la pregunta del navegador ha quedat sense resposta. Cal tornar-les a triar perquè ho demani de nou.',
  'notification-failed':
    'Aquest navegador només mostra notificacions de pàgines instal·lades. Cal afegir Porthole a la pantalla d’inici i tornar-ho a provar.',
  'sound-silent':
    'El navegador no reprodueix sons fins que la pàgina es toca una vegada després d’obrir-la. Cal tocar-la en qualsevol lloc; a partir d’aleshores se senten.',
  'vibration-failed':
    'El dispositiu no ha vibrat. Potser la vibració està desactivada a la seva configuració.',
  'badge-failed':
    'El dispositiu no mostra cap marca per a aquesta pàgina. Cal que estigui instal·lada: afegir Porthole a la pantalla d’inici.',
};

const sentences: Record<SpokenVerdict, string> = {
  normal: 'Normal de nou: la lent és neta',
  warning: 'Avís: convé vigilar la lent',
  drift: 'Deriva: netejar la lent',
};

export const alerts: AlertMessages = {
  refusals,
  title: (camera, { latest, verdict, blindness }, word) => {
    const { instruction } = messages.verdict;
    return latest && !blindness && verdict !== 'warming-up'
      ? `${capital(word)}: ${lowerFirst(instruction[verdict])} - ${camera} - ${messages.app.name}`
      : `${latest || blindness ? capital(word) : instruction['not-checked']} - ${camera} - ${messages.app.name}`;
  },
  changed: (camera, to) => `${camera}: ${sentences[to]}`,
  heading: (to) => sentences[to],
  notice: (camera, sentence) => `${camera}. ${sentence}`,
  failed: (error) =>
    error instanceof AppError ? explain(error.code, error.detail) : explain('unexpected', ''),
  notTold: (reasons) =>
    `El veredicte ha canviat, i no s’ha pogut avisar de totes les maneres triades. ${reasons.map((reason) => refusals[reason]).join(' ')}`,
  openSettings: 'Obrir Paràmetres',
  panel: {
    title: 'Avisar quan canviï el veredicte',
    lead: 'El títol de la pestanya i la seva icona mostren sempre el veredicte. El que es triï aquí avisa d’un canvi quan s’han comprovat imatges noves: una vegada per lot i com a màxim una per minut. De les imatges anteriors a les ja comprovades no se n’avisa.',
    legend: 'Com avisar',
    choices: {
      notification: 'Notificació d’aquest dispositiu',
      sound: 'So',
      vibration: 'Vibració',
      badge: 'Marca a la icona de la pàgina instal·lada',
    },
    hints: {
      notification: 'El navegador demana permís en triar-la.',
      sound:
        'Tres tons descendents per a la deriva, dos per a un avís, dos d’ascendents quan tot torna a estar bé.',
      vibration: 'Polsos llargs per a la deriva, curts en els altres casos.',
      badge: 'Desapareix en mirar la pàgina.',
    },
    missing: 'aquest navegador no ho ofereix',
    onlooker:
      'Porthole treballa en una altra pestanya. Aquella pestanya avisa dels canvis, i això es tria en aquella.',
    tryIt: 'Provar',
    nothingChosen: 'Cal triar abans almenys una manera.',
    tried: 'S’ha avisat com d’una deriva.',
    sample: 'Això és només una prova.',
  },
};

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
